"""Words that nobody sees: 12 techniques in 100 resumes each. Are they flagged, do they win anything, and is anything else flagged?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.progress import track
from rich.table import Table

from services.ai.documents import Concealment, Document, DocumentError, Kind
from services.ai.documents.readers import read
from services.ai.embedding import MiniLM
from services.ai.matching import PositionFeatures, find_requirements, score
from services.ai.resume import parse
from services.ai.resume.analysis_comparison import features
from services.ai.skills import ConceptRanker, SkillLinker, load
from services.careerforge.findings import Engine
from tests.quality.hidden_pdfs import ALL_TECHNIQUES, resume

NEEDS = "resume_files"
RESUMES = 100
# What the position asks for and no resume says.
ASKED = ("Kubernetes", "Terraform", "Rust", "Haskell", "GraphQL", "Ansible", "Elasticsearch", "TensorFlow", "MongoDB")
POSITION = "Platform engineer\nRequirements:\n" + "\n".join(f"- {skill}" for skill in ASKED)
AS_OF = date(2026, 11, 1)
SAID_TO_MACHINES = "said to machines"


@dataclass(slots=True)
class Outcome:
    """Of one technique over all resumes."""

    files: int = 0
    flagged: int = 0
    leaked: int = 0
    gains: int = 0


def table(data: Path) -> list[Table]:
    """Flags and gains by technique; flags on clean lines, made and real."""
    value = _scorer()
    outcomes = {name: Outcome() for name in ALL_TECHNIQUES}
    clean = [read(resume(number), Kind.PDF) for number in range(RESUMES)]
    for number in track(range(RESUMES), "hidden text"):
        for name, outcome in outcomes.items():
            _count(outcome, name, clean[number], read(resume(number, ASKED, name), Kind.PDF), value)
    return [_techniques(outcomes), _false_flags(clean, data)]


def _scorer() -> Callable[[Document], float]:
    """As the product scores: the person is left out of skills and vector."""
    encoder, linker = MiniLM(), SkillLinker(load())
    engine = Engine(encoder, lambda: linker, ConceptRanker.over(load()))
    position = PositionFeatures(find_requirements(POSITION, linker), encoder.encode(POSITION))

    def value(document: Document) -> float:
        parsed = engine.link(parse(document, AS_OF), document)
        return score(features(parsed, engine.embed(parsed, document)), position).value

    return value


def _count(
    outcome: Outcome, name: str, clean: Document, injected: Document, value: Callable[[Document], float]
) -> None:
    words = {word.lower() for word in (ASKED[:3] if name == SAID_TO_MACHINES else ASKED)}
    said = " ".join(c.text for c in injected.concealed).lower()
    outcome.files += 1
    outcome.flagged += sum(word in said for word in words) >= 0.9 * len(words)
    outcome.leaked += any(word in injected.text.lower() for word in words)
    # The same text has the same score: what is equal need not be computed.
    outcome.gains += injected.text != clean.text and value(injected) > value(clean) + 1e-9


def _techniques(outcomes: dict[str, Outcome]) -> Table:
    files = sum(o.files for o in outcomes.values())
    shown = Table(title=f"Hidden text, {len(outcomes)} techniques, {files:,} PDFs")
    for column in ("technique", "flag recall", "words in the text", "gains in score"):
        shown.add_column(column, justify="left" if column == "technique" else "right")
    for name, o in [*outcomes.items(), ("all", _sum(outcomes))]:
        shown.add_row(name, f"{o.flagged / o.files:.3f}", str(o.leaked), str(o.gains))
    return shown


def _sum(outcomes: dict[str, Outcome]) -> Outcome:
    every = outcomes.values()
    return Outcome(*(sum(getattr(o, name) for o in every) for name in Outcome.__slots__))


def _false_flags(clean: list[Document], data: Path) -> Table:
    """Of lines in files to which nothing was added, those that were kept back; properties are no lines."""
    shown = Table(title="Lines kept back in files as they are (some of the real files do hide text)")
    for column in ("files", "PDFs", "lines", "kept back", "share"):
        shown.add_column(column, justify="left" if column == "files" else "right")
    folders = {folder.name: folder for folder in sorted((data / NEEDS).iterdir()) if any(folder.glob("*.pdf"))}
    if (data / "livecareer" / "pdf").is_dir():
        folders["livecareer"] = data / "livecareer" / "pdf"
    rows = {"made for this table": clean}
    rows |= {name: list(_documents(folder)) for name, folder in folders.items() if name != "scans"}
    rows["all real"] = [document for name, found in rows.items() if name != "made for this table" for document in found]
    for name, documents in rows.items():
        flags = sum(c.reason is not Concealment.METADATA for d in documents for c in d.concealed)
        lines = sum(len(d.lines) for d in documents) + flags
        shown.add_row(name, str(len(documents)), f"{lines:,}", str(flags), f"{flags / max(1, lines):.4f}")
    return shown


def _documents(folder: Path) -> Iterator[Document]:
    for path in sorted(folder.glob("*.pdf")):
        try:
            yield read(path.read_bytes(), Kind.PDF)
        except DocumentError:
            continue
