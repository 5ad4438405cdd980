"""Skills that a sentence shows without naming them: "Balanced the till and banked the takings" takes handling money."""

from collections.abc import Sequence
from typing import Protocol

from services.ai.skills.linker import Mention
from services.ai.skills.ontology import Ontology
from services.ai.spans import Span

# On 178 sentences of job advertisements people had chosen about half of such skills; of those that the linker finds in words, two thirds.
THRESHOLD = 0.6
# A skill of one word ("control", "oil") is named by chance.
FEWEST_WORDS_OF_A_SKILL = 2
# About 6 ms each, a fifth of the time of reading a resume; the newest role's sentences come first.
MOST_SENTENCES = 10
FEWEST_WORDS, MOST_WORDS = 4, 60


class Ranker(Protocol):
    """Ranks ESCO's skills for sentences."""

    def load(self) -> None:
        """Makes ready what `rank` needs; otherwise its first call does."""

    def rank(self, sentences: Sequence[str], k: int) -> list[list[tuple[str, float]]]:
        """For each sentence up to `k` skills, best first: id, and the chance (0 to 1) that it shows the skill."""


def find_implied(
    sentences: Sequence[Span],
    stated: Sequence[Mention],
    ontology: Ontology,
    ranker: Ranker,
    threshold: float = THRESHOLD,
) -> tuple[Mention, ...]:
    """The likeliest skill of each sentence that names none, if it is likely enough and stated nowhere.

    `sentences`: bullets of dated roles; past 10, and those of fewer than 4 or more than 60 words, are not read. Each skill once,
    where it is likeliest; in order of the text.
    """
    silent = [s for s in sentences if _is_readable(s) and not any(m.span.overlaps(s) for m in stated)][:MOST_SENTENCES]
    known = {mention.skill_id for mention in stated}
    best: dict[str, Mention] = {}
    for span, ranked in zip(silent, ranker.rank([s.text for s in silent], 1), strict=True):
        for skill_id, confidence in ranked:
            label = ontology.skills[skill_id].label
            told = len(label.split()) >= FEWEST_WORDS_OF_A_SKILL and skill_id not in known
            if told and confidence >= threshold:
                mention = Mention(skill_id, label, span, implied=True, confidence=confidence)
                best[skill_id] = max(best.get(skill_id, mention), mention, key=lambda m: m.confidence)
    return tuple(sorted(best.values(), key=lambda m: m.span.start))


def _is_readable(span: Span) -> bool:
    return FEWEST_WORDS <= len(span.text.split()) <= MOST_WORDS
