"""The `careerforge` schema."""

from services.careerforge.tables.assessments import Assessment, AssessmentAnswer
from services.careerforge.tables.base import DIMENSIONS, Base, changes, jobs, metadata_
from services.careerforge.tables.networking import (
    Introduction,
    IntroductionView,
    NetworkingBlock,
    NetworkingReport,
    NetworkingSetting,
)
from services.careerforge.tables.profile import (
    Education,
    Experience,
    ProfileLanguage,
    ProfileSkill,
    RemovedEntry,
    UserCareerForge,
)
from services.careerforge.tables.resumes import Resume, ResumeAnalysis, ResumeUpload
from services.careerforge.tables.showcase import Milestone, Portfolio, StoredDocument

__all__ = [
    "DIMENSIONS",
    "Assessment",
    "AssessmentAnswer",
    "Base",
    "Education",
    "Experience",
    "Introduction",
    "IntroductionView",
    "Milestone",
    "NetworkingBlock",
    "NetworkingReport",
    "NetworkingSetting",
    "Portfolio",
    "ProfileLanguage",
    "ProfileSkill",
    "RemovedEntry",
    "Resume",
    "ResumeAnalysis",
    "ResumeUpload",
    "StoredDocument",
    "UserCareerForge",
    "changes",
    "jobs",
    "metadata_",
]
