"""What is paid: ranges, thousands, currencies, any period → minor units a year."""

import re
from collections.abc import Iterator

from services.ai.matching.features import Pay, Requirement, RequirementKind
from services.ai.matching.requirements.making import Here

HOURS, DAYS, WEEKS, MONTHS = 2080, 260, 52, 12
"""Of work a year: 52 weeks of 5 days of 8 hours."""
# In whole units a year; less is an allowance or a price, more a turnover.
LEAST, MOST = 4_000, 3_000_000
_CURRENCIES = {
    "£": "GBP",
    "€": "EUR",
    "$": "USD",
    "₹": "INR",
    "gbp": "GBP",
    "eur": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "usd": "USD",
    "chf": "CHF",
    "cad": "CAD",
    "aud": "AUD",
    "inr": "INR",
    "pln": "PLN",
    "sek": "SEK",
}
_SIGNS = tuple(_CURRENCIES)
_SIGN = r"(?:£|€|US\$|CA\$|A\$|\$|₹|(?<![A-Za-z])(?:GBP|EUR|USD|CHF|CAD|AUD|INR|PLN|SEK|Euros?)(?![A-Za-z]))"
_AMOUNT = r"\d{1,3}(?:[.,'’ ]\d{3}){1,2}(?:[.,]\d{2})?(?!\d)|\d{1,6}(?:[.,]\d{1,2})?(?!\d)"
_PAY = re.compile(
    rf"(?P<s1>{_SIGN})?\s?(?P<low>{_AMOUNT})\s?(?P<k1>k(?![A-Za-z])|K(?![A-Za-z]))?\s?(?P<s2>{_SIGN})?"
    rf"(?:\s*(?P<to>-|–|—|to|bis|à|a|and|und|et|y|up to|rising to"
    rf"|/year to)\s*(?P<s3>{_SIGN})?\s?(?P<high>{_AMOUNT})\s?(?P<k2>k(?![A-Za-z])"
    rf"|K(?![A-Za-z]))?\s?(?P<s4>{_SIGN})?)?",
)
_PERIODS = (
    (
        HOURS,
        r"(?:an|per|/|each|a)\s*(?:hour|hr)s?\b|hourly|p\.?h\b|/\s?h\b|ph\b|pro stunde|die stunde|/ ?stunde|par heure"
        r"|/ ?heure|de l['’]heure|por hora|/ ?hora",
    ),
    (DAYS, r"(?:a|per|/|each)\s*day\b|daily|p\.?d\b|pro tag|/ ?tag\b|par jour|/ ?jour|por día|tjm"),
    (WEEKS, r"(?:a|per|/|each)\s*week\b|weekly|pro woche|par semaine|por semana"),
    (
        MONTHS,
        r"(?:a|per|/|each)\s*month\b|monthly|p\.?c\.?m\b|(?:pro|im|/) ?monat|monatlich|par mois|/ ?mois|mensuel\w*"
        r"|al mes|/ ?mes\b|mensual\w*|por mes",
    ),
    (
        1,
        r"(?:an?|per|/|each)\s*(?:year|annum|yr)\b|p\.?\s?a\b\.?|annual\w*|yearly|(?:pro|im|/) ?jahr|jährlich\w*"
        r"|brutto|par an\b|/ ?an\b|annuel\w*|brut\b|al año|/ ?año|anual\w*|brutos?|pro[- ]rata|base\b",
    ),
)
_PERIOD_PATTERNS = tuple((times, re.compile(rf"(?<![A-Za-z])(?:{words})", re.IGNORECASE)) for times, words in _PERIODS)
_PAID = re.compile(
    r"(?<!\w)(?:salar(?:y|ies)|pay(?: rate| band| range| scale)?|paying|compensation|wages?|rate|remuneration"
    r"|earn(?:ing)?s?|base|ote|stipend|band \d\w?|per annum|gehalt|vergütung|stundenlohn|salaire|rémunération"
    r"|salario|sueldo|retribución|retribution)(?!\w)",
    re.IGNORECASE,
)
_NOT_PAY = re.compile(
    r"(?:bonus(?:es)?|turnover|budgets?|revenues?|funding|raised|invest\w*|worth|valued|cost(?:s|ing)?|fees?"
    r"|charges?|check:?|voucher|reimburse\w*|allowance|contribut\w+|grants?|sav(?:e|ing|ings)|up to|spend|assets"
    r"|sales|refer\w*|relocation|stipend|payment of|premium of|welcome|golden hello|deposit|deduct\w+|insurance"
    r"|accommodation|parking|rent|night|meals?"
    r"|over|population|serving|employs?)\W+(?:\w+\W+){0,4}$",
    re.IGNORECASE,
)
_NOT_PAY_AFTER = re.compile(
    r"\s*(?:m\b|mn\b|million|billion|bn\b|b\b|mm\b|trillion|\+? ?(?:employees|staff|patients|people)|(?:sign"
    r"|signing|welcome|retention|referral|joining|relocation|annual (?:training|learning)|training|learning)\b"
    r"|bonus|budget|voucher|allowance|administration|application)",
    re.IGNORECASE,
)


def find_pay(here: Here) -> Iterator[Requirement]:
    """The first of a clause that is a range, has a period or stands beside a word for pay."""
    text, clause = here.text, here.clause
    if not here.has(_SIGNS):
        return
    for match in _PAY.finditer(text, clause.start, clause.end):
        pay = _read(text, clause.start, clause.end, match)
        if pay is not None:
            yield here.make(RequirementKind.PAY, label(pay), match.start(), match.end(), pay=pay, must=True)
            return


def label(pay: Pay) -> str:
    """`GBP 24907–30615 a year`."""
    ends = dict.fromkeys(str(round(end / 100)) for end in (pay.minimum, pay.maximum) if end is not None)
    return f"{pay.currency} {'–'.join(ends)} a year"


def _read(text: str, since: int, stop: int, match: re.Match[str]) -> Pay | None:
    sign = next((match[group] for group in ("s1", "s2", "s3", "s4") if match[group]), None)
    if sign is None:
        return None
    before, after = (
        text[max(since, match.start() - 60) : match.start()],
        text[match.end() : min(stop, match.end() + 40)],
    )
    if _NOT_PAY_AFTER.match(after) or (_NOT_PAY.search(before) and not _PAID.search(before[-25:])):
        return None
    times = _period(after) or _period(before[-25:])
    if times is None and not match["high"] and not _PAID.search(before):
        return None
    thousands = bool(match["k1"] or match["k2"])
    low = _amount(match["low"], thousands)
    high = _amount(match["high"], thousands) if match["high"] else None
    return _yearly(
        low, high, times or 1, _CURRENCIES.get(sign.lower().lstrip("usca") if "$" in sign else sign.lower(), "USD")
    )


def _yearly(low: float, high: float | None, times: int, currency: str) -> Pay | None:
    if not LEAST <= low * times <= MOST:
        return None
    if high is not None and not low <= high <= low * 5:
        return None
    top = low if high is None else high
    return Pay(round(low * times * 100), round(top * times * 100), currency)


def _period(words: str) -> int | None:
    """The nearest."""
    found = [(match.start(), times) for times, pattern in _PERIOD_PATTERNS if (match := pattern.search(words))]
    return min(found)[1] if found else None


def _amount(words: str, thousands: bool) -> float:
    found = _number(words)
    return found * 1000 if thousands and found < 1000 else found


def _number(words: str) -> float:
    """`24,907`, `60.000`, `16.46`, `1 200`: a mark before three digits parts thousands."""
    bare = re.sub(r"[.,'’ ](?=\d{3}(?:\D|$))", "", words)
    return float(bare.replace(",", "."))
