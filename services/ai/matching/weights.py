"""How much each factor counts: data, not code. The defaults stand in `weights.toml`; a recruiter may set others for a position."""

import functools
import math
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

FILE = Path(__file__).parent / "weights.toml"
MOST = 1_000.0

Weights = Mapping[str, float]
"""By factor; all factors, adding up to 1."""


class BadWeights(ValueError):
    """`factor` names the weight that cannot be, or is empty where all together cannot."""

    def __init__(self, factor: str, why: str) -> None:
        super().__init__(f"{factor}: {why}" if factor else why)
        self.factor, self.why = factor, why


@functools.cache
def default_weights() -> Weights:
    """Of a person for a position."""
    return _section("position")


@functools.cache
def person_weights() -> Weights:
    """Of a position for a person."""
    return _section("person")


def scaled(given: Mapping[str, float]) -> Weights:
    """A position's weights from what a recruiter gave; factors left out count nothing. Raises BadWeights."""
    factors = default_weights()
    for factor, weight in given.items():
        if factor not in factors:
            raise BadWeights(factor, f"is no factor; there are {', '.join(factors)}")
        if not (math.isfinite(weight) and 0 <= weight <= MOST):
            raise BadWeights(factor, f"must be a number from 0 to {MOST:,.0f}")
    whole = math.fsum(given.values())
    # What is too small to divide by would make weights that do not add up.
    if whole < 1e-6:
        raise BadWeights("", "at least one weight must be greater than 0")
    return MappingProxyType({factor: given.get(factor, 0.0) / whole for factor in factors})


def _section(name: str) -> Weights:
    numbers = tomllib.loads(FILE.read_text("utf-8"))[name]
    whole = math.fsum(numbers.values())
    return MappingProxyType({factor: number / whole for factor, number in numbers.items()})
