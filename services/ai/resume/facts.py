"""A parsed resume → what the scorer may see of it: nothing that tells who it is."""

from collections.abc import Sequence

from services.ai.credentials import EducationLevel, language_level
from services.ai.embedding import Vector
from services.ai.languages import english_name
from services.ai.matching import (
    CandidateFeatures,
    DegreeFact,
    LanguageFact,
    LicenceFact,
    Proof,
    RoleFact,
    Seniority,
    SkillFact,
)
from services.ai.resume.analysis_stages import career_stage
from services.ai.resume.records import Education, Experience, ParsedResume, SkillEvidence, SkillUse

_PROOFS = {
    SkillEvidence.USED_IN_ROLE: Proof.USED,
    SkillEvidence.STATED: Proof.STATED,
    SkillEvidence.IMPLIED: Proof.IMPLIED,
}


def features(resume: ParsedResume, vector: Vector) -> CandidateFeatures:
    """Without passages and vectors of titles: who embeds adds them."""
    named = (entry for entry in resume.educations if entry.degree)
    best = max(named, key=lambda entry: entry.level, default=None)
    return CandidateFeatures(
        skills=tuple(_skill(skill, resume.experiences) for skill in resume.skills),
        roles=tuple(RoleFact(e.title.text, e.months, e.title.span) for e in resume.experiences if e.title),
        education_level=best.level if best else EducationLevel.UNKNOWN,
        education=best.degree.span if best and best.degree else None,
        languages=tuple(
            LanguageFact(english_name(entry.name.text), language_level(entry.level), entry.name.span)
            for entry in resume.languages
        ),
        vector=vector,
        licences=tuple(LicenceFact(value.text, value.span) for value in resume.certifications),
        seniority=Seniority[career_stage(resume)[0]],
        degrees=degrees(resume.educations),
    )


def degrees(educations: Sequence[Education]) -> tuple[DegreeFact, ...]:
    """Those of a level we know, highest first; no school is told."""
    found = []
    for entry in educations:
        values = [value for value in (entry.degree, entry.field) if value]
        if entry.degree and entry.level:
            name = ", ".join(value.text for value in values)
            found.append(DegreeFact(entry.level, name, tuple(value.span for value in values)))
    return tuple(sorted(found, key=lambda fact: -fact.level))


def _skill(skill: SkillUse, experiences: Sequence[Experience]) -> SkillFact:
    proof = _PROOFS[skill.evidence]
    roles = [] if proof is Proof.STATED else [role for role in experiences if skill.skill_id in role.skill_ids]
    months = tuple(months for role in roles if (months := role.months))
    return SkillFact(skill.skill_id, skill.label, proof, months, skill.spans)
