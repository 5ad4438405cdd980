"""What an analysis found, and the text it was found in, as messages."""

from typing import Any
from uuid import UUID

from skillsync.careerforge.v1 import resume_pb2 as messages
from skillsync.type.v1.span_pb2 import Box as BoxMessage
from skillsync.type.v1.work_pb2 import Seniority

from services.ai import codec
from services.ai.documents import Box, Concealed, Document
from services.ai.resume.analysis import Analysis
from services.ai.resume.analysis_comparison import Answer, Comparison
from services.ai.resume.analysis_records import Bullet, Check, Gap, Overlap, Part, Region, Suggestion
from services.careerforge.parsed import span, year_month
from services.careerforge.tables import Resume, ResumeAnalysis
from services.kit.enums import number


def analysis_result(row: ResumeAnalysis) -> messages.AnalysisResult | None:
    if row.result is None:
        return None
    stored = row.result
    found = codec.from_json(Analysis, stored["analysis"])
    concealed = codec.from_json(tuple[Concealed, ...], stored.get("concealed", []))
    return messages.AnalysisResult(
        strength=found.strength,
        strength_parts=[strength_part(p) for p in found.parts],
        ats_checks=[_check(c) for c in found.checks],
        suggestions=[suggestion(s) for s in found.suggestions],
        career_stage=number(Seniority, found.career_stage),
        career_stage_why=found.career_stage_why,
        years_of_experience=stored["years_of_experience"],
        skill_count=stored["skill_count"],
        engine_version=row.engine_version,
        as_of_date=stored["as_of"],
        industry_focus=found.industry_focus,
        gaps=[_gap(g) for g in found.gaps],
        overlaps=[_overlap(o) for o in found.overlaps],
        bullets=[_bullet(b) for b in found.bullets],
        missing_sections=found.missing_sections,
        concealed=[_concealed(c) for c in concealed],
        concealed_count=stored.get("concealed_count", 0),
        comparison=_comparison(row.position_id, stored.get("comparison")),
    )


def resume_text(row: Resume, document: Document) -> messages.ResumeText:
    return messages.ResumeText(
        resume_id=str(row.id),
        text=document.text,
        page_count=document.page_count,
        lines=[
            messages.TextLine(
                start=line.start,
                end=line.end,
                page=line.page,
                box=_box(line.box) if line.page else None,
                edges=line.edges,
                font_size=line.size,
                bold=line.bold,
                confidence=line.confidence,
            )
            for line in document.lines
        ],
        page_sizes=[messages.PageSize(width=width, height=height) for width, height in document.page_sizes],
        concealed=[_concealed(c) for c in document.concealed],
        recognised=document.recognised,
        column_count=document.columns,
    )


def _box(box: Box | None) -> BoxMessage | None:
    """None where nothing is known of it."""
    return BoxMessage(left=box[0], top=box[1], right=box[2], bottom=box[3]) if box and any(box) else None


def _check(check: Check) -> messages.AtsCheck:
    regions = [_region(region) for region in check.regions]
    return messages.AtsCheck(name=check.name, passed=check.passed, detail=check.detail, regions=regions)


def _region(region: Region) -> messages.PageRegion:
    text = span(region.span) if region.span else None
    return messages.PageRegion(page=region.page, box=_box(region.box), span=text)


def strength_part(part: Part) -> messages.StrengthPart:
    return messages.StrengthPart(name=part.name, points=part.points, max_points=part.max_points, why=part.why)


def suggestion(found: Suggestion) -> messages.Suggestion:
    return messages.Suggestion(
        text=found.text,
        max_gain=found.max_gain,
        topic=found.topic,
        part=found.part,
        spans=[span(s) for s in found.spans],
    )


def _gap(gap: Gap) -> messages.EmploymentGap:
    return messages.EmploymentGap(
        start=year_month(gap.start),
        end=year_month(gap.end),
        months=gap.months,
        before=span(gap.before),
        after=span(gap.after) if gap.after else None,
    )


def _overlap(overlap: Overlap) -> messages.EmploymentOverlap:
    return messages.EmploymentOverlap(
        start=year_month(overlap.start),
        end=year_month(overlap.end),
        months=overlap.months,
        first=span(overlap.first),
        second=span(overlap.second),
    )


def _bullet(bullet: Bullet) -> messages.BulletReview:
    return messages.BulletReview(
        span=span(bullet.span),
        impact=bullet.impact,
        quantities=[span(q) for q in bullet.quantities],
        issues=[number(messages.BulletIssue, issue.value) for issue in bullet.issues],
    )


def _concealed(found: Concealed) -> messages.ConcealedText:
    reason = number(messages.Concealment, found.reason.value)
    return messages.ConcealedText(text=found.text, reason=reason, page=found.page, box=_box(found.box))


def _comparison(position_id: UUID | None, stored: Any) -> messages.PositionComparison | None:
    if stored is None:
        return None
    found = codec.from_json(Comparison, stored)
    return messages.PositionComparison(
        position_id=str(position_id or ""),
        score=found.score,
        requirements=[_answer(answer) for answer in found.answers],
        met_count=found.met,
        position_text=found.position_text,
        engine_version=found.engine_version,
    )


def _answer(answer: Answer) -> messages.RequirementMatch:
    return messages.RequirementMatch(
        kind=number(messages.RequirementKind, answer.kind.value),
        label=answer.label,
        must=answer.must,
        fulfilment=answer.fulfilment,
        requirement=span(answer.requirement),
        evidence=[span(s) for s in answer.evidence],
    )
