"""Where something stands in a file that is imported."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands in the file, and how the file calls its fields."""

    entry: str
    joint: str = "."
    names: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, name: str) -> str:
        return f"{self.entry}{self.joint}{self.names.get(name, name)}"
