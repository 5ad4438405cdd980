"""The fields of work that a resume is about, by titles, employers and skills; names follow the sections of ISIC."""

import re
from collections import Counter

from services.ai.months import MONTHS, union_months
from services.ai.resume.records import Experience, ParsedResume

MOST = 3
# Less than this share of the months is no focus.
LEAST_SHARE = 0.15
# A role without dates counts as long as this.
UNDATED_MONTHS = MONTHS

# Words that begin so, in English, German, French and Spanish. The first that fits a title decides.
_INDUSTRIES = {
    "Information technology": (
        "software|developer|programm|devops|backend|frontend|full[- ]?stack|data (?:engineer|scientist|architect)|"
        "machine learning|sysadmin|system administrator|it[ -]|informati|entwickler|développeur|desarrollador|web|cloud|"
        r"security engineer|qa\b|cyber|database|network engineer|cto\b"
    ),
    "Health care": (
        "nurs|doctor|physician|medical|clinic|hospital|pharmac|dental|dentist|therap|surg|care ?giver|paramedic|radiolog|health|"
        "pfleg|krankenhaus|arzt|ärzt|infirmi|médecin|enfermer|médic"
    ),
    "Education": (
        "teach|tutor|lectur|school|kindergarten|educator|professor|instructor|principal of|lehrer|dozent|enseignant|profesor|"
        "docente"
    ),
    "Finance and insurance": (
        r"bank|financ|account|audit|actuar|insurance|invest|credit|tax\b|treasur|bookkeep|payroll|underwrit|buchhalt|comptab|"
        "contab|wealth"
    ),
    "Legal services": (r"lawyer|attorney|paralegal|legal|counsel\b|jurist|rechtsanw|notar|avocat|abogad|solicitor"),
    "Human resources": (
        r"human resources|hr\b|recruit|talent acquisition|personal(?:refer|leit)|ressources humaines|recursos humanos"
    ),
    "Marketing and media": (
        r"marketing|journalis|editor|brand|advertis|public relations|pr\b|social media|content|seo\b|communications|media|"
        "copywrit|broadcast"
    ),
    "Arts and design": (
        r"designer|artist|graphic|musician|actor|photograph|illustrat|ux\b|ui\b|animator|art director|künstler|diseñador"
    ),
    "Science and research": (
        "research|scientist|laborator|chemist|biolog|physicist|forsch|chercheu|investigador|postdoc"
    ),
    "Sales and retail": (
        "sales|retail|store|cashier|merchandis|shop|account executive|business development|verkäuf|vertrieb|vente|vendeu|ventas|"
        "vendedor"
    ),
    "Hotels and restaurants": (
        r"chef\b|cook|waiter|waitress|bartend|barista|hotel|restaurant|hospitality|catering|kellner|koch\b|cuisin|cociner|"
        "housekeep"
    ),
    "Transport and logistics": (
        r"driver|logistic|warehouse|supply chain|truck|pilot\b|dispatch|shipping|freight|fahrer|lager|chauffeur|conductor|almacén"
    ),
    "Construction": (
        r"construction|carpent|plumb|electrician|civil engineer|architect\b|mason|site manager|bauleit|bauingenieur|maçon|albañil|"
        "surveyor|hvac"
    ),
    "Manufacturing": (
        "manufactur|machinist|production|assembl|plant|mechanic|welder|quality control|industrial|maschinen|fertigung|usine|"
        "fábrica|automotive|process engineer"
    ),
    "Energy and utilities": (r"energy|power plant|oil\b|gas\b|solar|wind turbine|utilit|petroleum|energie|énergie"),
    "Public administration": (
        "government|public sector|civil servant|municipal|military|army|navy|police|firefight|beamt|behörde|fonctionnaire|"
        "funcionario"
    ),
    "Social work": (
        r"social work|counselor|community|non-?profit|ngo\b|sozialarbeit|youth|charity|case manager|trabajador social"
    ),
    "Administration and office work": (
        "administrative|secretar|office|clerk|receptionist|executive assistant|data entry|sekretär|sachbearbeit|"
        "assistant administratif"
    ),
    "Real estate": ("real estate|property manag|realtor|immobil|leasing agent"),
    "Agriculture": ("agricultur|farm|garden|forest|landwirt|agricult"),
    "Customer service": (
        "customer|call cent|help ?desk|support specialist|kundenservice|service client|atención al cliente"
    ),
    "Consulting and management": (
        "consult|project manag|program manag|product manag|operations manag|general manager|strategy|berater|business analyst|"
        r"chief|ceo\b|coo\b"
    ),
}
_PATTERNS = {name: re.compile(rf"(?<!\w)(?:{words})", re.IGNORECASE) for name, words in _INDUSTRIES.items()}


def industries(resume: ParsedResume) -> tuple[str, ...]:
    """At most 3, the one with most months first; by the skills where no role tells."""
    months: Counter[str] = Counter()
    for role in resume.experiences:
        if (industry := _of_role(role)) is not None:
            months[industry] += _length(role, resume)
    if not months:
        months.update(name for skill in resume.skills if (name := _of(skill.label)) is not None)
    whole = sum(months.values())
    ordered = sorted(months, key=lambda name: (-months[name], name))
    return tuple(name for name in ordered if months[name] >= LEAST_SHARE * whole)[:MOST]


def _of_role(role: Experience) -> str | None:
    """By its title, else its employer."""
    values = (role.title, role.employer)
    return next((found for value in values if value and (found := _of(value.text))), None)


def _of(words: str) -> str | None:
    return next((name for name, pattern in _PATTERNS.items() if pattern.search(words)), None)


def _length(role: Experience, resume: ParsedResume) -> int:
    return max(1, union_months([role.months], resume.as_of)) if role.months else UNDATED_MONTHS
