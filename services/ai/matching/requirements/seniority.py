"""How far a career is to have come, from the title or where the text names the position."""

import re
from collections.abc import Iterator

from services.ai.matching.features import Origin, Requirement, RequirementKind, Seniority
from services.ai.matching.requirements.making import Here, identity
from services.ai.matching.requirements.sections import Section

_WORDS = (
    (
        Seniority.EXPERT,
        r"principal|distinguished|chief|director|vice president|vp|head of|fellow|staff (?=(?:\w+ ){0,2}(?:engineer"
        r"|scientist|developer|architect|designer|analyst)\b)|leiter(?:in)?|directeur|directrice|director[a]?|jefe de",
    ),
    (
        Seniority.SENIOR,
        r"senior|snr|sr|lead|experienced|consultant(?= (?:in|physician|surgeon|psychiatrist|radiologist|anaesthetist"
        r"|[a-z]+ologist|paediatrician)\b)|erfahren\w*|confirmé\w*|sénior",
    ),
    (
        Seniority.MID,
        r"mid[- ](?:level|senior)|midlevel|intermediate(?: level)?|specialist registrar|regular (?=developer)",
    ),
    (
        Seniority.ENTRY,
        r"junior|jr|jnr|entry[- ]level|graduate(?= (?:\w+ ){0,2}(?:scheme|trainee|programme|engineer|developer|analyst"
        r"|scientist|consultant|nurse|role))|trainee|apprentice(?:ship)?|intern(?:ship)?|newly qualified|new grads?"
        r"|berufseinsteiger\w*|werkstudent\w*|praktik\w+|azubi|auszubildende\w*|débutant\w*|stagiaire|alternance|becari[oa]|prácticas",
    ),
)
_PATTERNS = tuple((level, re.compile(rf"(?<![\w-])(?:{words})(?!\w)\.?", re.IGNORECASE)) for level, words in _WORDS)
_ROLE = (
    r"(?:engineer|developer|scientist|analyst|manager|nurse|designer|architect|consultant|administrator|officer"
    r"|specialist|accountant|programmer|practitioner|therapist|technician|researcher|entwickler\w*|ingenieur\w*"
    r"|développeu\w+|desarrollador\w*|lead|role|position|level|leader|professional|physiotherapist|pharmacist"
    r"|sister|midwife|dba|doctor|fellow|buyer|editor|recruiter|teacher|assistant|executive|clinician|psychologist"
    r"|scientist)"
)
_HINTS = (
    "senior",
    "sr",
    "lead",
    "principal",
    "junior",
    "jr",
    "mid",
    "entry",
    "trainee",
    "graduate",
    "newly",
    "staff",
    "intermediate",
    "associate",
)
_SOUGHT = re.compile(
    r"(?:(?:seeking|looking for|looking to (?:recruit|hire|appoint)|searching for|hiring|recruit(?:ing)?(?: for)?"
    r"|in search of|opportunity for|vacanc(?:y|ies) for|require|role of|position of|as|join us as|wir suchen"
    r"|recherchons|buscamos)(?: our| an?| the| eine[nr]?| une?| un| two| three)?"
    r"|(?:this|the position|the role|it) is an?)\s+(?:(?!for\b|the\b|to\b|of\b|with\b"
    r"|deputy\b)[\w-]+,?\s+(?:and\s+)?){0,3}?(?P<level>senior|sr\.?|lead"
    r"|principal|junior|jr\.?|mid[- ]level|entry[- ]level|trainee|graduate|newly qualified"
    r"|staff)(?:[-–]?\s*(?:to|/|or)[-–\s]*(?:mid|senior|lead|principal)[\w-]*)?\s+(?:[\w/&-]+\s+){0,3}?"
    + _ROLE
    + r"s?(?!\w)",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"(?<![\w-])(?P<level>senior|junior|lead|principal|graduate|trainee"
    r"|entry[- ]level)\s+(?:[\w/&-]+\s+){0,4}?(?:positions?|roles?|openings?|vacanc(?:y|ies)|opportunit(?:y"
    r"|ies))(?!\w)"
    r"|(?:recruit|seeking|looking for|positions? for|posts? for|opportunit(?:y|ies) for|available (?:to"
    r"|for)|nurses? (?:that|who) are|(?:candidates?|practitioners?) who are)"
    r"\s+(?:[\w-]+,?\s+){0,4}?(?P<new>newly qualified|new grads?)",
    re.IGNORECASE,
)
_LEVEL = re.compile(
    r"(?<![\w-])(?P<level>senior|junior|mid|entry|intermediate|associate)[- ]level (?:role|position|opportunity"
    r"|job|candidate|engineer|developer|scientist|analyst|professional)s?(?!\w)",
    re.IGNORECASE,
)


def find_seniority(here: Here) -> Iterator[Requirement]:
    """Where the text says what is sought: "senior management" that one works with is nobody's level."""
    text, clause = here.text, here.clause
    if clause.section in (Section.ASIDE, Section.NICE):
        return
    if not here.has(_HINTS):
        return
    for pattern in (_SOUGHT, _LEVEL, _OPEN):
        for match in pattern.finditer(text, clause.start, clause.end):
            group = "level" if match["level"] else "new"
            level = level_of(match[group] + " engineer level")
            if level:
                yield here.make(
                    RequirementKind.SENIORITY, _label(level), *match.span(group), level=level.name, must=True
                )
                return


def of_title(title: str) -> Requirement | None:
    """What the title says of it; it stands in no text."""
    level = level_of(title)
    if not level:
        return None
    label, fields = _label(level), {"level": level.name}
    found = identity(RequirementKind.SENIORITY, label, fields)
    return Requirement(found, RequirementKind.SENIORITY, label, True, None, level=level.name, origin=Origin.POSITION)


def level_of(title: str) -> Seniority:
    """The highest level that a title names, but a beginner's before that: a trainee manager is a trainee."""
    named = [level for level, pattern in _PATTERNS if pattern.search(title)]
    if Seniority.ENTRY in named:
        return Seniority.ENTRY
    return named[0] if named else Seniority.UNKNOWN


def _label(level: Seniority) -> str:
    return f"{level.name.lower()} level"
