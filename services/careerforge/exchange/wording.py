"""Headings, dates and levels in the languages that profiles are exported in."""

from dataclasses import dataclass

from services.ai.months import YearMonth


@dataclass(frozen=True, slots=True)
class Wording:
    """`months` are names for month and year, e.g. "Mar 2020"; without them "03/2020" is written, as is usual there."""

    code: str
    summary: str
    experience: str
    education: str
    skills: str
    languages: str
    certifications: str
    projects: str
    publications: str
    awards: str
    technologies: str
    present: str
    native: str
    months: tuple[str, ...] = ()

    def month(self, month: YearMonth | None) -> str:
        if month is None:
            return ""
        if not month.month:
            return str(month.year)
        return f"{self.months[month.month - 1]} {month.year}" if self.months else f"{month.month:02d}/{month.year}"

    def period(self, start: YearMonth | None, end: YearMonth | None, current: bool = False) -> str:
        """Both ends with an en dash between; one alone stands alone."""
        ends = (self.month(start), self.present if current else self.month(end))
        if ends[0] == ends[1]:
            return ends[0]
        return " – ".join(end for end in ends if end)

    def level(self, level: str) -> str:
        return self.native if level == "NATIVE" else level


_ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WORDINGS = {
    "en": Wording(
        code="en",
        summary="Summary",
        experience="Experience",
        education="Education",
        skills="Skills",
        languages="Languages",
        certifications="Certifications",
        projects="Projects",
        publications="Publications",
        awards="Awards",
        technologies="Technologies",
        present="Present",
        native="native",
        months=_ENGLISH_MONTHS,
    ),
    "de": Wording(
        code="de",
        summary="Profil",
        experience="Berufserfahrung",
        education="Ausbildung",
        skills="Kenntnisse",
        languages="Sprachen",
        certifications="Zertifikate",
        projects="Projekte",
        publications="Veröffentlichungen",
        awards="Auszeichnungen",
        technologies="Technologien",
        present="heute",
        native="Muttersprache",
    ),
    "fr": Wording(
        code="fr",
        summary="Profil",
        experience="Expérience professionnelle",
        education="Formation",
        skills="Compétences",
        languages="Langues",
        certifications="Certifications",
        projects="Projets",
        publications="Publications",
        awards="Distinctions",
        technologies="Technologies",
        present="aujourd’hui",
        native="langue maternelle",
    ),
    "es": Wording(
        code="es",
        summary="Perfil",
        experience="Experiencia profesional",
        education="Formación académica",
        skills="Competencias",
        languages="Idiomas",
        certifications="Certificaciones",
        projects="Proyectos",
        publications="Publicaciones",
        awards="Premios",
        technologies="Tecnologías",
        present="actualidad",
        native="lengua materna",
    ),
}
