"""Headings in the languages of western Europe, and what is none."""

import pytest

from services.ai.documents import Document, Line
from services.ai.documents.document import from_lines
from services.ai.resume.headings import exact_kind, likely_kind
from services.ai.resume.rows import rows_of
from services.ai.resume.sections import find_sections
from tests.ai.resume.documents import document_of

HEADINGS = {
    "summary": "Summary|PROFILE|About Me|Professional Summary|Kurzprofil|Über mich|À propos de moi|"
    "Perfil profesional|Sobre mí",
    "experience": "Experience|WORK EXPERIENCE|Employment History|Professional Experience:|Relevant Experience|"
    "Leadership and Work Experience|Berufserfahrung|Beruflicher Werdegang|Praktika|"
    "Expérience professionnelle|Expériences|Experiencia laboral|Experiencia profesional|Esperienza lavorativa|"
    "Experiência Profissional|Werkervaring|Where I’ve worked|Employment Details",
    "education": "Education|Academic Background|Education and Training|Educational Qualifications|Ausbildung|"
    "Studium|Bildungsweg|Formation|Études|Formación académica|Educación|Istruzione|Formação Acadêmica|Opleiding|"
    "Where I studied|Education Background|Academic Degrees",
    "skills": "Skills|Technical Skills|SKILLS & TECHNOLOGIES|Core Competencies|Areas of Expertise|Kenntnisse|"
    "IT-Kenntnisse|Compétences|Habilidades|Conocimientos|Competenze|Vaardigheden|What I'm good at|Toolkit",
    "languages": "Languages|Language Skills|Sprachen|Sprachkenntnisse|Langues|Idiomas",
    "certifications": "Certifications|Licenses & Certifications|Zertifikate|Weiterbildungen|Certificaciones|Cursos",
    "projects": "Projects|Personal Projects|Open Source|Projekte|Projets|Proyectos",
    "publications": "Publications|Patents|Publications & Talks|Veröffentlichungen|Publicaciones",
    "awards": "Awards|Honors & Awards|Awards and Recognition|Auszeichnungen|Premios",
    "volunteering": "Volunteering|Volunteer Experience|Community Involvement|Ehrenamt|Bénévolat|Voluntariado",
    "other": "References|Interests|Hobbies|Relevant Coursework|Interessen|Centres d'intérêt|Aficiones",
    "contact": "Contact|Personal Information|Online Presence|Kontakt|Persönliche Daten|Coordonnées|Datos personales",
}
CASES = [(text, kind) for kind, texts in HEADINGS.items() for text in texts.split("|")]


@pytest.mark.parametrize(("text", "kind"), CASES)
def test_a_heading_is_known_by_its_words(text: str, kind: str) -> None:
    assert exact_kind(text) == kind


@pytest.mark.parametrize(
    "text", ["E X P E R I E N C E", "• Experience", "1. Experience", "— EXPERIENCE —", "Experience :"]
)
def test_marks_and_letter_spacing_do_not_hide_a_heading(text: str) -> None:
    assert exact_kind(text) == "experience"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Computer Engineering Experience", "experience"),
        ("Customer Service Experience", "experience"),
        ("Involvement Experience", "volunteering"),
        ("Graduate Coursework", "other"),
        ("Experience with Python", None),
        ("Nexus Technologies", None),
        ("Led the education team.", None),
    ],
)
def test_longer_headings_are_known_by_their_last_word(text: str, kind: str | None) -> None:
    assert likely_kind(text) == kind


def kinds(document: Document) -> list[str]:
    return [section.kind for section in find_sections(document, rows_of(document))]


def test_a_heading_may_stand_before_its_section_s_text() -> None:
    text = "Jane Doe\nExperience\nEngineer, Acme Inc.\t2019 – 2021\nEducation\nB.Sc. Physics\n"
    text += "Skills: Python, Go\nLanguages: English (native)"
    found = find_sections(document_of(text), rows_of(document_of(text)))
    assert [s.kind for s in found] == ["head", "experience", "education", "skills", "languages"]


def test_a_line_of_skills_in_a_job_ends_no_section() -> None:
    text = "Experience\nEngineer, Acme Inc.\t2019 – 2021\nSkills: Python, Go\nEngineer, Beta Inc.\t2017 – 2019\nEducation\nB.Sc."
    assert kinds(document_of(text)) == ["head", "experience", "education"]


def drawn(lines: list[tuple[str, float, bool, float]]) -> Document:
    """Lines of text, size, bold, left on one page."""
    made, top = [], 40.0
    for text, size, bold, left in lines:
        made.append((text, Line(0, 0, 1, (left, top, left + 5 * len(text), top + size), size=size, bold=bold)))
        top += 1.5 * size
    return from_lines(made, 1, ((612.0, 792.0),))


def test_an_unknown_heading_set_like_the_others_ends_a_section() -> None:
    document = drawn(
        [
            ("Jane Doe", 24, True, 50),
            ("Experience", 14, True, 50),
            ("Engineer, Acme Inc.", 10, False, 50),
            ("2019 – 2021", 10, False, 50),
            ("Fun Facts", 14, True, 50),
            ("I juggle five balls", 10, False, 50),
            ("Education", 14, True, 50),
            ("B.Sc. Physics", 10, False, 50),
        ]
    )
    assert kinds(document) == ["head", "experience", "other", "education"]


def test_titles_set_like_headings_are_no_headings() -> None:
    document = drawn(
        [
            ("Jane Doe", 24, True, 50),
            ("Experience", 11, True, 50),
            ("Senior Engineer", 11, True, 50),
            ("Acme, 2019 – 2021", 11, False, 50),
            ("Junior Engineer", 11, True, 50),
            ("Beta, 2017 – 2019", 11, False, 50),
            ("Education", 11, True, 50),
            ("B.Sc. Physics, University of Bath", 11, False, 50),
        ]
    )
    assert kinds(document) == ["head", "experience", "education"]


def test_a_small_label_in_a_section_is_no_heading() -> None:
    document = drawn(
        [
            ("Jane Doe", 24, True, 50),
            ("SKILLS", 14, True, 50),
            ("Languages", 10, False, 50),
            ("Python, Go", 10, False, 50),
            ("EXPERIENCE", 14, True, 50),
            ("Engineer, Acme Inc., 2019 – 2021", 10, False, 50),
            ("EDUCATION", 14, True, 50),
            ("B.Sc. Physics", 10, False, 50),
        ]
    )
    assert kinds(document) == ["head", "skills", "experience", "education"]


def test_a_column_goes_on_on_the_next_page() -> None:
    def line(text: str, page: int, left: float, top: float, size: float = 10) -> tuple[str, Line]:
        return text, Line(
            0, 0, page, (left, top, left + 5 * len(text), top + size), size=size, bold=size > 10, block=int(left)
        )

    document = from_lines(
        [
            line("Experience", 1, 40, 50, 14),
            line("Engineer, Acme Inc., 2019 – 2021", 1, 40, 80),
            line("Education", 1, 400, 50, 14),
            line("B.Sc. Physics", 1, 400, 80),
            line("Engineer, Beta Inc., 2017 – 2019", 2, 40, 40),
            line("Built the billing service.", 2, 40, 70),
            line("University of Bath", 2, 400, 40),
        ],
        2,
        columns=2,
    )
    sections = {s.kind: [row.text for row in s.rows] for s in find_sections(document, rows_of(document))}
    assert sections["experience"][-2:] == ["Engineer, Beta Inc., 2017 – 2019", "Built the billing service."]
    assert sections["education"] == ["B.Sc. Physics", "University of Bath"]


def test_a_name_above_the_second_column_ends_what_the_sidebar_ended_with() -> None:
    sidebar = [
        ("Skills", 14.0, True),
        ("Rostering", 10.0, False),
        ("Training", 14.0, True),
        ("Certificate III in Retail", 10.0, False),
    ]
    page = [
        ("Jane Doe", 22.0, True),
        ("Store Manager", 10.0, False),
        ("Employment", 14.0, True),
        ("Manager", 10.0, False),
    ]
    lines = [
        (text, Line(0, 0, 1, (left, 40.0 + 20 * i, left + 100, 50.0 + 20 * i), (), size, bold, block=block))
        for block, (left, column) in enumerate(((50.0, sidebar), (250.0, page)))
        for i, (text, size, bold) in enumerate(column)
    ]
    document = from_lines(lines, 2, ((612.0, 792.0),))
    sections = find_sections(document, rows_of(document))
    assert [(s.kind, [row.text for row in s.rows]) for s in sections[2:]] == [
        ("education", ["Certificate III in Retail"]),
        ("head", ["Jane Doe", "Store Manager"]),
        ("experience", ["Manager"]),
    ]
