"""Text → ParsedResume: what a resume says, where it says so, and how sure the parser is."""

from services.ai.resume.analysis import Analysis, analyse
from services.ai.resume.parser import ENGINE_VERSION, parse
from services.ai.resume.portrait import portrait
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
from services.ai.resume.skill_uses import names_in, with_skills

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
    "names_in",
    "parse",
    "portrait",
    "with_skills",
]
