"""How much of what stands in a resume was found: values compared as a person would, entries matched one to one.

Two values are the same when letters and digits are (case, accents, marks and white do not count). Beyond that: telephone numbers
by their last nine digits (a page may leave out the country's code); links without scheme, `www.` and closing slash; skills without a
remark in brackets only if both lack it; a degree that a form writes with its subject (`B.S. in Computer Science`) against degree and field
together; items of a description and institutions' wrapped words when their letters agree to 90 % (a hyphen at a line's end, a cut
sentence). A date is the same when year and month are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from scipy.optimize import linear_sum_assignment

from services.ai.months import YearMonth
from services.ai.resume import Education, Experience, ParsedResume, Value
from tests.quality.resumes_truth import CONTACT_FIELDS, Entry, Labels, squeezed

ALIKE = 0.9


@dataclass(slots=True)
class Tally:
    """Counts of one field. `missed` and `wrong` are for the developer's eye; `sure` are (confidence, right) of values said."""

    right: int = 0
    said: int = 0
    true: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    sure: list[tuple[float, bool]] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        self.right, self.said, self.true = self.right + other.right, self.said + other.said, self.true + other.true
        self.missed, self.wrong = self.missed + other.missed, self.wrong + other.wrong
        self.sure += other.sure

    @property
    def precision(self) -> float:
        return self.right / self.said if self.said else float(not self.true)

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        total = self.said + self.true
        return 2 * self.right / total if total else 1.0


Tallies = dict[str, Tally]
Form = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Said:
    """A value as the parser said it."""

    text: str
    confidence: float


def score(labels: Labels, resume: ParsedResume | None) -> Tallies:
    """Each field that the labels have; None means that the file could not be read."""
    found: Tallies = {}
    if "name" in labels.asked:
        said = [_said(resume.contact.name)] if resume and resume.contact.name else []
        found["name"] = compare([labels.name], said, squeezed)
    for name in CONTACT_FIELDS:
        if name in labels.asked:
            found[name] = compare(labels.contact.get(name, []), _contact(resume, name), _FORMS.get(name, squeezed))
    jobs = [_job(e) for e in resume.experiences] if resume else []
    schools = [_school(e) for e in resume.educations] if resume else []
    found |= _entries("work", labels, labels.work, jobs)
    found |= _entries("education", labels, labels.education, schools)
    if "skills" in labels.asked:
        groups = {squeezed(g) for g in labels.groups} - {squeezed(s) for s in labels.skills}
        listed = [_said(v) for v in resume.listed_skills if squeezed(v.text) not in groups] if resume else []
        found["skills"] = compare(labels.skills, listed, squeezed)
    return found


def compare(true: Sequence[str], said: Sequence[Said], form: Form) -> Tally:
    """Values of one field, each counted once."""
    wanted = dict.fromkeys((form(v) for v in true if form(v)), True)
    tally = Tally(true=len(wanted))
    for value in {form(v.text): v for v in reversed(said)}.values():
        tally.said += 1
        fits = wanted.pop(form(value.text), False)
        tally.right += fits
        tally.sure.append((value.confidence, fits))
        if not fits:
            tally.wrong.append(value.text)
    tally.missed = list(wanted)
    return tally


def _entries(part: str, labels: Labels, true: list[Entry], said: list[dict[str, Said]]) -> Tallies:
    """Fields of entries, matched so that the most values agree; a pair that agrees in nothing is no pair."""
    names = [name.split(".", 1)[1] for name in sorted(labels.asked) if name.startswith(f"{part}.")]
    tallies = {f"{part}.{name}": Tally() for name in names}
    agree = [[sum(_same(n, a, b) * _WEIGHTS.get(n, 1) for n in names) for b in said] for a in true]
    rows, columns = linear_sum_assignment(agree, maximize=True) if agree and said else ((), ())
    pairs = [(i, j) for i, j in zip(rows, columns, strict=True) if agree[i][j] > 0]
    lone_true = set(range(len(true))) - {i for i, _ in pairs}
    lone_said = set(range(len(said))) - {j for _, j in pairs} if part != "work" or labels.work_complete else set()
    both = [(true[i], said[j]) for i, j in pairs]
    both += [(true[i], {}) for i in sorted(lone_true)] + [({}, said[j]) for j in sorted(lone_said)]
    for a, b in both:
        for name in names:
            _count(tallies[f"{part}.{name}"], name, a, b)
    return tallies


def _count(tally: Tally, name: str, true: Entry, said: dict[str, Said]) -> None:
    value, answer = true.get(name, ""), said.get(name)
    fits = _same(name, true, said)
    tally.true += bool(value)
    tally.said += bool(answer and answer.text)
    tally.right += fits
    if answer and answer.text:
        tally.sure.append((answer.confidence, fits))
    if value and not fits:
        tally.missed.append(value)
    if answer and answer.text and not fits:
        tally.wrong.append(answer.text)


def _same(name: str, true: Entry, said: dict[str, Said]) -> bool:
    value, answer = true.get(name, ""), said.get(name)
    if not value or answer is None or not answer.text:
        return False
    if name in ("start", "end"):
        return value[:7] == answer.text
    if name == "degree and field":
        return _degree(value) == _degree(answer.text)
    return alike(value, answer.text) if name == "description" else squeezed(value) == squeezed(answer.text)


def alike(one: str, other: str) -> bool:
    a, b = squeezed(one), squeezed(other)
    if a == b:
        return True
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _degree(text: str) -> str:
    return "".join(squeezed(word) for word in text.replace(",", " ").split() if word not in ("in", "of"))


def _said(value: Value) -> Said:
    return Said(value.text, value.confidence)


def _contact(resume: ParsedResume | None, name: str) -> list[Said]:
    if resume is None:
        return []
    contact = resume.contact
    if name == "location":
        return [_said(contact.location)] if contact.location else []
    return [_said(v) for v in {"emails": contact.emails, "phones": contact.phones, "links": contact.links}[name]]


def _job(found: Experience) -> dict[str, Said]:
    values = {"title": found.title, "employer": found.employer, "place": found.location}
    said = {name: _said(value) for name, value in values.items() if value}
    said |= _period(found.start, found.end, found.current)
    if found.bullets:
        said["description"] = Said(
            "\n".join(b.text for b in found.bullets), sum(b.confidence for b in found.bullets) / len(found.bullets)
        )
    return said


def _school(found: Education) -> dict[str, Said]:
    values = {"institution": found.institution, "degree": found.degree, "field": found.field}
    said = {name: _said(value) for name, value in values.items() if value}
    both = [value for value in (found.degree, found.field) if value]
    if both:
        said["degree and field"] = Said(" ".join(v.text for v in both), min(v.confidence for v in both))
    return said | _period(found.start, found.end, False)


def _period(start: YearMonth | None, end: YearMonth | None, current: bool) -> dict[str, Said]:
    said = {"start": Said(str(start), 1.0)} if start else {}
    if current or end:
        said["end"] = Said("present" if current else str(end), 1.0)
    return said


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())[-9:]


def _link(text: str) -> str:
    bare = text.lower().removeprefix("mailto:").split("://")[-1].removeprefix("www.").rstrip("/")
    return bare.replace("linkedin.com/in/", "linkedin.com/")


_FORMS: dict[str, Form] = {"phones": _digits, "links": _link}
# A title or an employer says more of which job is meant than a month does.
_WEIGHTS = {"title": 1.5, "employer": 1.5, "institution": 1.5}
