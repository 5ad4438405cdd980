"""What to learn and in which order: typical effort, prerequisites, paths. Pure functions over the ontology; gains come from the engine."""

from services.ai.growth.effort import Efforts
from services.ai.growth.occupations import Goal, essential_position, find_occupation
from services.ai.growth.paths import MOST_STEPS, PathStep, Worth, chosen, ordered
from services.ai.growth.prerequisites import Prerequisites

__all__ = [
    "MOST_STEPS",
    "Efforts",
    "Goal",
    "PathStep",
    "Prerequisites",
    "Worth",
    "chosen",
    "essential_position",
    "find_occupation",
    "ordered",
]
