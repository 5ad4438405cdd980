"""Pieces of a resume that tell what was done."""

from services.ai.resume.records import ParsedResume
from services.ai.spans import Span

MOST = 24


def passages(resume: ParsedResume) -> tuple[Span, ...]:
    """Latest role first."""
    return tuple(bullet.span for role in resume.experiences for bullet in role.bullets)[:MOST]
