"""Places: `Berlin, Germany`, `San Francisco, CA 94110`, `Remote`, a known city alone."""

import re
from functools import cache
from importlib.resources import files

_STATES = frozenset(
    (
        "AL",
        "AK",
        "AZ",
        "AR",
        "CA",
        "CO",
        "CT",
        "DE",
        "FL",
        "GA",
        "HI",
        "ID",
        "IL",
        "IN",
        "IA",
        "KS",
        "KY",
        "LA",
        "ME",
        "MD",
        "MA",
        "MI",
        "MN",
        "MS",
        "MO",
        "MT",
        "NE",
        "NV",
        "NH",
        "NJ",
        "NM",
        "NY",
        "NC",
        "ND",
        "OH",
        "OK",
        "OR",
        "PA",
        "RI",
        "SC",
        "SD",
        "TN",
        "TX",
        "UT",
        "VT",
        "VA",
        "WA",
        "WV",
        "WI",
        "WY",
        "DC",
        "PR",
        "BC",
        "AB",
        "ON",
        "QC",
        "MB",
        "SK",
        "NS",
        "NB",
        "NL",
        "NSW",
        "VIC",
        "QLD",
        "ST",
        "UK",
        "US",
        "USA",
        "UAE",
    )
)
_REMOTE = r"(?:fully |100 ?% )?(?:remote|hybrid|on-?site|home ?office|télétravail|teletrabajo)(?: ?\([^)]{2,40}\))?"
_ANY_CASE = re.compile(_REMOTE, re.IGNORECASE)
_AND_REMOTE = re.compile(rf" ?[(/,] ?{_REMOTE}\)?$", re.IGNORECASE)
_WORD = r"(?:[A-ZÀ-Þ][\w'’.À-ÿ-]*|(?:d'|l')[A-ZÀ-Þ][\w'’À-ÿ-]*)"
_NAME = re.compile(
    rf"(?:\d{{4,5}} )?{_WORD}(?:[ -](?:{_WORD}|am|an der|de|del|di|da|do|la|las|los|le|les|of|on|sur|upon|der|den|"
    rf"im)){{0,3}}(?: \d{{1,2}})?"
)
_CODE = re.compile(r" ?(?:\d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})$")
# Parts of an address, and so many of them at most; a part with a postal code; a county of the British Isles.
MOST_PARTS = 5
_PART = re.compile(r"(?:(?:ul|al|os|pl|c|av|r)\b[./]? ?)?[A-ZÀ-Þ\d][\w'’./#ºª°À-ÿ-]*(?: [\w'’./#ºª°À-ÿ-]+){0,5}")
_CODED = re.compile(
    rf"(?:\d{{4,6}}|\d{{2}}-\d{{3}}|\d{{3}} \d{{2}}|\d{{4}} [A-Z]{{2}}|[A-Z]{{1,2}}-\d{{4,5}}) {_WORD}(?: {_WORD}){{0,3}}|"
    rf"{_WORD}(?: {_WORD}){{0,3}} (?:[A-Z]{{1,2}}\d[A-Z\d]? ?\d[A-Z]{{2}}|\d{{5,6}}|[A-Z]\d[A-Z] ?\d[A-Z]\d)"
)
_COUNTY = re.compile(r"(?:Co\.?|County) [A-Z]\w+(?: [A-Z]\w+)?")
_HOUSE = re.compile(r"\d")
_OF_STATE = re.compile(r"\b(?:University|College) of ([A-Z][\w ]+)$")
_ARTICLES = re.compile(r"^(?:the|greater) | (?:area|region|metropolitan area|metro area)$")


@cache
def regions() -> frozenset[str]:
    """Countries, states and regions, lower case, in four languages."""
    return _listed("regions")


@cache
def cities() -> frozenset[str]:
    """Large cities, lower case, in four languages."""
    return _listed("cities")


@cache
def towns() -> frozenset[str]:
    """Towns, lower case, many of them words or names as well: for where a town is expected."""
    text = files(__package__).joinpath("towns.txt").read_text(encoding="utf-8")
    return frozenset(text.split("\n")[1:])


def names_town(text: str) -> bool:
    """Whether a text could be the name of a town: known, and no word of organizations."""
    return text.strip(" .").replace("’", "'").lower() in towns()


def _listed(name: str) -> frozenset[str]:
    text = files(__package__).joinpath("places.txt").read_text(encoding="utf-8")
    part = text.split(f"[{name}]\n", 1)[1].split("\n[", 1)[0]
    return frozenset(place.strip() for line in part.splitlines() for place in line.split(",") if place.strip())


def place_score(text: str) -> float:
    """0 to 1: how sure the whole text is a place. `City, Country` needs a country or state we know; a city alone must be known."""
    text = text.strip(" .")
    if not 2 <= len(text) <= 60:
        return 0.0
    if _ANY_CASE.fullmatch(text):
        return 1.0
    text = _AND_REMOTE.sub("", text)
    if inside := re.fullmatch(r"([^()]+) \(([^()]+)\)", text):
        text = f"{inside[1]}, {inside[2]}"
    parts = [part.strip() for part in text.split(",")]
    if text.isupper() and len(text) > 5:
        parts = [part if part in _STATES else part.title() for part in parts]
    return _score(parts)


def address_score(text: str) -> float:
    """0 to 1: how sure the whole text is where somebody lives: parts after commas, the last with a postal code, a county or a country."""
    parts = [part.strip() for part in text.split(",")]
    if not 2 <= len(parts) <= MOST_PARTS or not all(_PART.fullmatch(part) for part in parts):
        return 0.0
    last = parts[-1]
    known = last.rstrip(".") in _STATES or _bare(last) in regions()
    coded = any(_CODED.fullmatch(part) for part in parts[1:]) or _COUNTY.fullmatch(last)
    return 0.95 if coded or (known and (len(parts) > 2 or _HOUSE.search(parts[0]))) else 0.0


def names_campus(text: str) -> bool:
    """`University of California` before a town: of a state, so the town says which."""
    state = _OF_STATE.search(text)
    return state is not None and _bare(state[1]) in regions()


def _score(parts: list[str]) -> float:
    if not _NAME.fullmatch(parts[0]):
        return 0.0
    if len(parts) == 1:
        return 0.9 if _known(parts[0]) else 0.1
    last = _CODE.sub("", parts[-1])
    if len(parts) == 3:
        return 0.95 if _is_region(_CODE.sub("", parts[1])) and _is_region(last) else 0.1
    if len(parts) > 3 or not last:
        return 0.0
    if last.rstrip(".") in _STATES:
        return 1.0
    if _known(last):
        return 0.95
    return 0.35 if _known(parts[0]) and _NAME.fullmatch(last) else 0.1


def _is_region(name: str) -> bool:
    return name.rstrip(".") in _STATES or _bare(name) in regions()


def _known(name: str) -> bool:
    return len(name) > 2 and (_bare(name) in regions() or _bare(name) in cities())


def _bare(name: str) -> str:
    return _ARTICLES.sub("", re.sub(r"^\d+ ", "", name.lower().strip(" .")))
