"""A position's text → requirements, each with the characters that ask for it."""

from services.ai.matching.requirements.finding import MOST_REQUIREMENTS, find_requirements

__all__ = ["MOST_REQUIREMENTS", "find_requirements"]
