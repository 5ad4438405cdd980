"""What is studied: the wording of degrees, and where their subject begins."""

import re
from dataclasses import dataclass

from services.ai.credentials import EducationLevel, find_degree

# Degrees as they are written out; what follows "in", "of" where it does not belong to the name, or a comma, is the subject.
_ARTS = (
    r"science|arts?|engineering|technology|business administration|commerce|fine arts?|laws?|philosophy|education|"
    r"music|medicine|architecture|applied science|public health|public administration|social work|nursing|pharmacy"
    r"|computer applications|business|design|surgery|computer science|letters|divinity|theology|dental surgery|"
    r"veterinary medicine|juridical science|international affairs|library science|liberal arts|professional studies|"
    r"accountancy|computing|applied sciences|social sciences?|public policy|information technology|management"
)
_NAMED = (
    rf"(?:(?:juris doctor|doctor(?:ate)?|(?:executive )?master(?:['’]?s)?|bachelor(?:['’]?s)?|associate(?:['’]?s)?)"
    rf"(?: [12](?!\d))?(?: degree)?(?: "
    rf"of (?:(?-i:[A-Z][\w-]+(?: [A-Z][\w-]+){{0,3}}(?= in [A-Z]))|"
    rf"(?:{_ARTS})(?:(?: and|&| &) (?:{_ARTS}))*))?(?: \((?:hons?\.?|honours|hons)\))?(?: "
    rf"\((?-i:(?:[A-Z][a-z]?\.? ?){{2,5}})\))?(?: degree)?(?: - (?-i:[BMA][A-Z]{{1,3}})(?=$|,))?)"
)
_SHORT = (
    r"(?-i:Ph\.? ?D\.?|D\.?Phil\.?|Dr\.(?:-Ing\b\.?|(?: [a-z]+\.)*)|M\.D\.?|MD|J\.D\.?|JD|(?:E|Executive )MBA|"
    r"Ed\.?D\.?|M\.?B\.?A\.?|M\.? ?Sc\.?|"
    r"M\.S\.?c?\.?|MS|M\.A\.?|MA|M\.?Eng\.?|M\.? ?Tech\.?|M\.E\.?|ME|MCA|M\.?Com\.?|M\.?Phil\.?|LL\.?[MB]\.?|"
    r"M\.?Ed\.?|M\.?F\.?A\.?|M\.?P\.?H\.?"
    r"|M\.?P\.?A\.?|B\.?B\.?A\.?|B\.? ?Sc\.?|B\.S\.?c?\.?|BS|B\.A\.?|BA|B\.?Eng\.?|B\.? ?Tech\.?|B\.E\.?|BE|BCA|"
    r"B\.?Com\.?|B\.?F\.?A\.?|B\.?Ed\.?|B\.?Arch\.?|B\.M\.?|BM|A\.A\.S?\.?|AAS|A\.S\.?|AS|A\.A\.?|AA|MSN|BSN|MSW|BSW|"
    r"DUT|BTS|BUT|CAPA|CAP|DEA|DESS|PGCE|PGDip|KCSE|KCPE|WASSCE"
    r"|GED|HND|HNC|PGDM|PGDBM|PGD|Dipl\.-(?:Ing|Inf|Kfm|Kffr|Psych|Phys|Math|Chem|Biol|Betriebsw)\.?|Mag\.|GCSEs?|"
    r"A-Levels?|HSC|SSC|CBSE|ICSE)(?: ?\((?:hons?\.?|honours|dual|honors)\))?"
)
_OTHER = (
    r"(?:(?:high school|secondary school|general equivalency|graduate|postgraduate|post graduate|advanced|higher "
    r"national|national|professional|associate|technical|engineering) )?diplomas?(?: degree)?(?! thesis)|high "
    r"school(?: degree| certificate| graduate)?(?= *(?:$|,|in\b|\())"
    r"|primary school|high school|secondary school|(?:senior |higher )?secondary(?: (?:education|certificate))?|"
    r"diplom(?:-\w+)?(?: \((?:fh|uni|ba)\))?|magister(?: artium)?|staatsexamen|erstes staatsexamen|zweites "
    r"staatsexamen|allgemeine hochschulreife|matura|(?:fach)?abitur"
    r"|fachhochschulreife|mittlere reife|realschulabschluss|hauptschulabschluss|promotion|(?:berufs)?ausbildung(?= "
    r"zu[mr]?\b)|lehre|licence(?: professionnelle)?|mast[eè]re?(?: spécialisé)?|maîtrise|doctorat|diplôme "
    r"d['’]ingénieur|baccalauréat|bac(?: ?\+ ?\d)?|cycle ingénieur"
    r"|classe préparatoire|grado(?: superior| medio)?|licenciatura|m[áa]ster(?: universitario)?|doctorado|"
    r"diplomatura|ingeniería técnica|bachillerato|técnico superior|ciclo formativo(?: de grado (?:superior|medio))?|"
    r"formación profesional|certificate(?: of \w+| [iv]+(?!\w))?|certificat"
    r"|laurea(?: magistrale| triennale| specialistica)?|dottorato(?: di ricerca)?|bacharelado|tecnólogo|mestrado|doutorado|"
    r"hbo-\w+|btec (?:level \d )?(?:(?:extended|national|higher) )*(?:diploma|certificate)|"
    r"(?:leaving|junior|school leaving|teaching|trade) certificate"
    r"|undergraduate degree|graduate degree|postgraduate degree|postgraduate certificate|graduate certificate|"
    r"post-?doc(?:toral)?(?: fellow(?:ship)?)?|intermediate|matriculation|nanodegree|exchange(?: semester| student)?|"
    r"study abroad|pre-university course"
)
DEGREE = re.compile(rf"(?<![\w.])(?:{_NAMED}|{_SHORT}|{_OTHER})(?!\w|\.\w)(?: candidate\b)?", re.IGNORECASE)
_IN = re.compile(
    r"\s*(?:,\s*|[-–—:]\s+)?(?:in|of|en|em|im(?: fach)?|der|zum|zur|major(?:ing)? in|with (?:a )?(?:major|"
    r"specialization|concentration) in|mention|spécialité|especialidad(?: en)?|de)\s+",
    re.IGNORECASE,
)
_NEXT = re.compile(r"\s*(?:,|:|[-–—](?=\s)|\|)\s*|\s+")
_NOT_SUBJECT = re.compile(
    r"\(?(?:(?:overall |cumulative |major |cum\. |in-major )?gpa|cgpa|grade|note|magna|summa|cum laude|with "
    r"(?:honou?rs|distinction|high)|honou?rs|first class|second class|upper second|distinction|percentage|score|"
    r"minor|thesis|dean|valedictorian|expected|graduat|class of|relevant|coursework|activities|courses?:|"
    r"abschlussnote|mention|\d)",
    re.IGNORECASE,
)
_AMBIGUOUS = frozenset(
    ("MS", "MA", "ME", "BE", "AS", "AA", "BA", "BS", "BM", "MD", "CAP", "DEA", "Intermediate", "Minor", "Promotion")
)


@dataclass(frozen=True, slots=True)
class Study:
    """A degree and its subject, as characters of the text searched; an empty stretch where there is none."""

    degree: tuple[int, int]
    field: tuple[int, int]
    level: EducationLevel


def find_study(text: str) -> Study | None:
    """The first degree of a piece of text, and the subject after it."""
    for match in DEGREE.finditer(text):
        end = match.end()
        if match[0] in _AMBIGUOUS and not _goes_on(text, match):
            continue
        if text[match.start() : end].lower() in ("high school", "primary school", "secondary school") and not _whole(
            text, match
        ):
            continue
        found = find_degree(f"{text[match.start() : end]} in X")
        level = found.level if found else EducationLevel.UNKNOWN
        return Study((match.start(), end), _subject(text, end), level)
    return None


def _goes_on(text: str, match: re.Match[str]) -> bool:
    """`MA` alone is a state, before a subject a degree."""
    rest = text[match.end() :]
    if not rest.strip():
        return match.start() == 0
    return bool(re.match(r"\s*(?:,|in\b|of\b|degree|\(|[-–—:]|\s[A-ZÀ-Þ])", rest)) and not re.match(r"\s*\d{5}", rest)


def _whole(text: str, match: re.Match[str]) -> bool:
    """`High School` is a degree alone or before a comma, the end of a school's name otherwise."""
    before = text[: match.start()].rstrip()
    return not before or before.endswith((",", "|", "-", "–", "—"))


def _subject(text: str, end: int) -> tuple[int, int]:
    named = _IN.match(text, end)
    begin = named.end() if named else (gap.end() if (gap := _NEXT.match(text, end)) else end)
    if begin >= len(text) or _NOT_SUBJECT.match(text, begin):
        return end, end
    stop = len(text)
    for mark in re.finditer(r"\s*[;|\t•·]\s*|,\s+|\s+[–—-]\s+|\s*\((?=[^()]*\))|(?<=\w\w\w)\.\s+", text[begin:]):
        if mark[0].strip() == "(":
            inside = text[begin + mark.end() :]
            if _NOT_SUBJECT.match(inside):
                stop = begin + mark.start()
                break
            continue
        if (
            _NOT_SUBJECT.match(text, begin + mark.end())
            or mark[0].strip() in ("|", "•", "·", ";", ".")
            or "\t" in mark[0]
        ):
            stop = begin + mark.start()
            break
        if (
            mark[0].strip() == ","
            and named
            and re.match(r"(?:and |& )?[A-Z][\w&]+(?:,|$)", text[begin + mark.end() :]) is None
        ):
            stop = begin + mark.start()
            break
        if mark[0].strip() in ("–", "—", "-"):
            stop = begin + mark.start()
            break
    if text[begin] == "(" and text[begin:stop].endswith(")"):
        return begin + 1, stop - 1
    return begin, stop
