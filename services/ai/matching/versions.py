"""What computed a score: a change of code, weights, model or ontology is another version."""

import functools
from hashlib import sha256
from pathlib import Path

_CODE = Path(__file__).parent
# What the scorer's own files use, and what it computes would change with.
_ALSO = (
    _CODE.parent / "months.py",
    _CODE.parent / "spans.py",
    _CODE.parent / "credentials.py",
    _CODE.parent / "titles" / "fit.py",
)
_DIGITS = 12


@functools.cache
def code_version() -> str:
    """Of the code and the default weights, from their very bytes."""
    digest = sha256()
    for file in sorted([*_CODE.rglob("*.py"), *_CODE.rglob("*.toml"), *_ALSO]):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:_DIGITS]


def engine_version(ontology: str, *models: str) -> str:
    """`match-CODE/ONTOLOGY/MODEL…`."""
    return "/".join((f"match-{code_version()}", ontology, *models))
