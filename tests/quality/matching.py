"""How the ranking of five vacancies for each resume agrees with two people's (Vanetik and others)."""

import json
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from statistics import mean

from rich.progress import track
from rich.table import Table

from services.ai.documents import Kind, extract
from services.ai.embedding import MiniLM
from services.ai.matching import CandidateFeatures, LanguageFact, PositionFeatures, SkillFact, find_requirements, score
from services.ai.resume import ParsedResume, SkillEvidence, parse, with_skills
from services.ai.skills import SkillLinker, load
from datetime import date

AS_OF = date(2023, 1, 1)


def table(data: Path) -> Table:
    folder = data / "vanetik_matching"
    vacancies = [json.loads(line) for line in (folder / "vacancies.jsonl").read_text().splitlines()]
    resumes = [json.loads(line) for line in (folder / "resumes.jsonl").read_text().splitlines()]
    linker, encoder = SkillLinker(load()), MiniLM()
    positions = [
        PositionFeatures(find_requirements(v["text"], linker), encoder.encode(f"{v['job_title']}\n{v['text']}"))
        for v in vacancies
    ]
    judged = [r for r in resumes if r.get("annotator_1_valid") and r.get("annotator_1")]
    ours, people = [], []
    for resume in track(judged, "matching"):
        features = candidate(resume["text"], linker, encoder)
        ours.append(ranks([score(features, position).value for position in positions]))
        people.append([r for r in (resume["annotator_1"], resume["annotator_2"]) if r])
    return _table(ours, people)


def candidate(text: str, linker: SkillLinker, encoder: MiniLM) -> CandidateFeatures:
    document = extract(text.encode(), Kind.TEXT)
    resume: ParsedResume = with_skills(parse(document, AS_OF), document, linker.link(document.text))
    best = max(resume.educations, key=lambda e: e.level, default=None)
    return CandidateFeatures(
        tuple(
            SkillFact(s.skill_id, s.label, s.evidence is SkillEvidence.USED_IN_ROLE, s.years, s.last_used, s.spans)
            for s in resume.skills
        ),
        resume.years_of_experience,
        (),
        best.level if best else resume.educations[0].level if resume.educations else _unknown(),
        best.degree.span if best and best.degree else None,
        tuple(LanguageFact(entry.name.text.lower(), entry.name.span) for entry in resume.languages),
        encoder.encode(document.text),
    )
