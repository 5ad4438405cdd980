"""Sentences of a position that tell of work and people."""

import re

from services.ai.spans import Span, span_of

MOST = 24


def position_passages(text: str) -> tuple[Span, ...]:
    found = (span_of(text, m.start(), m.end()) for m in re.finditer(r"[^\n.]+", text))
    return tuple(span for span in found if len(span.text) > 20)[:MOST]
