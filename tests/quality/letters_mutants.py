"""True sentences of letters, each made false in one place."""

import re
from collections.abc import Iterator, Sequence

from services.ai.letters import Sentence
from tests.quality.letters_sources import Case

# Foreign to every resume that is used; what a resume happens to hold is not used with it.
EMPLOYERS = ("Quintalux", "Brenholm & Sons", "Vereda Norte")
SKILLS = ("Kubernetes", "Haskell", "Snowflake", "AutoCAD", "TensorFlow", "COBOL")
SCHOOLS = ("Ostrava Polytechnic", "Trinity College Dublin")
CLAIMS = {
    "en": ("I have twelve years of experience with {skill}.", "I am familiar with {skill}.", "I have not used"
    " {skill} yet, but I learn fast.",
           "You ask for {skill}, which I know well.", "At {employer} I led a team.", "I hold a PhD from {school}.",
           "My work won {number} awards."),
    "de": ("Ich habe zwölf Jahre Erfahrung mit {skill}.", "Mit {skill} bin ich vertraut.", "Mit {skill} habe ich"
    " noch nicht gearbeitet, lerne aber schnell.",
           "Sie suchen Kenntnisse in {skill}, die ich mitbringe.", "Bei {employer} leitete ich ein Team.",
           "Ich habe an der {school} promoviert.",
           "Ich habe {number} Projekte geleitet."),
    "fr": ("J’ai douze ans d’expérience avec {skill}.", "Je connais bien {skill}.", "Je n’ai pas encore utilisé"
    " {skill}, mais j’apprends vite.",
           "Vous demandez {skill}, que je maîtrise.", "Chez {employer}, j’ai dirigé une équipe.", "J’ai obtenu un doctorat à {school}.",
           "J’ai mené {number} projets."),
    "es": ("Tengo doce años de experiencia con {skill}.", "Conozco bien {skill}.", "Todavía no he usado {skill}, pero aprendo rápido.",
           "Piden {skill}, que domino.", "En {employer} dirigí un equipo.", "Obtuve un doctorado en {school}.",
           "Dirigí {number} proyectos."),
}  # fmt: skip


def mutants(case: Case, sentences: Sequence[Sentence]) -> Iterator[tuple[str, str]]:
    """Kind of change and the false sentence."""
    lower = f"{case.sources.resume_text} {case.sources.vacancy.title} {case.sources.vacancy.employer}".casefold()
    skill = next(one for one in SKILLS if one.casefold() not in lower)
    employer = next(one for one in EMPLOYERS if one.casefold() not in lower)
    school = next(one for one in SCHOOLS if one.casefold() not in lower)
    number = next(str(one) for one in range(37, 4000, 41) if not re.search(rf"(?<!\d){one}(?!\d)", lower))
    year = next(str(one) for one in range(1991, 2026) if str(one) not in lower)
    for sentence in sentences:
        yield from _changed(case, sentence, skill, employer, number, year)
    for way in CLAIMS[case.options.language]:
        yield "a false sentence added", way.format(skill=skill, employer=employer, school=school, number=number)


def _changed(
    case: Case, sentence: Sentence, skill: str, employer: str, number: str, year: str
) -> Iterator[tuple[str, str]]:
    text, vacancy = sentence.text, case.sources.vacancy
    if not sentence.resume_spans or vacancy.title.casefold() in text.casefold():
        return
    if years := re.findall(r"\b(?:19|20)\d\d\b", text):
        yield "a year", text.replace(years[0], year, 1)
    if figures := re.findall(r"(?<![\w.,])\d{1,3}(?![\d.,]|\w)", text):
        yield "a number", text.replace(figures[0], number, 1)
    for role in case.sources.resume.experiences:
        name = role.employer.text if role.employer else ""
        if len(name) > 3 and name in text:
            yield "an employer", text.replace(name, employer, 1)
            break
    for use in case.sources.resume.skills:
        said = next((span.text for span in use.spans if re.search(rf"(?<!\w){re.escape(span.text)}(?!\w)", text)), "")
        if len(said) > 2:
            yield "a skill", re.sub(rf"(?<!\w){re.escape(said)}(?!\w)", skill, text, count=1)
            break
