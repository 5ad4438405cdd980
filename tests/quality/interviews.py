"""Interviews: are questions on all that a resume does not prove, and on nothing else, and does feedback tell answers apart?"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean, median

from rich.progress import track
from rich.table import Table

from services.ai.interviews import Asked, Question, feedback, is_unproved, language_for, questions
from services.ai.matching import Proof, RequirementKind
from services.ai.skills import Ontology, SkillLinker, load
from tests.quality.growth_sources import Pair, pairs

NEEDS = "livecareer"
PAIRS = 400
SEED = 20261126
# Of each preparation so many questions are answered.
ANSWERED = 3
TIED = "another person's, tied to the question"
NAMES = (
    "own evidence",
    "another person's",
    "the question",
    "the rubric",
    "question and rubric with evidence",
    "the name in a list",
    TIED,
)
# What ties evidence to a question: in the person's own words. Without it an answer leaves the question open.
TIES = {
    "en": "There I used what comes nearest to {label} with my colleagues every week.",
    "de": "Dort habe ich jede Woche mit meinem Team das getan, was {label} am nächsten kommt.",
    "fr": "J'ai fait là-bas chaque semaine avec mon équipe ce qui est le plus proche de {label}.",
    "es": "Allí hice cada semana con mi equipo lo que está más cerca de {label}.",
}


def table(data: Path) -> list[Table]:
    """Questions and feedback over people and positions."""
    ontology = load()
    found = list(pairs(data, PAIRS, SkillLinker(ontology), ontology))
    made = [(pair, _made(pair, ontology)) for pair in track(found, "questions")]
    return [_questions(made), _feedback([(pair, asked) for pair, asked in made if asked])]


def _made(pair: Pair, ontology: Ontology) -> tuple[Question, ...]:
    return questions(pair.asked, pair.resume, language_for(pair.text), ontology)


def _is_proved(pair: Pair, asked: Asked) -> bool:
    """By the engine's rule, or since dated work shows the very skill, whatever the rule says."""
    used = {fact.skill_id for fact in pair.candidate.skills if fact.proof is Proof.USED and fact.months}
    return not is_unproved(asked) or (asked.kind is RequirementKind.SKILL and asked.skill_id in used)


def _questions(made: Sequence[tuple[Pair, Sequence[Question]]]) -> Table:
    counts = Counter[str]()
    for pair, asked in made:
        labels = {(one.label.casefold(), one.requirement) for one in asked}
        proved = {(one.label.casefold(), one.span) for one in pair.asked if _is_proved(pair, one)}
        counts["questions"] += len(asked)
        counts["about proved"] += len(labels & proved)
        spans = {one.requirement for one in asked} | {one.label for one in asked}
        for one in pair.asked:
            if one.must and is_unproved(one):
                counts["must"] += 1
                counts["must asked"] += one.span in spans or one.label in spans
        counts["with outline"] += sum(one.outline is not None for one in asked)
        counts["with evidence"] += sum(bool(one.evidence) for one in asked)
    whole = counts["questions"]
    shown = Table(title=f"Questions for {len(made)} people, each with one position")
    for column in ("what", "share", "goal", "of"):
        shown.add_column(column, justify="left" if column == "what" else "right")
    for name, part, of, goal in (
        ("questions about requirements that are proved", counts["about proved"], whole, "0.000"),
        ("requirements that must be met and are not proved: asked", counts["must asked"], counts["must"], "1.000"),
        ("questions with an outline", counts["with outline"], whole, ""),
        ("questions with evidence of one's own", counts["with evidence"], whole, ""),
    ):
        shown.add_row(name, f"{part / of:.3f}" if of else "-", goal, str(of))
    sizes = [len(asked) for _, asked in made]
    shown.caption = (
        f"Questions a position: median {median(sizes):.0f}, most {max(sizes)}. Proved: by the rules of the engine's reasons, or since"
        " dated work shows the very skill."
    )
    return shown


def _feedback(made: Sequence[tuple[Pair, Sequence[Question]]]) -> Table:
    draw, scores = random.Random(SEED), dict[str, list[int]]()
    for place, (_, asked) in enumerate(track(made, "feedback")):
        other = made[(place + len(made) // 2) % len(made)][1]
        for one in draw.sample(list(asked), min(ANSWERED, len(asked))):
            if one.outline and one.outline.action:
                for name, answer in zip(NAMES, _answers(one, draw.choice(list(other))), strict=True):
                    scores.setdefault(name, []).append(feedback(one, answer).score)
    good = scores[NAMES[0]]
    shown = Table(title=f"Feedback on answers to {len(good)} questions")
    for column in ("answer", "mean score", "the good one scores more", "goal"):
        shown.add_column(column, justify="left" if column == "answer" else "right")
    shown.add_row("own evidence, tied to the question", f"{mean(good):.0f}", "", "")
    for name in NAMES[1:]:
        better = sum(a > b for a, b in zip(good, scores[name], strict=True)) / len(good)
        shown.add_row(name, f"{mean(scores[name]):.0f}", f"{better:.3f}", "" if name == TIED else "0.950")
    shown.caption = (
        "Answers are put together from outlines: situation, action, result. Another person's: the same of somebody else, without a word"
        " of what is asked for. Two name it, in copies and in a list. The last is another person's with the sentence that ties"
        " the good one to the question: rules of this kind cannot tell whose deeds they read, and do not claim to."
    )
    return shown


def _answers(one: Question, other: Question) -> Iterator[str]:
    own, rubric = " ".join(_told(one)), " ".join(f"{line.text}." for line in one.rubric)
    yield f"{own} {TIES[_language(one)].format(label=one.label)}"
    yield " ".join(_told(other))
    yield one.text
    yield rubric
    yield f"{one.text} {rubric} {' '.join(_told(other))}"
    yield f"{one.label}, {', '.join(one.terms)}, 35%, 2019."
    yield f"{' '.join(_told(other))} {TIES[_language(one)].format(label=one.label)}"


def _told(one: Question) -> Iterator[str]:
    """An outline as sentences."""
    if one.outline:
        place = ", ".join(" ".join(span.text.split()) for span in one.outline.situation)
        yield f"When I was {place}, it came up."
        spans = (*one.outline.action, *((one.outline.result,) if one.outline.result else ()))
        yield from (" ".join(span.text.split()).rstrip(".") + "." for span in spans)


def _language(one: Question) -> str:
    return language_for(one.text)
