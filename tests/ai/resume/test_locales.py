"""Whole resumes in German, French and Spanish."""

import pytest

from services.ai.credentials import EducationLevel
from tests.ai.resume.documents import parsed_text

GERMAN = """Lebenslauf
Erika Mustermann
Musterstraße 12, 12345 Berlin | Tel.: +49 170 1234567 | erika.mustermann@example.de

Kurzprofil
Entwicklerin mit zehn Jahren Erfahrung in verteilten Systemen.

Berufserfahrung
03/2019 – heute\tSenior Softwareentwicklerin
Beispiel Software GmbH, München
• Entwicklung einer Plattform für Zahlungen
• Leitung eines Teams von fünf Personen
10/2014 – 02/2019\tSoftwareentwicklerin
Muster AG, Berlin
• Betreuung der Datenbanken

Ausbildung
10/2012 – 09/2014\tMaster in Informatik, Technische Universität München
10/2009 – 09/2012\tBachelor in Informatik, Universität Potsdam

Kenntnisse
Python, Java, PostgreSQL, Docker

Sprachen
Deutsch (Muttersprache), Englisch (verhandlungssicher), Französisch (Grundkenntnisse)

Interessen
Klettern, Lesen
"""

FRENCH = """Camille Dubois
12 rue de la Paix, 75002 Paris
+33 6 12 34 56 78 | camille.dubois@example.fr

Profil
Ingénieure spécialisée dans les systèmes embarqués.

Expérience professionnelle
Ingénieure logiciel\tjanvier 2018 – aujourd'hui
Exemple Systèmes SARL, Lyon, France
• Conception d'un bus de données
Développeuse web\tsept. 2014 – déc. 2017
Agence Numérique, Paris, France
• Refonte du site de vente

Formation
Master Informatique, Université de Lyon\t2012 – 2014
Licence de Mathématiques, Université de Lyon\t2009 – 2012

Compétences
C++, Python, Linux

Langues
Français : langue maternelle
Anglais : courant

Centres d'intérêt
Randonnée
"""

SPANISH = """Lucía Fernández García
Calle Mayor 5, 28013 Madrid | +34 612 345 678 | lucia.fernandez@example.es

Perfil profesional
Ingeniera de datos con experiencia en la nube.

Experiencia laboral
Ingeniera de datos, Ejemplo Datos S.L., Madrid, España\tenero de 2020 – actualidad
• Diseño de una plataforma de datos
Analista, Banco Ejemplo S.A., Sevilla, España\tseptiembre de 2016 – diciembre de 2019
• Informes mensuales

Formación académica
Grado en Estadística, Universidad de Granada\t2012 – 2016

Conocimientos
Python, SQL, Spark

Idiomas
Español (nativo), Inglés (B2)
"""


@pytest.mark.parametrize(
    ("text", "name", "jobs", "place"),
    [
        (
            GERMAN,
            "Erika Mustermann",
            [
                ("Senior Softwareentwicklerin", "Beispiel Software GmbH", "2019-03", "None"),
                ("Softwareentwicklerin", "Muster AG", "2014-10", "2019-02"),
            ],
            "Musterstraße 12, 12345 Berlin",
        ),
        (
            FRENCH,
            "Camille Dubois",
            [
                ("Ingénieure logiciel", "Exemple Systèmes SARL", "2018-01", "None"),
                ("Développeuse web", "Agence Numérique", "2014-09", "2017-12"),
            ],
            "12 rue de la Paix, 75002 Paris",
        ),
        (
            SPANISH,
            "Lucía Fernández García",
            [
                ("Ingeniera de datos", "Ejemplo Datos S.L.", "2020-01", "None"),
                ("Analista", "Banco Ejemplo S.A.", "2016-09", "2019-12"),
            ],
            "Calle Mayor 5, 28013 Madrid",
        ),
    ],
    ids=["German", "French", "Spanish"],
)
def test_who_and_where_and_which_jobs(text: str, name: str, jobs: list[tuple[str, str, str, str]], place: str) -> None:
    resume = parsed_text(text)
    assert resume.contact.name
    assert resume.contact.name.text == name
    assert len(resume.contact.emails) == len(resume.contact.phones) == 1
    assert resume.contact.location
    assert resume.contact.location.text == place
    found = [
        (e.title.text, e.employer.text, str(e.start), str(e.end)) for e in resume.experiences if e.title and e.employer
    ]
    assert found == jobs
    assert resume.experiences[0].current
    assert resume.summary


def test_what_was_studied_in_each_language() -> None:
    told = [
        [
            (e.institution.text, e.degree.text, e.field.text, e.level)
            for e in parsed_text(text).educations
            if e.institution and e.degree and e.field
        ]
        for text in (GERMAN, FRENCH, SPANISH)
    ]
    assert told == [
        [
            ("Technische Universität München", "Master", "Informatik", EducationLevel.MASTER),
            ("Universität Potsdam", "Bachelor", "Informatik", EducationLevel.BACHELOR),
        ],
        [
            ("Université de Lyon", "Master", "Informatique", EducationLevel.MASTER),
            ("Université de Lyon", "Licence", "Mathématiques", EducationLevel.BACHELOR),
        ],
        [("Universidad de Granada", "Grado", "Estadística", EducationLevel.BACHELOR)],
    ]


def test_languages_have_levels_whatever_language_says_them() -> None:
    told = [[(x.name.text, x.level) for x in parsed_text(text).languages] for text in (GERMAN, FRENCH, SPANISH)]
    assert told == [
        [("Deutsch", "NATIVE"), ("Englisch", "C1"), ("Französisch", "A2")],
        [("Français", "NATIVE"), ("Anglais", "C1")],
        [("Español", "NATIVE"), ("Inglés", "B2")],
    ]


def test_skills_are_listed_as_written() -> None:
    assert [[v.text for v in parsed_text(text).listed_skills] for text in (GERMAN, FRENCH, SPANISH)] == [
        ["Python", "Java", "PostgreSQL", "Docker"],
        ["C++", "Python", "Linux"],
        ["Python", "SQL", "Spark"],
    ]
