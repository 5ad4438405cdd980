"""What a language gives to letters, and how its ways to say the same take turns."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Protocol

from services.ai.letters.deed import Deed
from services.ai.letters.plan import Held, Spoken, Studied, Wished
from services.ai.letters.records import Tone
from services.ai.letters.roles import Role
from services.ai.months import YearMonth


@dataclass(slots=True)
class Turns:
    """Ways of saying one thing, none twice before all were used; where they begin depends on the seed alone."""

    seed: str
    used: dict[str, int] = field(default_factory=dict)

    def pick(self, what: str, ways: Sequence[str]) -> str:
        """The next of the ways."""
        first = blake2b(f"{self.seed}/{what}".encode("utf-8", "surrogatepass"), digest_size=4).digest()
        number = self.used[what] = self.used.get(what, -1) + 1
        return ways[(int.from_bytes(first, "big") + number) % len(ways)]


@dataclass(frozen=True, slots=True)
class Setting:
    """`number`: 0 for the first role of a letter; `earlier`: it was left before the one told before it began; `same`: resume and letter
    are in one language."""

    number: int
    earlier: bool
    same: bool


class Phrases(Protocol):
    """Sentences of one language. Each is whole, with its full stop."""

    def salutation(self, tone: Tone) -> str: ...

    def opening(self, title: str, employer: str, tone: Tone) -> str: ...

    def latest(self, role: Role, same: bool) -> str: ...

    def role(self, role: Role, setting: Setting) -> str: ...

    def deed(self, deed: Deed, current: bool, number: int) -> str: ...

    def others(self, role: Role, number: int) -> str: ...

    def listed(self, names: Sequence[str], more: bool) -> str: ...

    def studied(self, studied: Studied) -> str: ...

    def spoken(self, spoken: Sequence[Spoken]) -> str: ...

    def held(self, held: Held) -> str: ...

    def wished(self, wished: Wished) -> list[str]: ...

    def gap(self) -> str: ...

    def closing(self, tone: Tone) -> str: ...

    def farewell(self, tone: Tone) -> str: ...


def joined(names: Sequence[str], conjunction: str) -> str:
    """`a, b and c`."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {conjunction} {names[-1]}"


def capital(text: str) -> str:
    """With a capital at its beginning."""
    return text[:1].upper() + text[1:]


def full_stop(text: str) -> str:
    """Ended once: `Acme Inc.` needs no second."""
    text = text.rstrip(".") + "." if text.endswith("..") else text
    return text if text.endswith((".", "!", "?")) else f"{text}."


def one_month(start: YearMonth, end: YearMonth) -> bool:
    """Whether a period is one month or one year."""
    return start == end or (start.year == end.year and not (start.month and end.month))
