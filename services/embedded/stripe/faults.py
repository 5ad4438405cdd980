"""What goes wrong, on demand and by a seed: as networks and payment providers do it."""

import random
from dataclasses import dataclass, field
from enum import Enum


class Fault(Enum):
    NONE = "none"
    FAILS = "fails"  # 500, and nothing was done
    BREAKS = "breaks"  # 500, and it is remembered for the idempotency key
    HANGS_UP = "hangs up"  # the work is done, and nobody hears of it


SHARES = ("fails", "breaks", "hangs_up", "repeated", "lost", "shuffled")


@dataclass
class Faults:
    """Shares of 1. `repeated`: webhooks sent again for no reason; `lost`: never sent; `shuffled`: sent late and in another order."""

    fails: float = 0.0
    breaks: float = 0.0
    hangs_up: float = 0.0
    repeated: float = 0.0
    lost: float = 0.0
    shuffled: float = 0.0
    seed: int = 0
    _dice: random.Random = field(default_factory=random.Random, init=False, compare=False)

    def __post_init__(self) -> None:
        for name in SHARES:
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is no share of 1")
        self._dice.seed(self.seed)

    def of_call(self) -> Fault:
        thrown = self._dice.random()
        for fault, share in ((Fault.FAILS, self.fails), (Fault.HANGS_UP, self.hangs_up), (Fault.BREAKS, self.breaks)):
            if thrown < share:
                return fault
            thrown -= share
        return Fault.NONE

    def times_sent(self) -> int:
        if self._dice.random() < self.lost:
            return 0
        return 2 if self._dice.random() < self.repeated else 1

    def delay_seconds(self) -> float:
        return self._dice.uniform(0.0, 1.0) if self._dice.random() < self.shuffled else 0.0
