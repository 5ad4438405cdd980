"""Licences, registrations and certificates that are asked for."""

import re
from collections.abc import Iterator

from services.ai.matching.features import Requirement, RequirementKind
from services.ai.matching.requirements import cues
from services.ai.matching.requirements.making import Here
from services.ai.matching.requirements.sections import Section

# Name → how it is written. Letters alone count with capitals.
_KNOWN = {
    "driving licence": (
        r"(?:full |clean |valid |current |uk |eu |european )*(?:driving|driver['’]?s?|drivers['’]) licen[cs]es?"
        r"|führerschein(?: (?:der )?klasse \w+)?|permis (?:de conduire|b\b)|(?:permiso|carn[eé]t|licencia) de conducir"
    ),
    "commercial driving licence": (
        r"(?-i:CDL)(?:[- ][AB])?|commercial driver['’]?s licen[cs]e|(?-i:HGV|LGV)(?: class \w)?(?: licen[cs]e)?"
        r"|class [12ab] (?:cdl|licen[cs]e)"
    ),
    "nmc registration": (
        r"(?:current |valid |active |full )*(?-i:NMC)[- /](?:pin\b|regist\w+|qualified|level|professional regist\w+)"
        r"|(?:regist\w+|pin|member)(?: number)? (?:with|of|on|from|by) (?:the )?(?:(?-i:NMC)\b|nursing (?:and"
        r"|&) midwifery council)|valid (?:nmc )?pin|registered (?:with )?nmc|\(?nmc\)? pin"
    ),
    "hcpc registration": (
        r"(?:current |valid |full )*(?-i:HC?PC|HCPC)[- ](?:pin\b|regist\w+)|regist\w+ (?:with|of"
        r"|by) (?:the )?(?:(?-i:HC?PC)\b|health (?:and|&) care professions? council|health professions council)"
        r"|registered hcpc"
    ),
    "gmc registration": (
        r"(?:current |valid |full )*(?-i:GMC)[- ](?:regist\w+|licen\w+|speciali?st)|(?:regist\w+"
        r"|licen[cs]e to practi[cs]e) (?:with|of|by|from) (?:the )?(?:(?-i:GMC)\b|general medical council)"
    ),
    "gphc registration": (
        r"(?-i:GPhC|GPHC)[- ]regist\w+|regist\w+ (?:with|of|by|as a pharmac\w+ with) (?:the )?(?:(?-i:GPhC|GPHC)\b"
        r"|general pharmaceutical council)"
    ),
    "gdc registration": r"(?-i:GDC)[- ]regist\w+|regist\w+ (?:with|of|by) (?:the )?(?:(?-i:GDC)\b|general dental council)",
    "social work england registration": r"(?-i:SWE)[- ]regist\w+|(?:regist\w+ (?:with|by) )social work england(?: regist\w+)?",
    "registered mental health nurse": r"(?-i:RMN)s?\b|registered mental(?: health)? nurses?",
    "registered general nurse": r"(?-i:RGN)s?\b|registered general nurses?",
    "registered learning disability nurse": r"(?-i:RNLD)s?\b|registered learning disabilit\w+ nurses?",
    "registered nurse": (
        r"(?-i:RN)\b(?! ?\d)(?:[- ](?:adult|license|licensure))?|registered (?:(?:adult|paediatric|children['’]?s"
        r"|qualified|staff|first level|level 1|1st level) )?nurses?|nurse registration|(?<!newly )qualified nurses?"
        r"|first level (?:registered )?nurse|(?:rn|nursing) licen[cs](?:e|ure)"
    ),
    "specialist community public health nurse": r"(?:registered )?(?-i:SCPHN)\b|specialist community public health nurs\w+",
    "approved mental health professional": r"(?-i:AMHP)\b|approved mental health professional",
    "bacp accreditation": (
        r"(?-i:BACP|UKCP|BABCP)[- ](?:accredit\w+|regist\w+|member\w*)"
        r"|(?:accredit\w+|regist\w+|member\w*) (?:with|of|by) (?:the )?(?-i:BACP|UKCP|BABCP)\b"
    ),
    "royal college membership": r"(?-i:MRCP|MRCS|MRCPsych|FRCA|FRCS|MRCGP|FRCR|MRCEM|FRCEM|MRCPCH|MRCOG)\b",
    "health and safety certificate": r"(?-i:NEBOSH|IOSH)\b(?: (?:general )?certif\w+| diploma| managing safely)?",
    "construction skills card": r"(?-i:CSCS|CPCS)\b(?: card)?",
    "gas safe registration": r"gas safe(?: regist\w+)?",
    "security industry licence": r"(?-i:SIA) (?:licen[cs]e|badge)|(?-i:SIA)[- ]licen[cs]ed",
    "aat": r"(?-i:AAT)\b(?: (?:level \d|qualif\w+|member\w*))?",
    "registered midwife": r"(?:registered|qualified) midwi(?:fe|ves)",
    "registered pharmacist": r"(?:registered|qualified|licensed) pharmacists?",
    "registered pharmacy technician": r"registered pharmacy technicians?",
    "registered social worker": r"(?:registered|qualified|licensed)(?: clinical)? social workers?|(?-i:LCSW|LMSW)\b",
    "advanced life support": r"(?-i:ACLS|ALS)\b(?: certif\w+| provider)?|advanced (?:cardiac )?life support",
    "basic life support": r"(?-i:BLS)\b(?: certif\w+)?|basic life support certif\w+",
    "cpa": r"(?-i:CPA)s?\b(?! (?:framework|process|review|meeting|polic))|certified public accountant",
    "acca": r"(?-i:ACCA)\b",
    "cima": r"(?-i:CIMA)\b",
    "aca": r"(?-i:ACA)\b(?= |,|/|\))|chartered accountant",
    "cfa": r"(?-i:CFA)\b|chartered financial analyst",
    "cipd": r"(?-i:CIPD)\b(?: (?:level \d|qualif\w+|certif\w+))*",
    "pmp": r"(?-i:PMP)\b|project management professional",
    "prince2": r"prince ?2(?: (?:practitioner|foundation))?",
    "itil": r"(?-i:ITIL)\b(?: v?\d| foundation| certif\w+)*",
    "cissp": r"(?-i:CISSP)\b",
    "cism": r"(?-i:CISM)\b",
    "cisa": r"(?-i:CISA)\b",
    "ceh": r"(?-i:CEH)\b|certified ethical hacker",
    "oscp": r"(?-i:OSCP)\b",
    "comptia security+": r"(?:comptia )?security ?\+(?!\w)",
    "comptia a+": r"comptia a\+",
    "comptia network+": r"(?:comptia )?network\+",
    "ccna": r"(?-i:CCNA)\b",
    "ccnp": r"(?-i:CCNP)\b",
    "certified scrum master": r"(?-i:CSM)\b|certified scrum ?master|scrum ?master certif\w+",
    "six sigma": r"(?:lean )?six sigma (?:(?:green|black|yellow) belt|certif\w+)",
    "bar admission": r"admi(?:tted|ssion) to (?:the|a) (?:state )?bar|state bar licen[cs]e|member of the (?:state )?bar",
    "professional engineer": (
        r"(?-i:PE) licen[cs]e|(?:licensed )?professional engineer(?:ing)? licen[cs]e"
        r"|professional engineer \((?-i:PE)\)|chartered engineer"
    ),
    "teaching licence": r"(?:qualified teacher status|(?-i:QTS)\b|teach(?:ing|er) (?:licen[cs]e|certif\w+)|staatsexamen)",
    "care certificate": r"care certificate",
    "first aid": r"first[- ]aid (?:certif\w+|qualif\w+)|(?-i:CPR)\b(?: certif\w+)?",
    "osha": r"(?-i:OSHA)[ -](?:10|30|certif\w+)",
    "forklift licence": r"fork ?lift (?:licen[cs]e|certif\w+|truck licen[cs]e)|staplerschein",
    "food handler": r"food (?:handler|hygiene|safety)['’]?s? (?:card|certif\w+|permit)|servsafe",
    "security clearance": (
        r"(?:(?:active|current|dod|u\.?s\.?|government|top|secret|ts/sci|doe|q|l|public trust|sc|dv"
        r"|ssbi|security)[ -]){1,6}clearance(?! of|\s*:)|(?-i:TS/SCI)\b|sicherheitsüberprüfung"
    ),
    "professional registration": r"(?:current |full |relevant )?professional registration",
    "specialist register": r"(?:(?:the )?gmc )?specialist regist(?:er|rar|ration)(?! (?:post|doctor|training))",
    "real estate licence": r"real estate licen[cs]e",
    "insurance licence": r"(?:series (?:6|7|63|65|66)\b(?: licen[cs]e)?|(?:insurance|life (?:and|&) health) licen[cs]e)",
    "phlebotomy certificate": r"phlebotomy certif\w+|certified phlebotom\w+",
}
_PATTERN = re.compile(
    "|".join(f"(?P<l{number}>(?<![\\w])(?:{pattern}))" for number, pattern in enumerate(_KNOWN.values())), re.IGNORECASE
)
_NAMES = tuple(_KNOWN)
_CAPITALS = re.compile(r"[A-Z]{2}|[A-Z]\w*\+")
_HINTS = ("licen", "regist", "certif", "clearance", "belt", "pin", "permi", "schein", "qualif")
# `AWS Certified Solutions Architect`, `Cervical Screening Certificate`.
_CERTIFIED = re.compile(
    r"(?:[A-Z][\w+/&.-]*\s){1,4}(?:[Cc]ertification|Certificate|Certified(?:\s[A-Z][\w+-]*){0,4}|Licen[cs]e)\b"
    r"|Certified(?:\s[A-Z][\w+-]*){1,4}"
)
_IDLE = re.compile(
    r"^(?:(?:A|An|The|Your|Our|Valid|Current|Any|Relevant|Other|Full|Holds?|Have|Has|Must|Active|Appropriate|Birth"
    r"|Marriage|Degree|MOT|Insurance|Gift|Record|DBS|Enhanced|Clean|You|Professional|And|Or|To|With|Is|Be)\s)+",
    re.IGNORECASE,
)
_UNTOLD = frozenset(
    [
        "certificate",
        "certification",
        "certified",
        "license",
        "licence",
        "graduate certificate",
        "postgraduate certificate",
        "professional certification",
        "birth certificate",
        "degree certificate",
    ]
)
_NOT_OWN = re.compile(
    r"(?:support(?:ing)?|supervis\w+|assist(?:ing)?|manag\w+|liais\w+|lead(?:ing)?|mentor\w+|team of|our"
    r"|team(?:s)? (?:with|consists? of)|with (?:the )?other|work(?:ing)? (?:closely |alongside )?with|report(?:s"
    r"|ing)? to|supervision of|accountable to|staffed by|led by|directed by|by|of)\s+(?:(?:the|a|an|our|other|by"
    r"|more|of|\w+ly)\s+)*$",
    re.IGNORECASE,
)
_FREE = re.compile(
    r"(?:free|paid|reimburse\w*|refund\w*|cost of|renewal|fees?|support (?:for|with)|mandatory training)\W+(?:\w+\W+){0,4}$",
    re.IGNORECASE,
)
_FEES = re.compile(r"\s*(?:fees?|renewal|paid|reimburse|costs?|support|revalidation)", re.IGNORECASE)


def find_licences(here: Here) -> Iterator[Requirement]:
    """Each once a clause; none of colleagues, and none that is paid for or offered."""
    text, clause = here.text, here.clause
    if clause.section is Section.ASIDE or not (here.has(_HINTS) or _CAPITALS.search(here.words)):
        return
    taken: list[tuple[int, int]] = []
    for match in _PATTERN.finditer(text, clause.start, clause.end):
        name = _NAMES[int((match.lastgroup or "l0")[1:])]
        if _is_own(here, match.start(), match.end()):
            taken.append(match.span())
            yield here.make(RequirementKind.LICENCE, name, match.start(), match.end(), name=name)
    asks = clause.wanted or clause.must is not None or clause.section is Section.NICE
    for match in _CERTIFIED.finditer(text, clause.start, clause.end):
        idle = _IDLE.match(match[0])
        start = match.start() + (idle.end() if idle else 0)
        name = " ".join(text[start : match.end()].lower().split())
        free = not any(a < match.end() and start < b for a, b in taken)
        alone = here.words.strip(" \n•*·–.-") == match[0]
        own = alone or (asks and _is_own(here, start, match.end()))
        if free and own and name not in _UNTOLD and " " in name:
            yield here.make(RequirementKind.LICENCE, name, start, match.end(), name=name)


def known_licences(text: str) -> frozenset[str]:
    """By the names that requirements have: a resume's "Driver's License" is a `driving licence`."""
    return frozenset(_NAMES[int((match.lastgroup or "l0")[1:])] for match in _PATTERN.finditer(text))


def _is_own(here: Here, start: int, end: int) -> bool:
    text, clause = here.text, here.clause
    before, after = text[max(clause.start, start - 60) : start], text[end : min(clause.end, end + 30)]
    if here.denied(start, end) or _NOT_OWN.search(before) or _FREE.search(before) or _FEES.match(after):
        return False
    # Named in passing within duties it is somebody else's.
    return (
        clause.section is not Section.DUTIES
        or clause.wanted
        or clause.must is False
        or cues.ASKS.search(before) is not None
    )
