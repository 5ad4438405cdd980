"""Degrees that are asked for: the least that will do, and what would be liked."""

import re
from collections.abc import Iterator, Sequence

from services.ai.credentials import EducationLevel
from services.ai.matching.features import Requirement, RequirementKind
from services.ai.matching.fields_of_study import named
from services.ai.matching.requirements.making import Here
from services.ai.matching.requirements.sections import Section

_LEVELS = (
    (
        EducationLevel.DOCTORATE,
        r"ph\.?\s?d\.?s?(?!\w)|doctora(?:te|l)\w*|d\.?phil|promotion (?:in|im|zum)|doctorat|doctorado|promoviert\w*",
    ),
    (
        EducationLevel.MASTER,
        r"master['’]?s?['’]?\s+(?:or|and|/|degree|level|in|of|study|studies|qualification|required|preferred|plus"
        r"|program)|master['’]s?|masters|(?<=/)\s?master|m\.?sc\.?(?!\w)|mba|m\.?eng|m\.?tech|m\.s\.?(?!\w)"
        r"|(?-i:MS|MA|MPH)(?=\s*(?:/|or\b|and\b|in\b|degree|,|\+|with\b|\(|preferred|required|$))"
        r"|(?:post[- ]?)graduate (?:degree|qualification|diploma|certificate)|advanced degree"
        r"|graduate degree|diplom(?:studium|-\w+)?(?!\w)|magister|maîtrise universitaire|bac ?\+ ?5|máster"
        r"|ingénieur diplômé|diplôme d['’]ingénieur|higher degree",
    ),
    (
        EducationLevel.BACHELOR,
        r"bachelor(?:['’]?s?)?|baccalaureate degree|b\.?sc\.?(?!\w)|b\.a\.?(?!\w)|b\.?eng|b\.?tech|b\.s\.?(?!\w)"
        r"|(?-i:BS|BA|BE)(?=\s*(?:/|or\b|and\b|in\b|degree|,|\+|with\b|\(|preferred|required|$))"
        r"|undergraduate degree|undergrad(?=\s*/)|(?:four|4)[- ]year (?:college )?degree|college degree"
        r"|university degree|honou?rs degree|first degree|graduate level|degree(?:[- ]level)? (?:qualified|educated"
        r"|or equivalent|education|in|qualification|required|preferred|level)|(?:educated|qualified) to degree"
        r"|(?:a|an|your|relevant|related|technical|nursing|science|professional|recognised|recognized|accredited"
        r"|appropriate|good|quantitative|clinical|scientific|engineering) degree(?! of)|(?<=: )degree"
        r"|^\W*degree(?! of)|or degree(?! of)|degree/|/degree|degrees? \("
        r"|(?:abgeschlossenes |ein )?(?:hochschul)?studium(?: der| in| im)|hochschulabschluss|licenciatura|grado (?:en"
        r"|universitario)|titulación universitaria|bac ?\+ ?[34]|licence (?:en|de)",
    ),
    (
        EducationLevel.VOCATIONAL,
        r"associate(?:['’]?s)?['’]? degree|aa/as|nvq(?:s)?(?: level)?(?: [2-5])?|h\.?n\.?[dc](?!\w)|btec"
        r"|foundation degree|apprenticeship (?:in|level|qualification)|vocational (?:qualification|training"
        r"|diploma)(?! (?:opportunit|programme))"
        r"|level [345] (?:diploma|qualification|award)"
        r"|(?:abgeschlossene )?(?:berufs)?ausbildung (?:als|zum|zur|im|in)|abgeschlossene (?:berufs)?ausbildung"
        r"|bac ?\+ ?2|(?-i:BTS|DUT)|formación profesional|ciclo formativo",
    ),
    (
        EducationLevel.SECONDARY,
        r"high[- ]school(?: diploma| degree)?|(?-i:GED|GCSE)s?(?!\w)|(?-i:A)[- ][Ll]evels?(?!\w)(?! of)|o[- ]levels?"
        r"|secondary (?:school|education)|abitur|fachabitur|mittlere reife|baccalauréat|bachillerato",
    ),
)
_PATTERNS = tuple((level, re.compile(rf"(?<![\w.])(?:{pattern})", re.IGNORECASE)) for level, pattern in _LEVELS)
_NO_DEGREE = re.compile(
    r"scrum master|master (?:data|the|class|plan|file|agreement|record|service|schedule|trust)|master's? hand"
    r"|web ?master|(?:high|great|certain|reasonable|large|some|basic|significant|strong) degree of|degrees? of"
    r"|360 degree|bachelor party|degree (?:celsius|angle)|license|ma office|with a master$",
    re.IGNORECASE,
)
# Somebody else's, or one that is offered.
_OF_OTHERS = re.compile(
    r"(?:students?|team of|our|scientists with|towards? (?:a|your)|pursuing|fund(?:ed|ing)|tuition|work with"
    r"|studying|rotation|interns?)\b[^.]{0,40}$",
    re.IGNORECASE,
)
_EQUIVALENT = re.compile(
    r"(?:or|and/or|oder|ou|o)\s+(?:(?:an?|the|relevant|demonstrable|significant|work|equal)\s+){0,2}(?:equivalent"
    r"|comparable|commensurate|similar|equivalente|vergleichbare?)\s+(?:(?:combination|level|amount|of|relevant"
    r"|professional|work|practical|industry|in|military|education|and|/)\s*){0,5}experience"
    r"|or\s+(?:(?:relevant|demonstrable|significant|substantial|considerable|extensive|practical"
    r"|proven)\s+)*(?:work\s+)?experience|in[- ]lieu of (?:a )?degree|or by experience|through experience"
    r"|oder (?:eine )?vergleichbare (?:qualifikation|berufs\w+|ausbildung|kenntnisse|erfahrung)",
    re.IGNORECASE,
)
# `Masters degree in`: the degree is of that level.
_HIGHER = re.compile(
    r"(?:master['’]?s?['’]?|ph\.?d\.?|doctoral|doctorate|advanced|graduate|higher|m\.?s\.?c?\.?|mba"
    r"|associate['’]?s?)\s*$",
    re.IGNORECASE,
)
_NAMES = {
    EducationLevel.DOCTORATE: "doctorate",
    EducationLevel.MASTER: "master's degree",
    EducationLevel.BACHELOR: "bachelor's degree",
    EducationLevel.VOCATIONAL: "vocational qualification",
    EducationLevel.SECONDARY: "secondary school",
}
_HINT = re.compile(
    r"degree|master|bachelor|ph\.? ?d|doctor|promo|m\.?sc|b\.?sc|\bm\.?a\b|\bb\.?[sae]\b|\bms\b|mba|mph|m\.s|b\.s"
    r"|b\.a|eng\b|tech\b|graduate|undergrad|diplom|magister|ingénieur|bac|studium|hochschul|abschluss|licen|grado"
    r"|titulación"
    r"|associate|nvq|hn[dc]|btec|apprentice|vocational|level|ausbildung|bts|dut|formación|formativo|school|ged"
    r"|gcse|secondary|abitur|reife|bachiller|máster|maîtrise|phil|aa/as",
    re.IGNORECASE,
)

# Behind a degree its subject stands within so many letters, before it within so many.
_REACH, _BEFORE = 180, 40
_MOST_SUBJECTS, _MOST_LETTERS = 8, 150
_ADJECTIVES = re.compile(r"(?:[\w&/-]+\s+){1,3}degree\b", re.IGNORECASE)
_FIELDS = re.compile(r"\b(?:fields?|disciplines?|majors?)\b", re.IGNORECASE)
_ANNOUNCES = re.compile(r"(?:fields?|majors?|disciplines?|areas?|subjects?)\s*(?:of study\s*)?:?\s*$", re.IGNORECASE)
_RELATED = re.compile(
    r"\b(?:related|similar|relevant|comparable|allied|other|another)\s+(?:\w+\s+){0,2}?"
    r"(?:field|discipline|subject|area|degree|major|course|domain|study|studies|program\w*)|or (?:related|similar)\b"
    r"|[- ]related\b|(?:verwandte\w*|vergleichbare\w*) (?:fach|studien|gebiet)\w*|domaine (?:connexe|similaire)",
    re.IGNORECASE,
)
# What goes on after the subject is another matter.
_ENDS = re.compile(
    r"[.;]\s|\bwith\b(?! (?:an? )?(?:focus|major|emphasis|concentration|specialis|specializ))|\b(?:and|plus|or)\s+(?:an?\s+)?(?:\d|at least"
    r"|minimum|(?:\w+\s+){0,3}(?:experience|knowledge|skills|years))|\bexperience\b|\byears?\b|\bfrom an?\b|\bability\b",
    re.IGNORECASE,
)
_OF_SCIENCE = re.compile(
    r"^(?:['’]?s)?\s*(?:degree\s+)?of\s+(?:science|arts?|philosophy)s?\b(?!\s+(?:and|or|&))", re.IGNORECASE
)
# Names that are degrees, and names that are fields only where "in" or a list leads to them.
_DEGREES = frozenset(("mba", "m.b.a", "jd", "j.d", "be", "b.e", "m.e", "llb", "ll.b", "m.d", "education"))
_WEAK = frozenset(
    ("services", "sales", "management", "leadership", "teaching", "building", "design", "administration", "computer")
)
_LEADS = re.compile(r"(?:\bin|,|\bor|/|&|\band)\s*$", re.IGNORECASE)


def find_degrees(here: Here) -> Iterator[Requirement]:
    """One a clause: of several the least, for it will do. Who may bring experience instead is not asked for the degree strictly."""
    clause, words = here.clause, here.words
    if clause.section is Section.ASIDE or not _HINT.search(words):
        return
    if not (clause.wanted or clause.section is Section.NICE or clause.must is False):
        return
    found = list(_named(here))
    if not found:
        return
    level, start, end = found[-1]
    instead = _EQUIVALENT.search(words) is not None
    name = _subjects(here, found) if level > EducationLevel.SECONDARY else ""
    label = f"{_NAMES[level]} in {name}" if name else _NAMES[level]
    must = clause.wanted and not instead
    yield here.make(RequirementKind.DEGREE, label, start, end, level=level.name, name=name, must=must)


def _subjects(here: Here, found: Sequence[tuple[EducationLevel, int, int]]) -> str:
    """`computer science, mathematics or a related field`: behind the degree or one named with it, or right before; empty if untold."""
    _, begins, _ = found[-1]
    later = sorted((start, end) for _, start, end in found if start >= begins)
    stops = [*(start for start, _ in later[1:]), here.clause.end]
    for (_, end), stop in zip(later, stops, strict=True):
        behind = _behind(here, end, stop)
        if subjects := _listed(behind):
            related = " or a related field" if _RELATED.search(behind) else ""
            return ", ".join(subjects)[:_MOST_LETTERS] + related
    for start, end in later:
        stretch = _ADJECTIVES.search(here.text[max(here.clause.start, start - _BEFORE) : end])
        if stretch and (subjects := _listed(stretch[0])):
            return ", ".join(subjects)[:_MOST_LETTERS]
    return _of_line(here, *later[0])


def _of_line(here: Here, start: int, end: int) -> str:
    """`computer science or math related field (Masters preferred)`: of a line that speaks of fields, what it names around the degree."""
    text = here.text
    before, behind = text[max(0, start - _REACH) : start], text[end : end + _REACH]
    line = before.rpartition("\n")[2] + text[start:end] + behind.partition("\n")[0]
    field = _FIELDS.search(line)
    if field is None:
        return ""
    told = line[: field.end()]
    if _ANNOUNCES.search(line):
        told = behind.partition("\n")[2].strip().partition("\n")[0]
    related = " or a related field" if _RELATED.search(told) else ""
    subjects = ", ".join(_listed(told))[:_MOST_LETTERS]
    return subjects + related if subjects else ""


def _behind(here: Here, start: int, stop: int) -> str:
    """What may tell the subject: to where something else begins, and the next line where this one only announces it."""
    text = here.text[start : min(stop, start + _REACH)]
    if stop == here.clause.end and _ANNOUNCES.search(text):
        text += here.text[stop : stop + _REACH].split("\n\n", 1)[0]
    text = _OF_SCIENCE.sub(" ", text)
    ends = _ENDS.search(text)
    return text[: ends.start()] if ends else text


def _listed(words: str) -> list[str]:
    """Names of fields of study as written, each once."""
    found: dict[str, None] = {}
    for start, end, _ in named(words):
        name = " ".join(words[start:end].lower().split()).rstrip(".")
        if name not in _DEGREES and (name not in _WEAK or _LEADS.search(words[max(0, start - 6) : start])):
            found[name] = None
    return list(found)[:_MOST_SUBJECTS]


def _named(here: Here) -> Iterator[tuple[EducationLevel, int, int]]:
    """Highest first."""
    words, offset = here.words, here.clause.start
    for level, pattern in _PATTERNS:
        for match in pattern.finditer(words):
            around = words[max(0, match.start() - 16) : match.end() + 16]
            if _NO_DEGREE.search(around) or _OF_OTHERS.search(words[max(0, match.start() - 60) : match.start()]):
                continue
            if level is EducationLevel.BACHELOR and _HIGHER.search(words[max(0, match.start() - 20) : match.start()]):
                continue
            lead = len(match[0]) - len(match[0].lstrip(" -•·*–\n\t"))
            start, end = offset + match.start() + lead, offset + match.end()
            if here.denied(start, end):
                continue
            yield level, start, end
            break
