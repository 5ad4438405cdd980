"""Growth: is a promised score the one that the engine gives once the skill is there, and do paths put first what comes first?"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from statistics import median

from rich.progress import track
from rich.table import Table

from services.ai.growth import MOST_STEPS, Efforts, Prerequisites, Worth, chosen, ordered
from services.ai.matching import CandidateFeatures, Proof, RequirementKind, SkillFact, score
from services.ai.matching.changes import learning
from services.ai.matching.rescoring import Rescoring
from services.ai.skills import Ontology, SkillLinker, load
from tests.quality.growth_sources import Pair, pairs
from tests.quality.letters_sources import AS_OF

NEEDS = "livecareer"
PAIRS = 400
# Positions that one person is shown the gains of.
TOGETHER = 50


@dataclass(slots=True)
class Tally:
    promises: int = 0
    exact: int = 0
    helpful: int = 0
    paths: int = 0
    in_order: int = 0
    repeated: int = 0
    steps: list[int] = field(default_factory=list)
    hours: list[int] = field(default_factory=list)
    added: int = 0


def table(data: Path) -> list[Table]:
    """Promises and paths over people and the positions that they would be shown."""
    ontology = load()
    found, tally = list(pairs(data, PAIRS, SkillLinker(ontology), ontology)), Tally()
    needs, efforts = Prerequisites(ontology), Efforts(ontology)
    for pair in track(found, "promises"):
        _count(tally, pair, ontology, needs, efforts)
    return [_table(tally, _seconds(found, ontology))]


def _wanted(pair: Pair) -> list[str]:
    had = {fact.skill_id for fact in pair.candidate.skills}
    kinds = (RequirementKind.SKILL, RequirementKind.YEARS)
    return list(
        dict.fromkeys(
            r.skill_id for r in pair.position.requirements if r.kind in kinds and r.skill_id not in had | {""}
        )
    )


def _count(tally: Tally, pair: Pair, ontology: Ontology, needs: Prerequisites, efforts: Efforts) -> None:
    scorer, gains = Rescoring(pair.candidate, pair.position, AS_OF), {}
    for skill in _wanted(pair):
        label = ontology.skills[skill].label
        named, shown = scorer.named(skill, label), scorer.shown(skill, label)
        tally.promises += 2
        tally.exact += named == _named(pair, skill, label)
        tally.exact += shown == _shown(pair, skill, label, AS_OF)
        tally.helpful += named > scorer.base
        gains[skill] = shown - scorer.base
    had = {fact.skill_id for fact in pair.candidate.skills}
    skills = chosen(list(gains), needs.needs, had)
    worth = {one: Worth(gains.get(one, 0.0), efforts.hours(one)) for one in skills}
    steps = ordered(skills, needs.follows, worth)
    places = {step.skill_id: place for place, step in enumerate(steps)}
    first = all(
        need in had or places.get(need, MOST_STEPS) < places[step.skill_id]
        for step in steps
        for need in needs.needs(step.skill_id)
    )
    tally.paths += 1
    tally.in_order += first and not had & places.keys()
    tally.repeated += ordered(skills[::-1], needs.follows, worth) == steps
    tally.steps.append(len(steps))
    tally.hours.append(sum(efforts.hours(step.skill_id) for step in steps))
    tally.added += len(steps) - len(gains)


def _named(pair: Pair, skill: str, label: str) -> float:
    """As a profile that lists it: by the scorer itself, from the beginning."""
    fact = SkillFact(skill, label, Proof.STATED, (), ())
    return score(replace(pair.candidate, skills=(*pair.candidate.skills, fact)), pair.position, AS_OF).value


def _shown(pair: Pair, skill: str, label: str, as_of: date) -> float:
    return score(learning(skill, label, as_of).effect(pair.candidate), pair.position, as_of).value


def _seconds(found: Sequence[Pair], ontology: Ontology) -> list[float]:
    """For one person after another: all skills that 50 positions ask for, over all 50."""
    times = []
    for start in range(0, len(found) - TOGETHER, TOGETHER):
        person: CandidateFeatures = found[start].candidate
        skills = list(dict.fromkeys(one for pair in found[start : start + TOGETHER] for one in _wanted(pair)))[
            :TOGETHER
        ]
        began = time.perf_counter()
        scorers = [Rescoring(person, pair.position, AS_OF) for pair in found[start : start + TOGETHER]]
        for skill in skills:
            for scorer in scorers:
                scorer.named(skill, ontology.skills[skill].label)
                scorer.shown(skill, ontology.skills[skill].label)
        times.append(time.perf_counter() - began)
    return times


def _table(tally: Tally, seconds: Sequence[float]) -> Table:
    shown = Table(title=f"Promised scores and learning paths: {tally.paths} people, each with one position")
    for column in ("what", "share", "goal", "of"):
        shown.add_column(column, justify="left" if column == "what" else "right")
    rows = (
        ("promised score = re-scored, to the last digit", tally.exact, tally.promises, "1.000"),
        ("paths with every prerequisite first, and nothing that is had", tally.in_order, tally.paths, "1.000"),
        ("paths that come out the same from any order", tally.repeated, tally.paths, "1.000"),
        ("skills that bring something by a name alone", tally.helpful, tally.promises // 2, ""),
    )
    for name, part, whole, goal in rows:
        shown.add_row(name, f"{part / whole:.3f}" if whole else "-", goal, str(whole))
    shown.caption = (
        f"Median path: {median(tally.steps):.0f} steps, {median(tally.hours):.0f} hours; {tally.added} steps in all that no position asks"
        f" for and that come before others. One person, {TOGETHER} positions, {TOGETHER} skills, named and shown: median"
        f" {median(seconds):.2f} s, longest {max(seconds):.2f} s, without the database."
    )
    return shown
