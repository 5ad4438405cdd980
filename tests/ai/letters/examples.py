"""Resumes and positions of nobody, in the four languages of letters."""

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from services.ai.documents import Kind, extract
from services.ai.letters import Sources, Vacancy
from services.ai.matching import find_requirements, with_kin
from services.ai.resume import parse, with_skills
from services.ai.skills import SkillLinker, load

AS_OF = date(2026, 11, 1)

RESUMES = {
    "en": """Mara Lindqvist
mara.lindqvist@example.org
+44 20 7946 0123

SUMMARY
Data engineer with a background in logistics.

WORK EXPERIENCE

Senior Data Engineer
Northwind Freight Ltd
March 2019 - Present
- Lead a team of 6 engineers who run the data platform.
- Migrated 140 reports from Oracle to PostgreSQL within nine months.
- Built pipelines in Python and Apache Airflow that cut nightly loads by 35%.

Data Analyst
Harbour Insurance
September 2014 - February 2019
- Wrote SQL queries and Tableau dashboards for claims handlers.
- Trained 25 colleagues in reading statistical reports.
- Reduced reporting costs by $40,000 a year.

EDUCATION

BSc Mathematics
University of Leeds
2011 - 2014

SKILLS
Python, SQL, PostgreSQL, Tableau, Apache Airflow, Docker, Git

LANGUAGES
English (native), Swedish (C1), German (B1)

CERTIFICATIONS
AWS Certified Solutions Architect
""",
    "de": """Jonas Petersen
jonas.petersen@example.org

BERUFSERFAHRUNG

Softwareentwickler
Hafenlogistik Nord GmbH
04/2018 - heute
- Entwicklung von Microservices in Java und Spring Boot für die Containerabfertigung
- Leitete ein Team von 5 Entwicklern
- Führte automatisierte Tests mit JUnit ein und senkte die Zahl der Fehler um 30 %

Fachinformatiker
Stadtwerke Lüneburg
09/2013 - 03/2018
- Betreuung von 120 Arbeitsplätzen
- Konzeption und Umsetzung einer Zeiterfassung in PHP und MySQL

AUSBILDUNG

Bachelor of Science Informatik
Universität Hamburg
2010 - 2013

KENNTNISSE
Java, Spring Boot, Docker, Kubernetes, PostgreSQL, MySQL, Git

SPRACHEN
Deutsch (Muttersprache), Englisch (C1)
""",
    "fr": """Claire Fontanel
claire.fontanel@example.org

EXPÉRIENCE PROFESSIONNELLE

Développeuse web
Atelier Lumen
Mars 2019 - aujourd'hui
- Développement d'une boutique en ligne en PHP et Symfony pour 40 000 clients
- Mis en place des tests automatisés avec PHPUnit
- Encadrement de deux apprentis

Assistante marketing
Groupe Verdier
Septembre 2015 - Février 2019
- Gestion des campagnes Google Ads
- Rédaction de la lettre d'information mensuelle

FORMATION

Licence Informatique
Université de Nantes
2012 - 2015

COMPÉTENCES
PHP, Symfony, JavaScript, MySQL, Git, Google Ads

LANGUES
Français (langue maternelle), Anglais (B2)
""",
    "es": """Lucía Armendáriz
lucia.armendariz@example.org

EXPERIENCIA LABORAL

Analista de datos
Banco Meridiano
Marzo 2018 - Actualidad
- Desarrollo de informes en Power BI y SQL para 12 oficinas
- Automaticé la carga de datos con Python
- Gestión de un equipo de 4 personas

Administrativa
Talleres Ibarra
Enero 2014 - Febrero 2018
- Gestión de facturas y pedidos con SAP
- Atención telefónica a clientes

EDUCACIÓN

Grado en Economía
Universidad de Zaragoza
2009 - 2013

HABILIDADES
Python, SQL, Power BI, Excel, SAP

IDIOMAS
Español (nativo), Inglés (B2)
""",
}
POSITIONS = {
    "en": (
        "Data Platform Engineer",
        "Orbital Grocers",
        "Bristol",
        """Orbital Grocers is looking for a Data Platform Engineer in Bristol.

Requirements
- At least 15 years of experience with Kubernetes and Snowflake
- Strong Python and SQL
- Experience with Apache Airflow and PostgreSQL
- Fluent Swedish
- Bachelor's degree in mathematics or computer science
- Certified Kubernetes Administrator preferred
""",
    ),
    "de": (
        "Backend-Entwickler (m/w/d)",
        "Orbital Lebensmittel AG",
        "Kiel",
        """Für unser Team in Kiel suchen wir einen Backend-Entwickler (m/w/d).

Anforderungen
- Mindestens 8 Jahre Erfahrung mit Java und Spring Boot
- Kenntnisse in Kafka, Kubernetes und PostgreSQL
- Sehr gutes Englisch
- Abgeschlossenes Studium der Informatik
""",
    ),
    "fr": (
        "Développeur PHP",
        "Orbital Épicerie",
        "Rennes",
        """Orbital Épicerie recherche un développeur PHP à Rennes.

Profil recherché
- Maîtrise de PHP, Symfony et MySQL
- 10 ans d'expérience avec Kubernetes et React
- Anglais courant
""",
    ),
    "es": (
        "Analista de inteligencia de negocio",
        "Orbital Alimentación",
        "Bilbao",
        """Orbital Alimentación busca una analista de inteligencia de negocio en Bilbao.

Requisitos
- Dominio de SQL, Power BI y Python
- 9 años de experiencia con Tableau y Snowflake
- Inglés avanzado
""",
    ),
}


@cache
def linker() -> SkillLinker:
    """One for all tests."""
    return SkillLinker(load())


@cache
def vacancy(language: str = "en") -> Vacancy:
    """The position in a language."""
    title, employer, place, text = POSITIONS[language]
    asked = find_requirements(text, linker(), title)
    return Vacancy(title, employer, text, tuple(with_kin(one, load()) for one in asked), place)


@cache
def _parsed(text: str) -> Any:
    document = extract(text.encode(), Kind.TEXT)
    return with_skills(parse(document, AS_OF), document, linker().link(document.text)), document.text


def sources(resume: str = "en", position: str = "", text: str = "", **more: Any) -> Sources:
    """A resume and a position, both in one language unless told otherwise; `text` instead of the resume of that language."""
    parsed, read = _parsed(text or RESUMES[resume])
    return replace(Sources(parsed, read, vacancy(position or resume)), **more)
