"""The `careerforge` schema."""

from services.careerforge.tables.assessments import Assessment, AssessmentAnswer
from services.careerforge.tables.base import DIMENSIONS, Base, changes, jobs, metadata_
from services.careerforge.tables.growth import InterviewPreparation, InterviewQuestion, LearningPath, LearningStep
from services.careerforge.tables.letters import CoverLetter, CoverLetterVersion
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
    ProfileImport,
    ProfileLanguage,
    ProfileSkill,
    RemovedEntry,
    UserCareerForge,
)
from services.careerforge.tables.resumes import Resume, ResumeAnalysis, ResumeUpload
from services.careerforge.tables.showcase import POINTS, Milestone, Portfolio, StoredDocument

__all__ = [
    "DIMENSIONS",
    "POINTS",
    "Assessment",
    "AssessmentAnswer",
    "Base",
    "CoverLetter",
    "CoverLetterVersion",
    "Education",
    "Experience",
    "InterviewPreparation",
    "InterviewQuestion",
    "Introduction",
    "IntroductionView",
    "LearningPath",
    "LearningStep",
    "Milestone",
    "NetworkingBlock",
    "NetworkingReport",
    "NetworkingSetting",
    "Portfolio",
    "ProfileImport",
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
