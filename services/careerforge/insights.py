"""What is worked out about a profile as edited: its strength, and how far the career has come."""

from datetime import date
from typing import Any

from services.ai import codec
from services.ai.resume import Contact, ParsedResume
from services.ai.resume.analysis_industries import industries
from services.ai.resume.analysis_stages import career_stage
from services.ai.resume.standing.strength import facts_of, parts_of, suggestions_of
from services.careerforge.tables import UserCareerForge
from services.kit.db import utc_now

# Preferences, as they are stored, that make a profile stronger.
WISHES = {"pay": "pay", "locations": "locations", "workModes": "work_modes"}


def said(profile: UserCareerForge) -> ParsedResume:
    """What matching is told of."""
    stored = profile.told["resume"] if profile.told else profile.parsed_resume
    return codec.from_json(ParsedResume, stored) if stored else nothing()


def nothing(today: date | None = None) -> ParsedResume:
    """Of somebody who has no resume."""
    contact = Contact(None, (), (), (), None)
    return ParsedResume(contact, None, (), (), (), (), (), (), 0.0, today or utc_now().date())


def insights(profile: UserCareerForge, resume: ParsedResume) -> dict[str, Any]:
    """Columns of what is worked out about a profile; `resume` is as edited."""
    wishes = frozenset(WISHES[name] for name in profile.preferences or {} if name in WISHES)
    facts = facts_of(resume, profile.display_name, profile.headline, wishes)
    parts, suggestions = parts_of(facts), suggestions_of(facts)
    stage, why = career_stage(resume) if resume.experiences or profile.resume_id else ("", "")
    return {
        "profile_strength": sum(part.points for part in parts),
        "strength": {"parts": codec.to_json(parts), "suggestions": codec.to_json(suggestions)},
        "career_stage": stage,
        "career_stage_why": why,
        "industry_focus": list(industries(resume)),
    }
