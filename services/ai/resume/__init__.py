"""Text → ParsedResume: what a resume says, where it says so, and how sure the parser is."""

from services.ai.resume.analysis import Analysis, analyse
from services.ai.resume.parser import ENGINE_VERSION, parse
from services.ai.resume.records import (
    Contact,
    Education,
    Experience,
    Language,
    ParsedResume,
    SkillEvidence,
    SkillUse,
    Value,
)
from services.ai.resume.skill_uses import with_skills

__all__ = [
    "ENGINE_VERSION",
    "Analysis",
    "Contact",
    "Education",
    "Experience",
    "Language",
    "ParsedResume",
    "SkillEvidence",
    "SkillUse",
    "Value",
    "analyse",
    "parse",
    "with_skills",
]
