"""Whether a sentence says only what resume and position support, whoever wrote it."""

from services.ai.letters.checking.checker import Checker

__all__ = ["Checker"]
