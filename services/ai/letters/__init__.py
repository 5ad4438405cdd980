"""Cover letters: written from a resume for a position, every sentence checked against both, whoever wrote it."""

from services.ai.letters.checking import Checker
from services.ai.letters.letter import letter
from services.ai.letters.model_writer import Dictation
from services.ai.letters.one_text import OneText, in_one_text
from services.ai.letters.prompt import Prompt, prompt
from services.ai.letters.records import (
    LANGUAGES,
    Deleted,
    Fault,
    Length,
    Objection,
    Options,
    Sentence,
    Sources,
    Tone,
    Vacancy,
    Writer,
    text_of,
)
from services.ai.letters.writer import DefaultWriter

__all__ = [
    "LANGUAGES",
    "Checker",
    "DefaultWriter",
    "Deleted",
    "Dictation",
    "Fault",
    "Length",
    "Objection",
    "OneText",
    "Options",
    "Prompt",
    "Sentence",
    "Sources",
    "Tone",
    "Vacancy",
    "Writer",
    "in_one_text",
    "letter",
    "prompt",
    "text_of",
]
