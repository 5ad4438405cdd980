"""What is found in a resume: how it is worked out, kept with the resume, and taken up again for the same bytes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from services.ai import codec, documents
from services.ai.documents import Box, Document
from services.ai.embedding import Encoder, Vector
from services.ai.embedding.minilm import DECIMALS
from services.ai.resume import ENGINE_VERSION, ParsedResume, analyse, names_in, portrait, with_skills
from services.ai.resume.analysis import ANALYSIS_VERSION
from services.ai.resume.analysis_comparison import Comparison, compare
from services.ai.skills import Mention, Ranker, SkillLinker, find_implied, load
from services.ai.spans import Span
from services.careerforge.tables import Resume

# Of what is concealed, this much is shown with a result; the resume has all of it.
MOST_CONCEALED, MOST_CONCEALED_LETTERS = 20, 200


@dataclass(frozen=True, slots=True)
class Finding:
    """Before it is stored, or as it was."""

    document: Document
    resume: ParsedResume
    vector: Vector


def vector_version(engine_version: str) -> str:
    return engine_version.rpartition("/")[2]


@dataclass(frozen=True)
class Engine:
    """What finds. `linker` is built when first asked for: servers need none."""

    encoder: Encoder
    linker: Callable[[], SkillLinker]
    ranker: Ranker

    @property
    def version(self) -> str:
        """Changes with whatever changes a finding. That of vectors stands last: `vector_version`."""
        return "/".join(
            (documents.VERSION, ENGINE_VERSION, ANALYSIS_VERSION, self.linker().version, self.encoder.version)
        )

    def link(self, resume: ParsedResume, document: Document) -> ParsedResume:
        stated = self.linker().link(document.text, exclude=names_in(resume))
        bullets = [bullet.span for role in resume.experiences if role.months for bullet in role.bullets]
        return with_skills(resume, document, (*stated, *find_implied(bullets, stated, load(), self.ranker)))

    def link_words(self, text: str, lines: Sequence[Span]) -> tuple[Mention, ...]:
        """Skills in what a person wrote; `lines` of dated roles may imply some."""
        stated = self.linker().link(text)
        return (*stated, *find_implied(lines, stated, load(), self.ranker))

    def embed(self, resume: ParsedResume, document: Document) -> Vector:
        return self.encoder.encode(portrait(document, resume))

    def compare(self, finding: Finding, position_text: str) -> Comparison:
        return compare(finding.resume, finding.vector, position_text, self.linker(), self.encoder)


def to_hundredths(document: Document) -> Document:
    """The same with places in hundredths of a point: readers give seven digits of noise, which fill two thirds of what is stored."""
    lines = tuple(replace(line, box=_box(line.box), edges=_hundredths(line.edges)) for line in document.lines)
    sizes = tuple((round(width, 2), round(height, 2)) for width, height in document.page_sizes)
    concealed = tuple(replace(one, box=_box(one.box)) for one in document.concealed)
    return replace(document, lines=lines, page_sizes=sizes, concealed=concealed)


def _hundredths(numbers: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(round(number, 2) for number in numbers)


def _box(box: Box) -> Box:
    left, top, right, bottom = box
    return round(left, 2), round(top, 2), round(right, 2), round(bottom, 2)


def result_of(finding: Finding, byte_size: int) -> dict[str, Any]:
    """What is stored with an analysis."""
    concealed = finding.document.concealed
    shown = [replace(c, text=c.text[:MOST_CONCEALED_LETTERS]) for c in concealed[:MOST_CONCEALED]]
    return {
        "analysis": codec.to_json(analyse(finding.document, finding.resume, byte_size)),
        "years_of_experience": finding.resume.years_of_experience,
        "skill_count": len(finding.resume.skills),
        "as_of": finding.resume.as_of.isoformat(),
        "concealed": codec.to_json(shown),
        "concealed_count": len(concealed),
    }


def keep(row: Resume, finding: Finding, version: str) -> None:
    """In the row of the resume. What was concealed goes into `layout`, and nowhere else."""
    document = finding.document
    row.text, row.layout = document.text, codec.to_json(replace(document, text=""))
    row.parsed = {
        "resume": codec.to_json(finding.resume),
        "engine_version": version,
        "page_count": document.page_count,
    }
    row.vector, row.engine_version, row.as_of = list(finding.vector), version, finding.resume.as_of


def kept(row: Resume) -> Finding:
    """What `keep` kept."""
    assert row.parsed is not None
    assert row.vector is not None
    resume = codec.from_json(ParsedResume, row.parsed["resume"])
    # The database keeps 32 bits of each number: rounded again, they are the very numbers that the encoder gave.
    return Finding(document_of(row), resume, tuple(round(float(x), DECIMALS) for x in row.vector))


def document_of(row: Resume) -> Document:
    """Text alone for what was read before lines were kept."""
    if row.layout is None:
        return Document(row.text or "", (), (row.parsed or {}).get("page_count", 0))
    return replace(codec.from_json(Document, row.layout), text=row.text or "")


def is_current(row: Resume, version: str, today: date) -> bool:
    """Whether reading it again would find the same: "until now" means the same month."""
    return row.engine_version == version and row.as_of is not None and row.as_of >= today.replace(day=1)
