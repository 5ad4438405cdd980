"""How strong a resume is, what machines cannot read in it, and what would make it better. Deterministic; invents nothing."""

from services.ai.documents import Document
from services.ai.resume.analysis_checks import checks
from services.ai.resume.analysis_gaps import gaps, overlaps
from services.ai.resume.analysis_impact import review
from services.ai.resume.analysis_industries import industries
from services.ai.resume.analysis_records import Analysis
from services.ai.resume.analysis_stages import career_stage
from services.ai.resume.analysis_strength import Facts, parts
from services.ai.resume.analysis_suggestions import suggestions
from services.ai.resume.analysis_words import Words
from services.ai.resume.records import ParsedResume

__all__ = ["ANALYSIS_VERSION", "Analysis", "analyse"]

# Changes with whatever changes a result.
ANALYSIS_VERSION = "analysis-2"


def analyse(document: Document, resume: ParsedResume, byte_size: int = 0) -> Analysis:
    """The same document and resume give the same analysis. `byte_size` is the file's, 0 if it is not known."""
    words = Words.of(document.text)
    facts = Facts(resume, tuple(tuple(review(b, words) for b in role.bullets) for role in resume.experiences))
    found = parts(facts)
    stage, why = career_stage(resume)
    return Analysis(
        strength=sum(p.points for p in found),
        parts=tuple(sorted(found, key=lambda p: -p.max_points)),
        checks=checks(document, resume, byte_size),
        suggestions=suggestions(facts),
        career_stage=stage,
        career_stage_why=why,
        industry_focus=industries(resume),
        gaps=gaps(resume),
        overlaps=overlaps(resume),
        bullets=tuple(bullet for role in facts.bullets for bullet in role),
        missing_sections=missing_sections(resume),
    )


def missing_sections(resume: ParsedResume) -> tuple[str, ...]:
    """Of what readers of resumes expect, what was not found."""
    contact = resume.contact
    present = {
        "contact": contact.emails or contact.phones,
        "summary": resume.summary,
        "experience": resume.experiences,
        "education": resume.educations,
        "skills": resume.skills,
    }
    return tuple(name for name, found in present.items() if not found)
