"""Profile → what stands on a page, line by line, whatever draws it: one column, in the order in which it is read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from services.careerforge.exchange.profile import ITEM, Education, Experience, Profile, Project
from services.careerforge.exchange.wording import Wording


class Kind(Enum):
    """What a block is, which decides how it looks."""

    NAME = "name"
    HEADLINE = "headline"
    CONTACT = "contact"
    HEADING = "heading"
    ENTRY = "entry"
    DETAIL = "detail"
    TEXT = "text"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph; `right` stands at the right edge of its first line. `begins` says that more space goes before it.

    `links` are addresses in the text, as shown and whole, in their order.
    """

    kind: Kind
    text: str
    right: str = ""
    begins: bool = False
    links: tuple[tuple[str, str], ...] = ()


# Between parts of one line: parsers and people read it as a border.
BORDER = " | "


def sheet(profile: Profile, wording: Wording) -> tuple[Block, ...]:
    """Empty sections are left out."""
    return (
        *_head(profile),
        *_section(wording.summary, _prose(profile.summary)),
        *_section(wording.experience, [b for one in profile.experiences for b in _experience(one, wording)]),
        *_section(wording.education, [b for one in profile.educations for b in _education(one, wording)]),
        *_section(wording.skills, _joined([skill.name for skill in profile.skills])),
        *_section(wording.languages, _joined([_named(one.name, one.level, wording) for one in profile.languages])),
        *_section(
            wording.certifications, [_line(c.name, c.issuer, wording.month(c.date)) for c in profile.certifications]
        ),
        *_section(wording.projects, [b for one in profile.projects for b in _project(one, wording)]),
        *_section(
            wording.publications, [_line(p.title, p.publisher, wording.month(p.date)) for p in profile.publications]
        ),
        *_section(wording.awards, [_line(a.title, a.awarder, wording.month(a.date)) for a in profile.awards]),
    )


def _head(profile: Profile) -> Iterator[Block]:
    if profile.name:
        yield Block(Kind.NAME, profile.name)
    if profile.headline:
        yield Block(Kind.HEADLINE, profile.headline)
    emails = [(email, f"mailto:{email}") for email in profile.emails]
    others = [(way, "") for way in (*profile.phones, str(profile.location)) if way]
    for ways in ([*emails, *others], [(link.removeprefix("https://").rstrip("/"), link) for link in profile.links]):
        if ways:
            yield Block(
                Kind.CONTACT, BORDER.join(shown for shown, _ in ways), links=tuple(way for way in ways if way[1])
            )


def _section(heading: str, blocks: Sequence[Block]) -> Iterator[Block]:
    if blocks:
        yield Block(Kind.HEADING, heading)
        yield from blocks


def _prose(text: str) -> list[Block]:
    """Lines as they are: items are items, an empty line begins a new paragraph."""
    blocks, begins = [], False
    for line in text.split("\n"):
        if not line.strip():
            begins = True
        elif line.startswith(ITEM):
            if told := line.removeprefix(ITEM).strip():
                blocks.append(Block(Kind.ITEM, told))
            begins = False
        else:
            blocks.append(Block(Kind.TEXT, line, begins=begins))
            begins = False
    return blocks


def _experience(one: Experience, wording: Wording) -> Iterator[Block]:
    yield Block(Kind.ENTRY, one.title, wording.period(one.start, one.end, one.current), begins=True)
    if below := BORDER.join(part for part in (one.employer, one.location) if part):
        yield Block(Kind.DETAIL, below)
    yield from _prose(one.description)


def _education(one: Education, wording: Wording) -> Iterator[Block]:
    degree = BORDER.join(part for part in (one.degree, one.field) if part)
    yield Block(Kind.ENTRY, degree or one.institution, wording.period(one.start, one.end), begins=True)
    if degree:
        yield Block(Kind.DETAIL, one.institution)


def _joined(names: Sequence[str]) -> list[Block]:
    return [Block(Kind.TEXT, ", ".join(names))] if names else []


def _named(name: str, level: str, wording: Wording) -> str:
    return f"{name} ({wording.level(level)})" if level else name


def _line(title: str, giver: str, date: str) -> Block:
    return Block(Kind.ITEM, ", ".join(part for part in (title, giver) if part), date)


def _project(one: Project, wording: Wording) -> Iterator[Block]:
    yield Block(Kind.ENTRY, one.title, wording.period(one.start, one.end), begins=True)
    yield from _prose(one.description)
    if one.technologies:
        yield Block(Kind.TEXT, f"{wording.technologies}: {', '.join(one.technologies)}")
    for url in (one.project_url, one.github_url):
        if url:
            yield Block(Kind.TEXT, url, links=((url, url),))
