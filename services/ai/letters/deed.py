"""What was done in a role, as a sentence can take it up."""

from dataclasses import dataclass
from enum import Enum

from services.ai.spans import Span


class Form(Enum):
    """How a line begins, and so how a sentence goes on with it."""

    PAST = "PAST"  # led a team
    BASE = "BASE"  # lead a team, diriger une équipe, dirigir un equipo
    GERUND = "GERUND"  # leading a team
    OWN = "OWN"  # I led a team: a sentence already
    CHARGE = "CHARGE"  # responsible for a team
    NOUN = "NOUN"  # Leitung eines Teams, gestion d’une équipe


@dataclass(frozen=True, slots=True)
class Deed:
    """`words` without full stop; `gender` (NOUN): m, f, n or p."""

    form: Form
    words: str
    span: Span
    gender: str = ""
