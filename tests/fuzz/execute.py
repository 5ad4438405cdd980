"""One execution: a mutated file through everything that looks at files, and what came of it."""

import random
import struct
import sys
import traceback
from collections.abc import Callable

from services.ai.documents import Document, DocumentError, Kind, readers, sniff
from services.ai.documents.inspection import inspector
from services.ai.documents.pictures import reader as pictures
from services.ai.documents.sandbox import answers, child
from services.ai.documents.scanning import yara
from tests.fuzz.corpus import corpus
from tests.fuzz.mutate import flip, mutated, noise

STAGES = ("sniff", "rules", "inspect", "read", "answer")
# What these two break is a service's own process; the others run in a child.
OURS = ("sniff", "rules", "answer")
READ, RECOGNITION, MEMORY, ESCAPED = "read", "needs recognition", "memory", "ESCAPED"
VERDICTS = (READ, *sorted(answers.REASONS), RECOGNITION, MEMORY, ESCAPED)
KINDS = tuple(Kind)
# A PDF takes as long as twenty texts; Word and OpenDocument have most to go wrong.
WEIGHTS = {Kind.PDF: 0.5, Kind.PNG: 1, Kind.JPEG: 1, Kind.TIFF: 1, Kind.DOCX: 12, Kind.ODT: 12}
DEFAULT_WEIGHT = 5


def a_file(seed: int, index: int) -> tuple[Kind, bytes]:
    """The same for the same numbers, in every process."""
    rng = random.Random(f"{seed}:{index}")
    files = corpus()
    kind, data = rng.choices(files, [WEIGHTS.get(kind, DEFAULT_WEIGHT) for kind, _ in files])[0]
    return kind, mutated(data, kind, rng)


def verdict(kind: Kind, data: bytes, rng: random.Random, enter: Callable[[str], None]) -> str:
    """A name of VERDICTS; `enter` is told each stage before it begins."""
    try:
        return _through(kind, data, rng, enter)
    except DocumentError as error:
        return error.reason
    except (MemoryError, RecursionError):
        return MEMORY
    except ImportError as error:
        return RECOGNITION if any(name in str(error) for name in child.RECOGNITION_PACKAGES) else ESCAPED
    except Exception:
        return ESCAPED


def _through(kind: Kind, data: bytes, rng: random.Random, enter: Callable[[str], None]) -> str:
    """Whatever the sniffer says of it, the file is looked into and read as what it was made from: the rest must not rely on it."""
    enter("sniff")
    sniffed: DocumentError | None = None
    try:
        kind = sniff(data)
    except DocumentError as error:
        sniffed = error
    enter("rules")
    yara.match(data)
    enter("inspect")
    try:
        answers.unpack_parts(answers.pack_parts(inspector.inspect(data, kind)))
    except DocumentError as error:
        sniffed = sniffed or error
    enter("read")
    if kind in (Kind.PNG, Kind.JPEG, Kind.TIFF):
        for image in pictures._pages(data):
            pictures._upright(image)
    else:
        document = readers.read(data, kind)
        enter("answer")
        _forge(document, rng)
    if sniffed:
        raise sniffed
    return READ


def _forge(document: Document, rng: random.Random) -> None:
    """The answer of a child arrives as it was sent, and a forged one is refused or sound."""
    answer = answers.pack_document(document)
    arrived = answers.unpack_document(answer)
    if arrived.text.encode() != document.text.encode(errors="replace"):
        raise AssertionError("the text did not arrive")
    try:
        forged = answers.unpack_document(rng.choice((flip, noise))(answer, rng))
    except (ValueError, struct.error):
        return
    if any(not 0 <= line.start <= line.end <= len(forged.text) for line in forged.lines):
        raise AssertionError("a forged line was believed")


def explain(seed: int, index: int) -> str:
    """The traceback of an execution that escaped."""
    kind, data = a_file(seed, index)
    try:
        _through(kind, data, random.Random(index), lambda stage: None)
    except Exception:
        return traceback.format_exc(limit=-4)
    return "not again"


def without_recognition() -> None:
    """It takes seconds a page, and reads pixels, not formats. For the rest of the process: call it in a fork."""
    for name in child.RECOGNITION_PACKAGES:
        sys.modules[name] = None  # type: ignore[assignment]
