"""Values that are put together, not chosen from a list: dates, addresses of mails, names of companies, parts of sentences."""

import re
from collections.abc import Callable
from random import Random

from services.ai.resume.pieces.sources import coined

Lists = dict[str, list[str]]
Maker = Callable[[Random], str]

_LEGAL_END = re.compile(
    r",? (Inc\.?|plc|PLC|Ltd\.?|AG|SE|SA|S\.A\.|N\.V\.|Corporation|Corp\.?|Group|Holdings?|Company|Limited)$"
)
_LETTERS = "ABCDEFGHIJKLMNOPRSTUVW"


def makers(lists: Lists) -> dict[str, Maker]:
    """Name of a slot → what fills it."""
    return _names(lists) | _numbers() | _dates(lists) | _addresses(lists)


def _names(lists: Lists) -> dict[str, Maker]:
    def person(random: Random) -> str:
        return f"{random.choice(lists['given'])} {random.choice(lists['surname'])}"

    def company(random: Random) -> str:
        name = random.choice(lists["listed" if random.random() < 0.7 else "firm"])
        return _LEGAL_END.sub("", name) if random.random() < 0.5 else name

    def fragment(random: Random) -> str:
        words = random.choice(lists["sentence"]).split()
        start = random.randrange(max(1, len(words) - 2))
        return " ".join(words[start : start + random.randint(2, 9)])

    return {
        "coined": coined,
        "company": company,
        "fragment": fragment,
        "person": person,
        "tech": lambda random: random.choice(lists["technology" if random.random() < 0.6 else "tool"]),
        "person_upper": lambda random: person(random).upper(),
        "heading_upper": lambda random: random.choice(lists["heading"]).upper(),
        "noun_lower": lambda random: random.choice(lists["noun"]).lower(),
        "initial": lambda random: random.choice(_LETTERS),
        "initials": lambda random: "".join(random.choices(_LETTERS, k=random.randint(2, 5))),
    }


def _numbers() -> dict[str, Maker]:
    def between(low: int, high: int, digits: int = 1) -> Maker:
        return lambda random: f"{random.randint(low, high):0{digits}}"

    return {
        "year": between(1975, 2026),
        "number": between(1, 400),
        "street_number": between(1, 9999),
        "zip": between(501, 99950, digits=5),
        "zip_de": between(1067, 99998, digits=5),
    }


def _dates(lists: Lists) -> dict[str, Maker]:
    def span(random: Random) -> str:
        first, dash = random.randint(1985, 2023), random.choice((" - ", " – ", "-", " to ", " bis "))
        last = random.choice((str(first + random.randint(0, 6)), "Present", "heute", "Now", "present", "Current"))
        month = random.choice(("", random.choice(lists["month"]) + " ", f"{random.randint(1, 12):02}/"))
        return f"{month}{first}{dash}{month if last.isdigit() else ''}{last}"

    def date(random: Random) -> str:
        mark = random.choice("./-")
        return f"{random.randint(1, 28):02}{mark}{random.randint(1, 12):02}{mark}{random.randint(1960, 2025)}"

    def duration(random: Random) -> str:
        return f"{random.randint(1, 9)} {random.choice(('years', 'yrs', 'months', 'Jahre', 'ans', 'años', 'mos'))}"

    return {"date_range": span, "date": date, "duration": duration}


def _addresses(lists: Lists) -> dict[str, Maker]:
    def domain(random: Random) -> str:
        return f"{coined(random).lower()}.{random.choice(('com', 'io', 'org'))}"

    def phone(random: Random) -> str:
        first = random.choice(("+1 ", "(0", "+49 ", "+91-", ""))
        return f"{first}{random.randint(100, 999)} {random.randint(100, 999)}-{random.randint(1000, 9999)}"

    def word(random: Random) -> str:
        return f"{random.choice(lists['noun']).lower()}{random.randint(1, 99)}"

    return {
        "phone": phone,
        "email": lambda random: f"{word(random)}@{domain(random)}",
        "url": lambda random: random.choice(("https://", "www.", "http://www.")) + domain(random),
        "url_path": lambda random: f"{domain(random)}/{random.choice(('in', 'r', 'u'))}/{word(random)}",
    }
