"""What stands in labelled resume files: JSON Resume, RenderCV's YAML, OfflineCV's and Reactive Resume's own forms, as one shape.

A value whose words do not all stand on the page cannot be found by anybody and is left out (`hidden` counts them): RenderCV
draws no `label`, pandoc's DOCX no job summaries, a picture the first page only. `misplaced` counts places that are labelled but
stand nowhere near the e-mail address (the sample's first person's town on another person's page): not asked. What a form does
not list (OfflineCV: places, descriptions) is not asked of the parser either.
"""

import io
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

JOB_FIELDS = ("title", "employer", "place", "start", "end", "description")
SCHOOL_FIELDS = ("institution", "degree", "field", "start", "end")
CONTACT_FIELDS = ("emails", "phones", "links", "location")

# Letters between an e-mail address and a place that belong to one head.
NEAR = 300
# Where fewer of the skills stand on the page their section does not; single words of it may.
MOST_SKILLS = 0.8

Entry = dict[str, str]
"""Field → value as a form writes it; dates are `2018-09`, `2018` or `present`; a description's items are parted by line feeds."""


@dataclass(slots=True)
class Labels:
    """One resume. `asked` names the fields that the form lists: `work.title`, `education.degree`, `emails`…"""

    name: str = ""
    contact: dict[str, list[str]] = field(default_factory=dict)
    work: list[Entry] = field(default_factory=list)
    education: list[Entry] = field(default_factory=list)
    skills: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)  # headings of skills: neither right nor wrong
    work_complete: bool = True
    asked: frozenset[str] = frozenset()
    hidden: int = 0
    misplaced: int = 0


@dataclass(frozen=True, slots=True)
class Labelled:
    """A file with its labels; `truth` is None where there are none. `page` says which file shows the same words as text."""

    set: str
    path: Path
    truth: Path | None
    page: Path


def find_files(folder: Path) -> list[Labelled]:
    """Every resume under `resume_files`, whoever and whichever template it is."""
    found: list[Labelled] = []
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".pdf", ".docx", ".png")):
        person = path.name.split("__")[0].removesuffix(path.suffix)
        rendered = folder / "rendered" / f"{person}.truth.json"
        beside = [path.with_suffix(".truth.json"), path.with_suffix(".yaml"), rendered]
        truth = next((t for t in beside if t.is_file()), None) if path.parent.name != "wild" else None
        page = folder / "rendered" / path.name.replace(".scan.pdf", ".pdf").replace(".png", ".pdf")
        found.append(Labelled(path.parent.name, path, truth, page if path.parent.name == "scans" else path))
    return found


def read_labels(file: Labelled) -> Labels:
    """Raises KeyError for a form that is none of the four."""
    if file.truth is None:
        raise KeyError(f"{file.path.name} has no truth")
    if file.truth.suffix == ".yaml":
        labels = _rendercv(yaml.safe_load(file.truth.read_text())["cv"])
    else:
        truth = json.loads(file.truth.read_text())
        labels = (
            _json_resume(truth)
            if "basics" in truth
            else _offlinecv(truth)
            if "experience" in truth
            else _reactive(truth)
        )
    return _visible(labels, page_text(file.page, first_only=file.path.suffix == ".png"))


def page_text(path: Path, first_only: bool = False) -> str:
    """The words of a file by another way than ours, in any order. A picture shows the first page."""
    if path.suffix == ".docx":
        import docx2txt

        return str(docx2txt.process(io.BytesIO(path.read_bytes())))
    import pypdfium2

    with pypdfium2.PdfDocument(path) as pdf:
        return "\n".join(pdf[i].get_textpage().get_text_range() for i in range(1 if first_only else len(pdf)))


def squeezed(text: str) -> str:
    """Letters and digits only, without accents: what is left when layout, case and marks are taken away."""
    bare = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in bare if c.isalnum())


def _visible(labels: Labels, page: str) -> Labels:
    shown = squeezed(page)

    def kept(values: list[str]) -> list[str]:
        stays = [v for v in values if all(squeezed(word) in shown for word in v.split())]
        labels.hidden += len(values) - len(stays)
        return stays

    labels.work = _shown(labels.work, ("employer", "title"), shown, labels)
    labels.education = _shown(labels.education, ("institution",), shown, labels)
    for entry in labels.work + labels.education:
        for key in entry.keys() - {"start", "end"}:
            entry[key] = "\n".join(kept(entry[key].split("\n")))
    labels.contact = {k: v if k in ("phones", "links") else kept(v) for k, v in labels.contact.items()}
    seen = kept(labels.skills)
    if len(seen) < MOST_SKILLS * len(labels.skills):
        labels.asked -= {"skills"}
    labels.skills = seen
    if labels.contact.get("location") and not _near_address(labels, page):
        labels.misplaced += 1
        labels.asked -= {"location"}
    return labels


def _shown(entries: list[Entry], names: tuple[str, ...], shown: str, labels: Labels) -> list[Entry]:
    """Entries of which a name and the year they began stand on the page: the second page of a scan is not on its picture."""
    stay = [
        e
        for e in entries
        if any(squeezed(e[n]) in shown for n in names if e.get(n)) and e.get("start", "")[:4] in shown
    ]
    labels.hidden += sum(bool(value) for e in entries if e not in stay for value in e.values())
    return stay


def _near_address(labels: Labels, page: str) -> bool:
    """Whether the place stands near the e-mail address: some labels carry the town of another sample than the one drawn."""
    wanted, address = squeezed(labels.contact["location"][0]), squeezed((labels.contact.get("emails") or [""])[0])
    shown = squeezed(page)
    at = shown.find(address)
    return not address or at < 0 or wanted in shown[max(0, at - NEAR) : at + len(address) + NEAR]


def _json_resume(truth: dict[str, Any]) -> Labels:
    basics = truth["basics"]
    links = [basics.get("url") or "", *(p.get("url") or "" for p in basics.get("profiles") or [])]
    skills = truth.get("skills") or []
    return Labels(
        basics["name"],
        {
            "emails": _some(basics.get("email")),
            "phones": _some(basics.get("phone")),
            "links": _some(*links),
            "location": _some(basics.get("location")),
        },
        [
            {
                "title": job.get("position") or "",
                "employer": job.get("name") or "",
                "place": job.get("location") or "",
                "start": job.get("startDate") or "",
                "end": job.get("endDate") or ("present" if job.get("startDate") else ""),
                "description": "\n".join(_some(job.get("summary"), *(job.get("highlights") or []))),
            }
            for job in truth.get("work") or []
        ],
        [
            {
                "institution": school.get("institution") or "",
                "degree": school.get("studyType") or "",
                "field": school.get("area") or "",
                "start": school.get("startDate") or "",
                "end": school.get("endDate") or "",
            }
            for school in truth.get("education") or []
        ],
        [part for skill in skills for word in skill.get("keywords") or [skill["name"]] for part in _LISTED.split(word)],
        [skill["name"] for skill in skills],
        asked=_all_fields(),
    )


def _rendercv(cv: dict[str, Any]) -> Labels:
    sections = cv["sections"]
    links = [str(cv.get("website") or "")]
    links += [f"{n['network'].lower()}.com/{n['username']}" for n in cv.get("social_networks") or []]
    skills = [s for s in sections.get("skills") or [] if "details" in s]
    return Labels(
        cv["name"],
        {
            "emails": _some(cv.get("email")),
            "phones": _some(cv.get("phone")),
            "links": _some(*links),
            "location": _some(cv.get("location")),
        },
        [
            _rendercv_entry(job, {"title": "position", "employer": "company"})
            for job in sections.get("experience") or []
        ],
        [
            _rendercv_entry(school, {"institution": "institution", "degree": "degree", "field": "area"})
            for school in sections.get("education") or []
        ],
        [word.strip() for skill in skills for word in _plain(skill["details"]).split(",")],
        [_plain(skill["label"]) for skill in skills],
        asked=_all_fields(),
    )


def _rendercv_entry(entry: dict[str, Any], names: dict[str, str]) -> Entry:
    found = {ours: _plain(str(entry.get(theirs) or "")) for ours, theirs in names.items()}
    found |= {"start": str(entry.get("start_date") or ""), "end": str(entry.get("end_date") or "")}
    if "title" in names:
        items = [_plain(entry.get("summary") or ""), *(entry.get("highlights") or [])]
        found["place"] = entry.get("location") or ""
        found["description"] = "\n".join(
            _plain(part) for item in items for part in re.split(r"\n?\s*- (?=[A-Z])", item) if part
        )
    return found


def _plain(markdown: str) -> str:
    return re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", markdown).replace("*", "")


def _offlinecv(truth: dict[str, Any]) -> Labels:
    contact = truth["contact"]
    asked = {
        "name",
        "emails",
        "phones",
        "work.title",
        "work.employer",
        "work.start",
        "work.end",
        "education.institution",
    }
    asked |= {"education.degree and field"} | ({"location"} if contact.get("location") else set())
    asked |= {"skills"} if truth.get("skills") else set()
    work = [
        {"title": job["title"], "employer": job["company"], **_dates(job.get("dates") or "")}
        for job in truth["experience"]
    ]
    education = [{"institution": s["institution"], "degree and field": s["degree"]} for s in truth["education"]]
    found = {
        "emails": _some(contact.get("email")),
        "phones": _some(contact.get("phone")),
        "location": _some(contact.get("location")),
    }
    return Labels(contact["full_name"], found, work, education, truth.get("skills") or [], asked=frozenset(asked))


def _reactive(truth: dict[str, Any]) -> Labels:
    contact = truth["contact"]
    asked = {"name", "emails", "phones", "location", "work.title", "work.employer", "work.start", "work.end", "skills"}
    asked |= {f"education.{name}" for name in SCHOOL_FIELDS}
    return Labels(
        contact["name"],
        {
            "emails": _some(contact.get("email")),
            "phones": _some(contact.get("phone")),
            "location": _some(contact.get("location")),
        },
        [
            {"title": job["position"], "employer": job["company"], **_dates(job.get("period") or "")}
            for job in truth["work"]
        ],
        [
            {
                "institution": s["institution"],
                "degree": s.get("degree") or "",
                "field": s.get("area") or "",
                **_dates(s.get("period") or ""),
            }
            for s in truth["education"]
        ],
        [word for words in truth.get("skill_keywords") or [] for word in words],
        truth.get("skill_names") or [],
        truth.get("work_complete", True),
        frozenset(asked),
    )


# Pages part skills by commas too: nobody can see which commas were within one.
_LISTED = re.compile(r",\s*(?![^(]*\))")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _dates(period: str) -> Entry:
    """`March 2022 - Present` → start and end; a placeholder such as `20XX` is no date."""
    days = list(_days(period))
    now = re.search(r"present|current", period, re.IGNORECASE)
    return {"start": days[0] if days else "", "end": "present" if now and days else days[1] if len(days) > 1 else ""}


def _days(period: str) -> Iterator[str]:
    for name, number, year in re.findall(r"(?:([A-Z][a-z]{2})[a-z]*\.?\s+|(\d\d)/)?((?:19|20)\d\d)", period):
        month = _MONTHS.index(name.lower()) + 1 if name else int(number or 0)
        yield f"{year}-{month:02d}" if month else year


def _all_fields() -> frozenset[str]:
    entries = [f"work.{name}" for name in JOB_FIELDS] + [f"education.{name}" for name in SCHOOL_FIELDS]
    return frozenset(["name", *CONTACT_FIELDS, *entries, "skills"])


def _some(*values: str | None) -> list[str]:
    return [value for value in values if value]
