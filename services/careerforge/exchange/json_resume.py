"""JSON Resume → profile: schema 1.0.0, and the forms before it (`company`, `website`, `firstName`, "Present").

https://jsonresume.org/schema. What the schema does not have and we do stands in fields of its own, which it allows and other programs
do not look at: `basics.emails`, `basics.phones`, `work[].current`, `skills[].skillId` and `years`, `projects[].repository`,
`certificates[].year`.
"""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from services.careerforge.exchange.draft import Draft
from services.careerforge.exchange.findings import Import, refused
from services.careerforge.exchange.place import Place
from services.careerforge.exchange.profile import ITEM
from services.careerforge.exchange.texts import one_line

FORMAT = "json_resume"
MOST_DEPTH = 20
SECTIONS = frozenset(
    (
        *("basics", "work", "volunteer", "education", "awards", "certificates"),
        *("publications", "skills", "languages", "interests", "references", "projects"),
    )
)
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
_EXPERIENCE = {
    "title": "position",
    "employer": "name",
    "start": "startDate",
    "end": "endDate",
    "description": "summary",
}
_EDUCATION = {"degree": "studyType", "field": "area", "start": "startDate", "end": "endDate"}
Json = dict[str, Any]


def read_json_resume(text: str) -> Import:
    """Raises InvalidArgument for what is no JSON, is nested too deep, or is no resume."""
    resume = _parsed(text)
    if not isinstance(resume, dict) or not SECTIONS & resume.keys():
        raise refused(
            "", "the JSON is no JSON Resume: it has none of basics, work, education, skills", "FILE_TYPE_UNSUPPORTED"
        )
    draft = Draft()
    _basics(draft, _Entry(draft, resume, "").entry("basics"))
    for section, read in _READERS.items():
        for entry in _Entry(draft, resume, "").entries(section):
            read(draft, entry)
    return Import(draft.profile(), FORMAT, draft.findings.all())


def _parsed(text: str) -> Any:
    depth = 0
    for token in _TOKENS.finditer(text):
        depth += (token[0] in "[{") - (token[0] in "]}")
        if depth > MOST_DEPTH:
            line = text.count("\n", 0, token.start()) + 1
            raise refused(
                f"line {line}", f"nests deeper than {MOST_DEPTH} levels; a resume needs 4", limit=str(MOST_DEPTH)
            )
    try:
        return json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        reason = "FILE_TRUNCATED" if error.pos >= len(text.rstrip()) else "INVALID_ARGUMENT"
        place = f"line {error.lineno}, column {error.colno}"
        raise refused(place, f"is no JSON: {error.msg}; export the file again", reason) from None
    # Numbers of more digits than Python reads.
    except ValueError as error:
        raise refused("", f"the file is no JSON: {error}; export the file again") from None


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


class _Entry:
    """An object of the file: reads its fields by name, of whatever type they are."""

    def __init__(self, draft: Draft, fields: Json, path: str) -> None:
        self.draft, self.fields, self.path = draft, fields, path

    def at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def place(self, names: dict[str, str]) -> Place:
        return Place(self.path, ".", names)

    def text(self, *names: str) -> str:
        """The first of these fields that says something."""
        return next((text for name in names if (text := self._text(self.fields.get(name), self.at(name)))), "")

    def texts(self, *names: str) -> list[str]:
        """A list of texts; a single text is a list of one."""
        name = next((name for name in names if self.fields.get(name)), "")
        found = self.fields.get(name) or []
        many: list[Any] = found if isinstance(found, list) else [found]
        return [text for i, one in enumerate(many) if (text := self._text(one, f"{self.at(name)}[{i}]"))]

    def number(self, name: str) -> float:
        found = self.fields.get(name)
        good = (
            isinstance(found, int | float) and not isinstance(found, bool) and abs(found) < 1e9 and math.isfinite(found)
        )
        return float(found) if good and found is not None else 0.0

    def flag(self, name: str) -> bool | None:
        found = self.fields.get(name)
        return found if isinstance(found, bool) else None

    def entry(self, name: str) -> "_Entry":
        found = self.fields.get(name)
        if found is not None and not isinstance(found, dict):
            self._unread(found, self.at(name), "an object")
        return _Entry(self.draft, found if isinstance(found, dict) else {}, self.at(name))

    def entries(self, name: str) -> Iterator["_Entry"]:
        """Objects of a list; a text in its stead is taken as the name of one."""
        found = self.fields.get(name)
        if found is not None and not isinstance(found, list):
            self._unread(found, self.at(name), "a list")
        for i, one in enumerate(found if isinstance(found, list) else []):
            path = f"{self.at(name)}[{i}]"
            if isinstance(one, dict):
                yield _Entry(self.draft, one, path)
            elif isinstance(one, str) and one.strip():
                yield _Entry(self.draft, {"name": one}, path)
            elif one:
                self._unread(one, path, "an object")

    def _text(self, found: Any, path: str) -> str:
        if isinstance(found, str):
            return found if found.strip() else ""
        if isinstance(found, int | float) and not isinstance(found, bool):
            return str(found)
        if found:
            self._unread(found, path, "a text")
        return ""

    def _unread(self, found: Any, path: str, needed: str) -> None:
        kinds = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
        self.draft.findings.add(path, f"is {kinds.get(type(found), 'a number')} and was left out; {needed} is needed")


def _basics(draft: Draft, basics: _Entry) -> None:
    name = basics.text("name") or " ".join(part for part in (basics.text("firstName"), basics.text("lastName")) if part)
    draft.put_name(name, basics.at("name"))
    draft.put_headline(basics.text("label"), basics.at("label"))
    draft.put_summary(basics.text("summary", "bio"), basics.at("summary"))
    for email in (basics.text("email"), *basics.texts("emails")):
        draft.add_email(email, basics.at("email"))
    for phone in (basics.text("phone"), *basics.texts("phones")):
        draft.add_phone(phone, basics.at("phone"))
    draft.add_link(basics.text("url", "website"), basics.at("url"))
    for one in basics.entries("profiles"):
        draft.add_link(one.text("url"), one.at("url"))
    _location(draft, basics)


def _location(draft: Draft, basics: _Entry) -> None:
    names = {"country_code": "countryCode"}
    if isinstance(basics.fields.get("location"), str):
        draft.put_location(basics.text("location"), "", "", Place(basics.at("location"), ".", names))
    else:
        where = basics.entry("location")
        draft.put_location(
            where.text("city"), where.text("region"), where.text("countryCode", "country"), where.place(names)
        )


def _with_items(entry: _Entry, *names: str) -> str:
    """Prose and what is listed beneath."""
    items = [f"{ITEM}{one_line(text)}" for text in entry.texts("highlights")]
    return "\n".join(part for part in (entry.text(*names), *items) if part)


def _work(draft: Draft, entry: _Entry) -> None:
    draft.add_experience(
        entry.place(_EXPERIENCE),
        entry.text("position"),
        entry.text("name", "company", "organization"),
        entry.text("location"),
        entry.text("startDate"),
        entry.text("endDate"),
        _with_items(entry, "summary"),
        entry.flag("current"),
    )


def _education(draft: Draft, entry: _Entry) -> None:
    draft.add_education(
        entry.place(_EDUCATION),
        entry.text("institution", "name"),
        entry.text("studyType"),
        entry.text("area"),
        entry.text("startDate"),
        entry.text("endDate"),
    )


def _skill(draft: Draft, entry: _Entry) -> None:
    """A name with keywords is a group; both may be skills, and the ontology knows which."""
    draft.add_skill(entry.text("name"), entry.at("name"), entry.text("skillId"), entry.number("years"))
    for i, keyword in enumerate(entry.texts("keywords")):
        draft.add_skill(keyword, f"{entry.at('keywords')}[{i}]")


def _language(draft: Draft, entry: _Entry) -> None:
    draft.add_language(
        entry.text("language", "name"), entry.text("fluency", "level"), entry.place({"level": "fluency"})
    )


def _certificate(draft: Draft, entry: _Entry) -> None:
    draft.add_certification(
        entry.place({}),
        entry.text("name", "title"),
        entry.text("issuer"),
        entry.text("date", "year"),
        entry.text("url"),
    )


def _project(draft: Draft, entry: _Entry) -> None:
    draft.add_project(
        entry.place({"start": "startDate", "end": "endDate", "technologies": "keywords"}),
        entry.text("name", "title"),
        _with_items(entry, "description", "summary"),
        entry.texts("keywords"),
        entry.text("url", "website"),
        entry.text("repository") if "repository" in entry.fields else None,
        entry.text("startDate"),
        entry.text("endDate"),
    )


def _publication(draft: Draft, entry: _Entry) -> None:
    draft.add_publication(
        entry.place({"date": "releaseDate"}),
        entry.text("name", "title"),
        entry.text("publisher"),
        entry.text("releaseDate", "date"),
        entry.text("url", "website"),
    )


def _award(draft: Draft, entry: _Entry) -> None:
    draft.add_award(
        entry.place({"name": "title"}), entry.text("title", "name"), entry.text("awarder"), entry.text("date")
    )


# What somebody did unpaid shows what they can as well as what they did for pay.
_READERS = {
    "work": _work,
    "volunteer": _work,
    "education": _education,
    "skills": _skill,
    "languages": _language,
    "certificates": _certificate,
    "projects": _project,
    "publications": _publication,
    "awards": _award,
}
