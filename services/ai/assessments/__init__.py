"""Tests of skills: item banks, and adaptive testing over them with item response theory. Pure; catsim is imported when first needed."""

from services.ai.assessments.adaptive import (
    MAX_ITEMS,
    MIN_ITEMS,
    Answer,
    Estimate,
    Step,
    advance,
    estimate,
    has_passed,
    is_over,
    next_item,
)
from services.ai.assessments.banks import Bank, Item, choices_of, load_banks, read_bank
from services.ai.assessments.calibrating import recalibrated

__all__ = [
    "MAX_ITEMS",
    "MIN_ITEMS",
    "Answer",
    "Bank",
    "Estimate",
    "Item",
    "Step",
    "advance",
    "choices_of",
    "estimate",
    "has_passed",
    "is_over",
    "load_banks",
    "next_item",
    "read_bank",
    "recalibrated",
]
