"""A way of giving orders to machines, as a pattern over `disguises.words`."""

import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

_OPENERS = re.compile(
    r"(?: \. |\b(?:please|kindly|you must|you should|you will|you to|you are to|you need to|you have to|you can|you|must|should|now|just"
    r"|then|and|or|so|always|immediately|important|simply|hereby|assistant|ai|llm|chatgpt|model|system|note|i say|stop|instructed to"
    r"|required to|directed to|told to|bitte|und|jetzt|ki|et|plait|maintenant|doit|devez|dois|favor|y|ahora|ia|debe|debes) )(?=\w)"
)
_CLAUSES = re.compile(r" \. (?=\w)")


class Where(Enum):
    """Where in a line a phrase may begin."""

    ORDER = auto()  # where a clause opens, or after "please", "you must"
    CLAUSE = auto()
    ANYWHERE = auto()


@dataclass(frozen=True, slots=True)
class Phrase:
    pattern: re.Pattern[str]
    where: Where


class Places:
    """A form of a line, and where in it orders and clauses begin; looked for when a phrase asks."""

    def __init__(self, form: str) -> None:
        self.form = form

    @cached_property
    def orders(self) -> tuple[int, ...]:
        return (0, *(match.end() for match in _OPENERS.finditer(self.form)))

    @cached_property
    def clauses(self) -> tuple[int, ...]:
        return (0, *(match.end() for match in _CLAUSES.finditer(self.form)))

    def holds(self, phrase: Phrase) -> bool:
        if phrase.where is Where.ANYWHERE:
            return phrase.pattern.search(self.form) is not None
        places = self.orders if phrase.where is Where.ORDER else self.clauses
        return any(phrase.pattern.match(self.form, place) for place in places)


def order(pattern: str) -> Phrase:
    return Phrase(re.compile(pattern), Where.ORDER)


def clause(pattern: str) -> Phrase:
    return Phrase(re.compile(pattern), Where.CLAUSE)


def said(pattern: str) -> Phrase:
    return Phrase(re.compile(pattern), Where.ANYWHERE)
