"""What an answer has of a rubric, by fixed rules: no model, no chance, the same for everybody.

A line of the rubric is met or not: saying it again brings nothing. Only sentences with words of their own count (`echoes`). An answer
that does not speak about the question scores 0, however well it is told.
"""

from collections.abc import Callable, Mapping, Sequence

from services.ai.interviews import cues
from services.ai.interviews.echoes import counted
from services.ai.interviews.folding import STEM, folded, stems, words
from services.ai.interviews.records import Answer, Feedback, Question

# Of a name of several words so much must be there.
MOST_OF_A_NAME = 0.6
# What a line of an answer counts; a result is what most answers lack.
WEIGHTS: Mapping[str, int] = {"names": 20, "situation": 20, "action": 20, "result": 25, "gap": 15}


def feedback(question: Question, answer: str) -> Feedback:
    sources = (question.text, *(line.text for line in question.rubric))
    if question.requirement:
        sources = (*sources, question.requirement.text)
    told = counted(answer, sources)
    held = {line.key: bool(told) and _RULES[line.key](question, told) for line in question.rubric}
    met = tuple(line.text for line in question.rubric if held[line.key])
    missing = tuple(line.text for line in question.rubric if not held[line.key])
    whole = sum(WEIGHTS[line.key] for line in question.rubric)
    share = sum(WEIGHTS[line.key] for line in question.rubric if held[line.key])
    return Feedback(met, missing, round(100 * share / whole) if held.get("names") else 0)


def _names(question: Question, told: Answer) -> bool:
    return any(_named(term, sentence) for sentence in told for term in question.terms)


def _named(term: str, sentence: str) -> bool:
    asked, found = words(term), words(sentence)
    if len(asked) == 1:
        return any(_is_same(asked[0], word) for word in found)
    wanted, had = set(stems(asked)), set(stems(found))
    if not wanted:
        return f" {term} " in f" {' '.join(found)} "
    return len(wanted & had) >= max(MOST_OF_A_NAME * len(wanted), min(2, len(wanted)))


def _is_same(one: str, other: str) -> bool:
    """A short name must be the very word."""
    return one == other or (len(one) > STEM and len(other) > STEM and one[:STEM] == other[:STEM] and one.isalpha())


def _situation(question: Question, told: Answer) -> bool:
    texts = [f" {folded(sentence)} " for sentence in told]
    at_own = any(f" {place} " in text for text in texts for place in question.places)
    return at_own or any(map(cues.tells_situation, told))


_RULES: Mapping[str, Callable[[Question, Sequence[str]], bool]] = {
    "names": _names,
    "situation": _situation,
    "action": lambda _, told: any(map(cues.tells_action, told)),
    "result": lambda _, told: any(map(cues.tells_result, told)),
    "gap": lambda _, told: any(map(cues.tells_gap, told)),
}
