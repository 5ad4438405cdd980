"""Signed Open Badges, 2.0 and 3.0: found in what a person sends, and checked down to the issuer's own key."""

from services.careerforge.badges.baked import find
from services.careerforge.badges.checking import check
from services.careerforge.badges.sources import Source
from services.careerforge.badges.verdict import Badge, BadgeRefused

__all__ = ["Badge", "BadgeRefused", "Source", "check", "find"]
