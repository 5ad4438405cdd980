"""How a requirement is made: its id, and whether what is named is denied."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from services.ai.matching.features import Requirement, RequirementKind
from services.ai.matching.requirements import cues
from services.ai.matching.requirements.clauses import Clause
from services.ai.spans import span_of

_NAMESPACE = UUID("5b1f1d1e-6c43-5a0e-9d53-6d0f5f7f2a10")
_BEFORE = 60
_AFTER = 50


@dataclass(frozen=True, slots=True)
class Here:
    """A clause and the text it is of."""

    text: str
    clause: Clause
    words: str
    lower: str

    def has(self, hints: tuple[str, ...]) -> bool:
        """Whether one of these, in lower case, is in it: spares most clauses the patterns of a kind."""
        return any(hint in self.lower for hint in hints)

    def denied(self, start: int, end: int) -> bool:
        """Whether it says that what stands at these characters of the text is not needed: `no degree required`."""
        before = self.text[max(self.clause.start, start - _BEFORE) : start]
        after = self.text[end : min(self.clause.end, end + _AFTER)]
        if cues.NO_BEFORE.search(before):
            return True
        refused = cues.NOT_NEEDED.search(after)
        return refused is not None and not cues.NICE.search(self.words)

    def make(self, kind: RequirementKind, label: str, start: int, end: int, **more: Any) -> Requirement:
        """`start`, `end`: characters of the text; `more`: the fields of its kind, and `must` where the clause does not decide."""
        must = more.pop("must", self.clause.wanted)
        return Requirement(identity(kind, label, more), kind, label, must, span_of(self.text, start, end), **more)


def here(text: str, clause: Clause) -> Here:
    """A clause where it stands."""
    words = text[clause.start : clause.end]
    return Here(text, clause, words, words.lower())


def identity(kind: RequirementKind, label: str, fields: dict[str, Any]) -> str:
    """The same for what is asked for twice, wherever it stands."""
    if kind is RequirementKind.YEARS:
        key = f"{fields['years']:g}/{fields.get('skill_id', '')}"
    elif kind is RequirementKind.DEGREE:
        # By its level: what subjects will do may be told twice, in other words.
        key = label.partition(" in ")[0]
    else:
        key = fields.get("skill_id") or fields.get("name") or label
    return str(uuid5(_NAMESPACE, f"{kind.value}/{key}"))
