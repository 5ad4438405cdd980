"""Where the work is, where the text says so in so many words."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from services.ai.matching.features import Origin, Place, Requirement, RequirementKind
from services.ai.matching.requirements.making import Here, identity
from services.ai.matching.requirements.sections import Section

_CODES = (
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA "
    "RI SC SD TN TX UT VT VA WA WV WI WY DC"
)
_STATES = frozenset(_CODES.split())
_LONG = (
    "alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia|hawaii|idaho|illinois|"
    "indiana|iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi|missouri|"
    "montana|nebraska|nevada|new hampshire|new jersey|new mexico|new york|north carolina|north dakota|ohio|oklahoma|"
    "oregon|pennsylvania|rhode island|south carolina|south dakota|tennessee|texas|utah|vermont|virginia|washington|"
    "west virginia|wisconsin|wyoming"
)
_STATE_NAMES = frozenset(_LONG.split("|"))
_WORD = r"(?:[A-ZÀ-Þ][\w'’.ß-ÿ-]*)"
_NAME = rf"{_WORD}(?:[ -](?:{_WORD}|am|an der|de|del|la|of|on|upon|den|le|les)){{0,3}}"
_LABELLED = re.compile(
    rf"(?i:(?<![\w-])(?:(?:job |work |office |primary )?locations?(?:/trust)?|place of work|work site|based|base"
    rf"|city|standort|arbeitsort|einsatzort|dienstort|lieu(?: de travail)?|localisation|ubicación|lugar de trabajo"
    rf"|localidad))\s*:\s*(?P<place>{_NAME}(?:,\s*{_NAME}){{0,2}})"
)
_BASED = re.compile(
    rf"(?i:(?<![\w-])(?:(?:is|be|role|position|job|post|you|will be|are|office|vacancy|opportunity|work"
    rf"|working)\s+(?:primarily |mainly |currently )?(?:based|located)\s+(?:in|at|out of)|(?:in|for|at) our"
    rf"|am standort|in unserem büro in|basé(?:e)? (?:à|en)|situé(?:e)? à|con sede en|ubicad[oa] en|must (?:live"
    rf"|reside) in|commutable to|on-?site in|office in|vor ort in|hybrid in|remote in"
    rf"|remote within))\s+(?:the\s+)?(?P<place>{_NAME}(?:,\s*{_NAME}){{0,2}})"
)
_HINTS = (
    "locat",
    "place of work",
    "work site",
    "based",
    "base:",
    "basé",
    "city:",
    "ort",
    "büro",
    "lieu",
    "situé",
    "ubica",
    "lugar",
    "localidad",
    "sede",
    "reside",
    "live in",
    "commut",
    "site in",
    "office in",
    "at our",
    "in our",
    "for our",
    "remote in",
    "remote within",
    "in ",
    "at ",
    ",",
    "hybrid in",
    "in ",
    "at ",
)
# What follows "based" may name an office or a hospital first, and its town within so many letters.
_FAR = 70
_NEAR = re.compile(
    r"(?<![\w-])(?:based|located|working)\s+(?:primarily |mainly |currently )?(?:at|in|within|across|from"
    r"|out of)\b|(?:join (?:us|them|our team|the team)|vacanc(?:y|ies)|posts?|positions?|site|office|practices?"
    r"|opportunit(?:y|ies)[\w\s]{0,20}|surgery|hospital)\s*(?:at|in|across)\s(?:both\s)?",
    re.IGNORECASE,
)
# A house that is named after its town.
_HOUSE = re.compile(
    r"(?:[,\s]+(?:University|General|District|Royal|Community|Teaching|Memorial|County|City|Road|Park|North|South|East|West|House|Health))*"
    r"[,\s]+(?i:hospitals?|infirmary|sites?|campus|office|clinic|surgery|depot|branch|school|hospice|practice)\b"
)
_CAPITAL_WORDS = re.compile(r"[A-ZÀ-Þ][\w'’-]*,?(?: (?:[A-ZÀ-Þ][\w'’-]*,?|upon|on|le))*")
_IN_STATE = re.compile(
    rf"(?<![\w-])(?:in|at|near|Location|location|downtown)\s+(?P<place>{_NAME},\s*(?:[A-Z]{{2}}(?![\w])"
    rf"|[A-Z][a-z]+(?: [A-Z][a-z]+)?))"
)
_WITH_STATE = re.compile(rf"(?P<city>{_NAME}),\s*(?P<state>[A-Z]{{2}})(?:,?\s+\d{{5}})?(?![\w])")


def find_places(here: Here) -> Iterator[Requirement]:
    """`Location: X`, `based in X`, `in X, TX`, when X is a place we can name."""
    text, clause = here.text, here.clause
    if not here.has(_HINTS):
        return
    aside = clause.section is Section.ASIDE
    for pattern in (_LABELLED, _BASED) if aside else (_LABELLED, _BASED, _IN_STATE):
        for match in pattern.finditer(text, clause.start, clause.end):
            place = read_place(match["place"], sure=pattern is _LABELLED)
            if place is not None:
                yield _asked(here, place, *match.span("place"))
                return
    for match in () if aside else _NEAR.finditer(text, clause.start, clause.end):
        found = _city_within(text, match.end(), min(clause.end, match.end() + _FAR))
        if found:
            yield _asked(here, *found)
            return


def find_houses(here: Here) -> Iterator[Requirement]:
    """`Newham University Hospital`, `the Wythenshawe site`: where no text says in so many words where the work is."""
    text, clause = here.text, here.clause
    for match in _CAPITAL_WORDS.finditer(text, clause.start, clause.end):
        found = _city_within(text, match.start(), match.end())
        if found and _HOUSE.match(text, found[2], min(clause.end, found[2] + _FAR)):
            yield _asked(here, *found)
            return


def _asked(here: Here, place: Place, start: int, end: int) -> Requirement:
    while here.text[end - 1] == ".":
        end -= 1
    return here.make(RequirementKind.PLACE, label(place), start, end, place=place, must=True)


def _city_within(text: str, start: int, end: int) -> tuple[Place, int, int] | None:
    """The first town known by name: `based at the Royal United Hospital Bath`."""
    _, cities = _known()
    for match in _CAPITAL_WORDS.finditer(text, start, end):
        words = list(re.finditer(r"\S+", match[0]))
        for first in range(len(words)):
            for last in (first + 1, first):
                if (
                    last < len(words)
                    and (name := match[0][words[first].start() : words[last].end()].strip(",.")).lower() in cities
                ):
                    at = match.start() + words[first].start()
                    return Place(name, "", cities[name.lower()]), at, at + len(name)
    return None


def of_title(title: str) -> Requirement | None:
    """`Data Engineer (Berlin)`, `Nurse - Leeds`."""
    for part in re.findall(r"[(–|-]\s*([^()–|-]{3,40})", title):
        place = read_place(part.strip(), sure=False)
        if place is not None:
            name = label(place)
            found = identity(RequirementKind.PLACE, name, {})
            return Requirement(found, RequirementKind.PLACE, name, True, None, place=place, origin=Origin.POSITION)
    return None


def label(place: Place) -> str:
    """`Berlin, DE`."""
    return ", ".join(part for part in (place.city, place.region, place.country) if part)


def read_place(words: str, sure: bool) -> Place | None:
    """A place from its parts; `sure`: a label says that it is one, so that a town nobody knows may be named with its state."""
    state = _WITH_STATE.match(words)
    if state and state["state"] in _STATES and (sure or len(state["city"]) > 2):
        return Place(state["city"], state["state"], "US")
    parts = [part.strip(" .") for part in words.split(",")]
    countries, cities = _known()
    last = parts[-1].lower()
    if len(parts) > 1 and last in _STATE_NAMES:
        return Place(parts[0].removeprefix("downtown "), parts[-1], "US")
    if len(parts) > 1 and last in countries:
        region = parts[1] if len(parts) > 2 else ""
        return Place(parts[0], region, countries[last])
    for part in (parts[0], parts[0].split(" ")[0]):
        if part.lower() in cities:
            return Place(part, "", cities[part.lower()])
        if part.lower() in countries and len(part) > 3:
            return Place("", "", countries[part.lower()])
    return None


@cache
def _known() -> tuple[dict[str, str], dict[str, str]]:
    """Codes by names of countries, and by names of cities."""
    countries: dict[str, str] = {}
    cities: dict[str, str] = {}
    for line in files(__package__).joinpath("places.txt").read_text(encoding="utf-8").splitlines()[1:]:
        code, _, rest = line.partition(" ")
        names, _, towns = rest.partition(";")
        countries |= {name.strip(): code for name in names.split(",")}
        cities |= {town.strip(): code for town in towns.split(",") if town.strip()}
    return countries, cities
