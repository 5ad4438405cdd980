"""What the sandbox costs: a two-page PDF read here, by the pool's children, and what bare readers take for its text alone."""

import io
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files

import pypdf
import pypdfium2
from rich.progress import track
from rich.table import Table

from services.ai.documents import Kind, Pool, readers, scan_file

RESUME = (files("services.demo") / "resumes" / "john-doe.pdf").read_bytes()
ROUNDS, TOGETHER = 30, 8
BARE, PYPDF = "pypdfium2, text only", "pypdf, text only"


def table() -> Table:
    """Medians of interleaved rounds, so that what else the machine does hits all alike; then many at once."""
    made = Table(title="A two-page PDF to text")
    for column in ("how", "median ms", "of in-process", "x pypdf", "of bare pypdfium2"):
        made.add_column(column, justify="left" if column == "how" else "right")
    with Pool(2) as pool:
        ways: dict[str, Callable[[], object]] = {
            "in this process": lambda: readers.read(RESUME, Kind.PDF),
            "in a sandboxed child": lambda: pool.extract(RESUME, Kind.PDF),
            "the same, scanned before": lambda: _scanned(pool),
            BARE: _by_pypdfium2,
            PYPDF: _by_pypdf,
        }
        took = _interleaved(ways)
        for name, seconds in took.items():
            made.add_row(
                name,
                f"{1000 * seconds:.1f}",
                f"{took['in this process'] / seconds:.2f}",
                f"{took[PYPDF] / seconds:.1f}",
                f"{took[BARE] / seconds:.2f}",
            )
        made.add_row(f"two children, {TOGETHER} at once", f"{1000 * _together(pool):.1f} each", "", "", "")
    return made


def _interleaved(ways: dict[str, Callable[[], object]]) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way()
    for _ in track(range(ROUNDS), "documents"):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            times[name].append(time.perf_counter() - started)
    return {name: statistics.median(taken) for name, taken in times.items()}


def _together(pool: Pool) -> float:
    """Seconds a document."""
    started = time.perf_counter()
    with ThreadPoolExecutor(TOGETHER) as threads:
        list(threads.map(lambda _: pool.extract(RESUME, Kind.PDF), range(ROUNDS)))
    return (time.perf_counter() - started) / ROUNDS


def _scanned(pool: Pool) -> object:
    with pool.open(RESUME, Kind.PDF) as file:
        scan_file(file)
        return file.extract()


def _by_pypdfium2() -> object:
    """What none can undercut that reads by PDFium: its own text, in the order of the file, with all that nobody sees."""
    with pypdfium2.PdfDocument(RESUME) as pdf:
        return [page.get_textpage().get_text_range() for page in pdf]


def _by_pypdf() -> object:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(RESUME)).pages]
