"""What a letter says, in which order: nothing here knows a language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from services.ai.credentials import EducationLevel, find_languages, language_level
from services.ai.languages import english_name
from services.ai.letters.records import Length, Options, Sources, available
from services.ai.letters.roles import Role, is_linked, roles_of, strongest
from services.ai.letters.skills import Shared, Tongue, shared_in
from services.ai.letters.wording import degree, school, tidy
from services.ai.matching import Requirement, RequirementKind, WorkMode
from services.ai.matching.requirements.licences import known_licences
from services.ai.resume import Education
from services.ai.spans import Span

ROLES = {Length.SHORT: 1, Length.MEDIUM: 3, Length.LONG: 4}
DEEDS = {Length.SHORT: 1, Length.MEDIUM: 2, Length.LONG: 3}
LISTED = {Length.SHORT: 3, Length.MEDIUM: 4, Length.LONG: 6}
# Of what must be there, so much is shown by who need not say that something is missing.
ENOUGH = 0.6
MOST_LICENCE = 60
_RANKS = ("", "A1", "A2", "B1", "B2", "C1", "C2", "NATIVE")
# Letters between a degree and its subject that are written as one.
_APART = 6
# Letters after a language within which its level stands.
_BESIDE = 30


@dataclass(frozen=True, slots=True)
class Studied:
    """A degree; `field`, `school` may be empty. `asked`: where the position asks for one."""

    degree: str
    field: str
    school: str
    year: int
    at: tuple[Span, ...]
    asked: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A language by its English name; `level` a CEFR code, NATIVE or empty; `enough`: it is what the position asks for."""

    name: str
    level: str
    enough: bool
    at: Span
    asked: Span | None


@dataclass(frozen=True, slots=True)
class Held:
    """A licence or certificate in the resume's words."""

    name: str
    at: Span
    asked: Span | None


@dataclass(frozen=True, slots=True)
class Wished:
    """What the person wants and the position offers. `begin` is None when that is now or unknown."""

    place: str = ""
    mode: WorkMode | None = None
    interests: tuple[str, ...] = ()
    begin: date | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """`roles`: strongest first; `latest`: the last role where it is none of them; `gap`: whether much is asked for that is not shown."""

    roles: tuple[Role, ...]
    latest: Role | None
    listed: tuple[Shared, ...]
    studied: Studied | None
    spoken: tuple[Spoken, ...]
    held: tuple[Held, ...]
    wished: Wished
    gap: bool


def plan(sources: Sources, options: Options, tongue: Tongue) -> Plan:
    """The same for the same input."""
    roles = roles_of(sources, tongue)
    chosen = strongest(roles, ROLES[options.length])
    latest = next((role for role in roles if role.start), None)
    if not chosen and latest:
        # Better the last role, though nothing ties it to the position, than a letter that says nothing of the person.
        chosen = [latest]
    shown = {shared.requirement for role in chosen for shared in role.shared}
    names = {shared.name.casefold() for role in chosen for shared in role.shared}
    listed = _listed(sources, tongue, shown, names)
    held = tuple(_held(sources))
    spoken = tuple(_spoken(sources))
    studied = _studied(sources, options, bool(chosen))
    if studied:
        listed = tuple(one for one in listed if not any(one.use.overlaps(span) for span in studied.at))
    met = shown | {one.requirement for one in listed}
    tied = bool(met or held or spoken or any(is_linked(role) for role in chosen))
    return Plan(
        roles=tuple(chosen),
        latest=latest if latest and all(latest.at != role.at for role in chosen) else None,
        listed=listed[: LISTED[options.length]],
        studied=studied,
        spoken=spoken,
        held=held[:2],
        wished=_wished(sources),
        gap=not tied or _has_gap(sources.vacancy.requirements, met, bool(held), studied),
    )


def _listed(sources: Sources, tongue: Tongue, shown: set[str], names: set[str]) -> tuple[Shared, ...]:
    found: dict[str, Shared] = {}
    for shared in shared_in(sources, tongue, None):
        name = shared.name.casefold()
        if shared.requirement in shown or name in names or name in found or not shared.exact:
            continue
        if not any(name in other.split() or other in name.split() for other in (*found, *names)):
            found[name] = shared
    return tuple(sorted(found.values(), key=lambda shared: -shared.weight))


def _has_gap(asked: Sequence[Requirement], met: set[str], licensed: bool, studied: Studied | None) -> bool:
    """Whether too much of what must be there is not shown."""
    musts = [r for r in asked if r.must and r.kind is RequirementKind.SKILL and not r.manner]
    lacking = [r for r in musts if r.id not in met]
    if any(r.must and r.kind is RequirementKind.LICENCE for r in asked) and not licensed:
        return True
    return bool(lacking) and len(lacking) / len(musts) > 1 - ENOUGH


def _studied(sources: Sources, options: Options, has_roles: bool) -> Studied | None:
    """The highest degree, when one is asked for, or when little else can be said."""
    asked = [r for r in sources.vacancy.requirements if r.kind is RequirementKind.DEGREE]
    if not asked and has_roles and options.length is not Length.LONG:
        return None
    named = [e for e in sources.resume.educations if e.degree and e.level and degree(e.degree.text)]
    best = max(named, key=lambda e: e.level, default=None)
    if best is None or best.degree is None or best.level < EducationLevel.VOCATIONAL:
        return None
    subject = degree(best.field.text) if best.field else ""
    place = school(best.institution.text) if best.institution else ""
    name = degree(best.degree.text)
    if subject.casefold() in name.casefold():
        subject = ""
    name, subject = _as_one(sources.resume_text, best, name, subject) if options.language != "en" else (name, subject)
    values = ((best.degree, name), (best.field, subject), (best.institution, place))
    at = tuple(value.span for value, said in values if value and said)
    wanted = tuple(r.span for r in asked if r.span)[:1]
    year = best.end.year if best.end and best.end.year <= sources.resume.as_of.year else 0
    return Studied(name, subject, place, year, at, wanted)


def _as_one(text: str, entry: Education, name: str, subject: str) -> tuple[str, str]:
    """`Grado en Economía` as it is written, where degree and subject stand together."""
    if entry.degree and entry.field and subject and 0 <= entry.field.span.start - entry.degree.span.end <= _APART:
        whole = text[entry.degree.span.start : entry.field.span.end]
        if "\n" not in whole and degree(whole):
            return degree(whole), ""
    return name, subject


def _spoken(sources: Sources) -> Iterator[Spoken]:
    """Languages that are asked for and spoken."""
    own = {english_name(entry.name.text): entry for entry in sources.resume.languages}
    for requirement in sources.vacancy.requirements:
        if requirement.kind is RequirementKind.LANGUAGE and (entry := own.get(requirement.name)):
            named = list(find_languages(entry.name.text, 0, len(entry.name.text)))
            if named:
                level = language_level(entry.level)
                enough = _RANKS.index(level) >= _RANKS.index(requirement.level)
                # `fluent` is no C1 that anybody wrote.
                beside = sources.resume_text[entry.name.span.end : entry.name.span.end + _BESIDE].upper()
                told = level if level == "NATIVE" or level in beside else ""
                yield Spoken(requirement.name, told, enough, entry.name.span, requirement.span)


def _held(sources: Sources) -> Iterator[Held]:
    """Licences that are asked for, in the resume's own words where those are short."""
    asked = {r.name: r for r in sources.vacancy.requirements if r.kind is RequirementKind.LICENCE}
    for value in sources.resume.certifications:
        name = degree(value.text) if len(value.text) <= MOST_LICENCE else ""
        met = [asked[known] for known in sorted(known_licences(value.text)) if known in asked]
        if name and met and not any(c in name for c in ":;"):
            yield Held(name, value.span, met[0].span)


def _wished(sources: Sources) -> Wished:
    """Of the person's wishes those that the position answers."""
    wishes, vacancy = sources.wishes, sources.vacancy
    said = f"{vacancy.place}\n{vacancy.title}\n{vacancy.text}".casefold()
    place = next((p.city for p in wishes.places if p.city and p.city.casefold() in said), "")
    offered = {r.level for r in vacancy.requirements if r.kind is RequirementKind.WORK_MODE}
    mode = next((m for m in wishes.modes if m.name in offered), None)
    interests = tuple(tidy(i) for i in wishes.interests if i.casefold() in said)[:2]
    return Wished(place, mode, interests, available(wishes, sources.resume.as_of))
