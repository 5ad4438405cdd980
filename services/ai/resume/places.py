"""Places: `Berlin, Germany`, `San Francisco, CA 94110`, `Remote`, a known city alone."""

import re
from functools import cache
from importlib.resources import files

_STATES = (
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA "
    "WA WV WI WY DC PR BC AB ON QC MB SK NS NB NL NSW VIC QLD ST UK US USA UAE"
)
_REMOTE = r"(?:fully |100 ?% )?(?:remote|hybrid|on-?site|home ?office|télétravail|teletrabajo)(?: ?\([^)]{2,40}\))?"
_WORD = r"(?:[A-ZÀ-Þ][\w'’.À-ÿ-]*|(?:d'|l')[A-ZÀ-Þ][\w'’À-ÿ-]*)"
_NAME = rf"{_WORD}(?:[ -](?:{_WORD}|am|an der|de|del|di|da|do|la|las|los|le|les|of|on|sur|upon|der|den|im)){{0,3}}"
_ZIP = r"(?: \d{5}(?:-\d{4})?| [A-Z]\d[A-Z] ?\d[A-Z]\d| [A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})?"
_LIKE = re.compile(
    rf"(?:{_REMOTE}|(?:\d{{4,5}} )?{_NAME}(?:, ?{_NAME})?, ?(?:{'|'.join(_STATES.split())})\b\.?{_ZIP}(?:, ?(?:USA?|Canada|United States(?: of America)?))?"
    rf"|(?:\d{{4,5}} )?{_NAME}, ?(?:{_NAME}, ?)?(?P<region>{_NAME}){_ZIP}|(?P<city>(?:\d{{5}} )?{_NAME})(?: ?\((?P<inside>{_NAME}|{_REMOTE})\))?)(?: ?[(/] ?{_REMOTE}\)?)?",
)
_ANY_CASE = re.compile(_REMOTE, re.IGNORECASE)
_ARTICLES = re.compile(r"^(?:the|greater|city of) | (?:area|region|metropolitan area|bay area)$")


@cache
def regions() -> frozenset[str]:
    """Countries, states and regions, lower case, in four languages."""
    return _listed("regions")


@cache
def cities() -> frozenset[str]:
    """Large cities, lower case, in four languages."""
    return _listed("cities")


def _listed(name: str) -> frozenset[str]:
    text = files(__package__).joinpath("places.txt").read_text(encoding="utf-8")
    part = text.split(f"[{name}]\n", 1)[1].split("\n[", 1)[0]
    return frozenset(place.strip() for line in part.splitlines() for place in line.split(",") if place.strip())


def is_place(text: str) -> bool:
    """Whether the whole text is surely a place."""
    return place_score(text) >= 0.5


def place_score(text: str) -> float:
    """0 to 1: how sure the whole text is a place. `City, Country` needs a country we know; a city alone must be known."""
    text = text.strip(" .")
    if len(text) > 60 or not text:
        return 0.0
    if _ANY_CASE.fullmatch(text):
        return 1.0
    match = _LIKE.fullmatch(text.title() if text.isupper() and len(text) > 5 else text)
    if match is None:
        return 0.0
    if region := match["region"]:
        known = _known(region)
        return 0.95 if known else 0.35 if _known(text.split(",")[0]) else 0.1
    if city := match["city"]:
        return 0.9 if _known(city) and len(city) > 2 else 0.1
    return 1.0


def _known(name: str) -> bool:
    bare = _ARTICLES.sub("", re.sub(r"^\d+ ", "", name.lower().strip(" .")))
    return bare in regions() or bare in cities()
