"""The steps of applications, all of them."""

import ast
from dataclasses import replace
from importlib.resources import files
from itertools import chain, combinations, product
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from skillsync.talenthub.v1.application_pb2 import Stage

from services.kit.enums import plain
from services.kit.errors import InvalidArgument, WrongState
from services.talenthub.stages import ACTIVE, NEVER_LEFT_OUT, STAGES, Actor, Side, Step, used_stages

MEMBER, CANDIDATE = Actor(uuid4(), Side.MEMBER), Actor(uuid4(), Side.CANDIDATE)
LEFT_OUT = tuple(stage for stage in STAGES if stage not in NEVER_LEFT_OUT)
# Every set of stages that an organization can choose.
USED = [
    tuple(stage for stage in STAGES if stage in NEVER_LEFT_OUT or stage in kept)
    for kept in chain.from_iterable(combinations(LEFT_OUT, n) for n in range(len(LEFT_OUT) + 1))
]
BLANK = ("", " ", "\n\t", "\u00a0", "\u200b", "-", "...", "—!?")
EVERY = list(product(STAGES, STAGES, (MEMBER, CANDIDATE), (*BLANK, "lacks the licence"), USED))


def a_step(from_stage: str, to_stage: str, actor: Actor, reason: str, used: tuple[str, ...]) -> Step | None:
    try:
        return Step(from_stage, to_stage, actor, reason, used)
    except (WrongState, InvalidArgument):
        return None


def test_the_stages_are_those_of_the_contract() -> None:
    assert tuple(plain(Stage, value) for value in Stage.values() if value) == STAGES


def test_no_step_of_all_there_are_rejects_without_a_member_and_a_reason() -> None:
    taken = [step for case in EVERY if (step := a_step(*case))]
    rejecting = [step for step in taken if step.to_stage == "REJECTED"]
    assert {(step.from_stage, step.actor, step.reason) for step in rejecting} == {
        (stage, MEMBER, "lacks the licence") for stage in ACTIVE
    }
    assert len(taken) > 500


def test_a_step_is_taken_by_nobody_but_a_human_account() -> None:
    for nobody in (None, "", "system", 0, UUID(int=0)):
        with pytest.raises(ValueError, match="human account"):
            Actor(nobody, Side.MEMBER)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="human account"):
        replace(MEMBER, account_id=UUID(int=0))
    with pytest.raises(TypeError):
        Step("APPLIED", "REJECTED", reason="lacks the licence")  # type: ignore[call-arg]


def test_the_steps_that_exist_are_these() -> None:
    found = {
        (side, source, target)
        for source, target, actor in product(STAGES, STAGES, (MEMBER, CANDIDATE))
        if (side := actor.side.value) and a_step(source, target, actor, "because of this", STAGES)
    }
    among = {("member", source, target) for source in (*ACTIVE, "REJECTED") for target in ACTIVE if source != target}
    ends = {("member", source, "REJECTED") for source in ACTIVE} | {("member", "OFFER", "HIRED")}
    own = {("candidate", source, "WITHDRAWN") for source in ACTIVE} | {("candidate", "OFFER", "HIRED")}
    assert found == among | ends | own


@pytest.mark.parametrize("end", ["HIRED", "WITHDRAWN"])
def test_nothing_leads_out_of_an_end(end: str) -> None:
    assert not any(a_step(*case) for case in EVERY if case[0] == end)


def test_taking_a_rejection_back_needs_a_reason_too() -> None:
    assert {case[3] for case in EVERY if case[0] == "REJECTED" and a_step(*case)} == {"lacks the licence"}


def test_stages_left_out_are_left_but_never_entered() -> None:
    for case in EVERY:
        if a_step(*case):
            assert case[1] in case[4]
    assert a_step("SCREENING", "INTERVIEW", MEMBER, "", ("APPLIED", "INTERVIEW", "HIRED", "REJECTED", "WITHDRAWN"))


def test_somebody_can_be_hired_whatever_is_left_out() -> None:
    for used in USED:
        reached = {"APPLIED"}
        for _ in STAGES:
            reached |= {t for s, t in product(reached, used) if a_step(s, t, MEMBER, "because of this", used)}
        assert {"HIRED", "REJECTED"} <= reached


def test_settings_name_the_stages_used() -> None:
    assert used_stages([]) == STAGES
    assert used_stages([{"stage": "INTERVIEW", "display_name": "Talk"}]) == (
        "APPLIED",
        "INTERVIEW",
        "HIRED",
        "REJECTED",
        "WITHDRAWN",
    )


def test_only_steps_change_the_stage_of_an_application() -> None:
    """So what is proven of steps holds of all methods: nothing else in the service writes a stage."""
    source = Path(str(files("services.talenthub")))
    writers = {path.name for path in source.rglob("*.py") if _writes_stage(ast.parse(path.read_text()))}
    assert writers == {"moves.py"}


def _writes_stage(tree: ast.Module) -> bool:
    return any(_assigns(node) or _calls(node) or _updates(node) for node in ast.walk(tree))


def _assigns(node: ast.AST) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
    names = chain.from_iterable(target.elts if isinstance(target, ast.Tuple) else [target] for target in targets)
    return any(isinstance(name, ast.Attribute) and name.attr == "stage" for name in names)


def _calls(node: ast.AST) -> bool:
    """`values(stage=…)`, `setattr(…, "stage", …)`, and rows that come in as anything but APPLIED."""
    if not isinstance(node, ast.Call):
        return False
    given = {k.arg: getattr(k.value, "value", None) for k in node.keywords}
    if isinstance(node.func, ast.Name) and node.func.id == "Application":
        return given.get("stage", "APPLIED") != "APPLIED"
    called = getattr(node.func, "attr", "") or getattr(node.func, "id", "")
    named = "stage" in given or any(isinstance(a, ast.Constant) and a.value == "stage" for a in node.args)
    return called in ("values", "setattr") and named


def _updates(node: ast.AST) -> bool:
    words = node.value.lower().split() if isinstance(node, ast.Constant) and isinstance(node.value, str) else []
    return "talenthub.applications" in words and bool({"update", "insert"} & set(words)) and "stage" in words
