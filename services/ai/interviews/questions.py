"""Questions for an interview: on each requirement that the resume does not prove, and on no other."""

from collections.abc import Iterable, Sequence

from services.ai.interviews.folding import folded
from services.ai.interviews.nearest import Nearest
from services.ai.interviews.proof import is_unproved
from services.ai.interviews.records import LANGUAGES, Asked, Question
from services.ai.interviews.wording import question_text, rubric, spoken, usual_terms
from services.ai.letters.text_language import language_of
from services.ai.matching import RequirementKind
from services.ai.resume import ParsedResume
from services.ai.skills import Ontology

MOST_QUESTIONS = 60
# R and C are names too: they must be the very word.
SHORTEST_TERM = 1

Subject = tuple[RequirementKind, str, str, str, float]


def questions(asked: Sequence[Asked], resume: ParsedResume, language: str, ontology: Ontology) -> tuple[Question, ...]:
    """What must be met first, each once. `language` is one of `LANGUAGES`; labels of skills are English where the position does not call
    them anything.
    """
    once: dict[Subject, Asked] = {}
    for one in sorted(filter(is_unproved, asked), key=lambda one: not one.must):
        once.setdefault(_subject(one), one)
    nearest, places = Nearest(resume, ontology), tuple(_places(resume))
    return tuple(_question(one, nearest, places, language, ontology) for one in list(once.values())[:MOST_QUESTIONS])


def language_for(text: str) -> str:
    """Of a position; `en` where it is none of `LANGUAGES`."""
    found = language_of(text)
    return found if found in LANGUAGES else "en"


def _subject(asked: Asked) -> Subject:
    return asked.kind, asked.skill_id, asked.name, asked.level, asked.years


def _question(asked: Asked, nearest: Nearest, places: tuple[str, ...], language: str, ontology: Ontology) -> Question:
    return Question(
        text=question_text(asked, language),
        label=spoken(asked, language),
        must=asked.must,
        requirement=asked.span,
        rubric=rubric(asked, language),
        evidence=nearest.evidence(asked),
        outline=nearest.outline(asked),
        terms=tuple(_terms(asked, language, ontology)),
        places=places,
    )


def _terms(asked: Asked, language: str, ontology: Ontology) -> Iterable[str]:
    """Names of what is asked for and of its kin, and what the engine cites as near it."""
    names = [asked.label, spoken(asked, language), asked.name, asked.span.text if asked.span else ""]
    if skill := ontology.skills.get(asked.skill_id):
        kin = (*ontology.narrower(skill.id), *ontology.broader(skill.id), *ontology.related(skill.id))
        names += [skill.label, *skill.aliases, *(one.label for one in kin)]
    names += [span.text for span in asked.evidence]
    return dict.fromkeys(term for name in (*names, *usual_terms(asked)) if len(term := folded(name)) >= SHORTEST_TERM)


def _places(resume: ParsedResume) -> Iterable[str]:
    """Titles, employers and schools."""
    values = [value for role in resume.experiences for value in (role.title, role.employer)]
    values += [study.institution for study in resume.educations]
    return dict.fromkeys(place for value in values if value and len(place := folded(value.text)) > SHORTEST_TERM)
