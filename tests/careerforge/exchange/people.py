"""Profiles as people have them, made by chance from names, employers, schools and skills of four languages."""

from dataclasses import replace
from random import Random

from services.ai.months import YearMonth
from services.careerforge.exchange.profile import (
    Award,
    Certification,
    Education,
    Experience,
    Language,
    Location,
    Profile,
    Project,
    Publication,
    Skill,
)

NAMES = (
    *("Anna Müller", "José García Núñez", "Zoë Łukasiewicz", "Siobhán O’Connor", "Jean-Luc Lefèvre", "Mehmet Yılmaz"),
    *("Nguyễn Thị Hoa", "Παναγιώτης Γεωργίου", "Ольга Иванова", "Maria Schmidt-Krüger", "Åsa Öberg", "Tomáš Dvořák"),
    *(
        "Priya Raghunathan",
        "David Smith",
        "Fatima Zahra El Idrissi",
        "Lucía Fernández",
        "Grace Okafor",
        "Kenji Watanabe",
    ),
)
TITLES = {
    "en": (
        *(
            "Software Engineer",
            "Senior Data Analyst",
            "Product Manager",
            "Registered Nurse",
            "Account Executive",
            "Site Manager",
        ),
        *(
            "DevOps Engineer",
            "Marketing Manager",
            "Mechanical Engineer",
            "Head of Operations",
            "UX Designer",
            "Research Assistant",
        ),
        *(
            "Customer Support Specialist",
            "Financial Controller",
            "Warehouse Supervisor",
            "Primary School Teacher",
            "Paralegal",
        ),
        *(
            "Senior Backend Engineer",
            "Business Analyst",
            "Human Resources Manager",
            "Electrician",
            "Executive Assistant",
        ),
    ),
    "de": (
        *("Softwareentwickler", "Projektleiterin", "Krankenpfleger", "Vertriebsleiter", "Buchhalterin", "Werkstudent"),
        *(
            "Elektroniker",
            "Personalreferentin",
            "Produktmanager",
            "Leiter Einkauf",
            "Mechatroniker",
            "Sachbearbeiterin",
        ),
    ),
    "fr": (
        *(
            "Ingénieur logiciel",
            "Cheffe de projet",
            "Infirmière",
            "Responsable commercial",
            "Comptable",
            "Développeur web",
        ),
        *("Chargée de communication", "Assistante de direction", "Analyste financier", "Directeur des opérations"),
    ),
    "es": (
        *(
            "Ingeniero de software",
            "Jefa de proyecto",
            "Enfermera",
            "Director comercial",
            "Contable",
            "Desarrollador web",
        ),
        *("Analista de datos", "Responsable de marketing", "Técnico de mantenimiento", "Asistente administrativa"),
    ),
}
EMPLOYERS = {
    "en": (
        *(
            "Acme Corporation",
            "Northwind Traders",
            "Globex Ltd",
            "St. Mary’s Hospital",
            "Barclays",
            "Contoso Ltd.",
            "Initech LLC",
        ),
        *(
            "Riverside Logistics",
            "Hewlett Packard Enterprise",
            "BrightPath Consulting",
            "Oakwood Primary School",
            "IBM",
            "Deloitte",
        ),
        *(
            "Johnson & Johnson",
            "Blue Harbor Software Inc.",
            "City of Manchester",
            "Vodafone",
            "Stripe",
            "Ernst & Young",
        ),
    ),
    "de": (
        *(
            "Siemens AG",
            "Bosch GmbH",
            "Müller & Söhne KG",
            "Deutsche Bahn AG",
            "Charité",
            "SAP SE",
            "Stadtwerke München",
        ),
        *("Zalando SE", "Volkswagen AG", "Nordlicht Energie GmbH", "Sparkasse Köln", "Helios Klinikum"),
    ),
    "fr": (
        *(
            "Société Générale",
            "Capgemini",
            "Hôpital Saint-Louis",
            "Renault SA",
            "Orange",
            "BNP Paribas",
            "Décathlon SARL",
        ),
        *("Airbus", "L’Oréal", "Mairie de Lyon"),
    ),
    "es": (
        *(
            "Telefónica S.A.",
            "Banco Santander",
            "Hospital Clínic",
            "Inditex",
            "Iberdrola",
            "Construcciones Núñez S.L.",
            "Repsol",
        ),
        *("Mercadona", "Ayuntamiento de Sevilla", "Indra Sistemas"),
    ),
}
PLACES = {
    "en": ("London", "Manchester, UK", "New York, NY", "Austin, TX", "Dublin, Ireland", "Toronto, Canada", "Edinburgh"),
    "de": ("Berlin", "München", "Hamburg", "Köln", "Wien", "Zürich", "Stuttgart"),
    "fr": ("Paris", "Lyon", "Toulouse", "Genève", "Bruxelles", "Nantes"),
    "es": ("Madrid", "Barcelona", "Sevilla", "Valencia", "Bilbao"),
}
SCHOOLS = {
    "en": (
        "University of Oxford",
        "MIT",
        "Stanford University",
        "University of Leeds",
        "Trinity College Dublin",
        "UCLA",
    ),
    "de": (
        "Technische Universität München",
        "Universität zu Köln",
        "Hochschule Karlsruhe",
        "Humboldt-Universität zu Berlin",
    ),
    "fr": ("Université de Lyon", "École Polytechnique", "Sorbonne Université", "INSA Toulouse"),
    "es": ("Universidad Complutense de Madrid", "Universidad de Sevilla", "Universitat de Barcelona"),
}
DEGREES = {
    "en": (
        "Bachelor of Science",
        "Master of Science",
        "Bachelor of Arts",
        "MBA",
        "PhD",
        "BSc",
        "MSc",
        "Master of Engineering",
    ),
    "de": (
        *("Bachelor of Science", "Master of Science", "Diplom", "Bachelor of Arts", "Dr.-Ing.", "Abitur"),
        *("Dr. rer. nat.", "Staatsexamen", "Diplom-Ingenieur (FH)", "Magister Artium"),
    ),
    "fr": ("Master", "Licence", "Diplôme d’ingénieur", "Doctorat", "BTS", "Baccalauréat", "Master 2"),
    "es": ("Licenciatura", "Máster", "Grado", "Doctorado", "Bachillerato", "Ciclo Formativo de Grado Superior"),
}
FIELDS = {
    "en": (
        "Computer Science",
        "Mechanical Engineering",
        "Economics",
        "Psychology",
        "Nursing",
        "Business Administration",
    ),
    "de": ("Informatik", "Maschinenbau", "Betriebswirtschaftslehre", "Elektrotechnik"),
    "fr": ("Informatique", "Gestion", "Génie civil", "Économie"),
    "es": ("Informática", "Economía", "Derecho", "Ingeniería industrial"),
}
SKILLS = (
    *(
        "Python",
        "Java",
        "C++",
        "C#",
        "Go",
        "SQL",
        "PostgreSQL",
        "Docker",
        "Kubernetes",
        "Terraform",
        "AWS",
        "React",
        "TypeScript",
    ),
    *(
        "Node.js",
        "Machine learning",
        "Data analysis",
        "Excel",
        "Power BI",
        "Tableau",
        "SAP",
        "Scrum",
        "Project management",
    ),
    *(
        "Negotiation",
        "Customer service",
        "Financial modelling",
        "AutoCAD",
        "SolidWorks",
        "MATLAB",
        "Git",
        "Linux",
        "CI/CD",
    ),
    *(
        "Adobe Photoshop",
        "Figma",
        "SEO",
        "Google Analytics",
        "Salesforce",
        "Patient care",
        "Public speaking",
        "Bookkeeping",
    ),
    *(
        "Microsoft Office",
        "REST APIs",
        "Kafka",
        "Redis",
        "Spark",
        "TensorFlow",
        "Budgeting",
        "Team leadership",
        "Welding",
        "R",
    ),
)
LANGUAGES = {
    "en": ("English", "French", "Spanish", "German", "Arabic", "Polish"),
    "de": ("Deutsch", "Englisch", "Französisch", "Spanisch", "Türkisch"),
    "fr": ("Français", "Anglais", "Allemand", "Espagnol"),
    "es": ("Español", "Inglés", "Francés", "Alemán"),
}
DID = {
    "en": (
        "Reduced the cost of hosting by 32% by moving services to containers",
        "Led a team of eight across two sites and introduced weekly reviews",
        "Introduced automated tests, which cut defects found by customers by half",
        "Managed a budget of £1.2 million and renegotiated contracts with suppliers",
        "Trained 25 new colleagues and wrote the handbook that the department uses today",
        "Built reports that the board reads every month",
    ),
    "de": (
        "Kosten für den Betrieb durch Umzug in Container um 32 % gesenkt",
        "Ein Team von acht Personen an zwei Standorten geführt",
        "Automatische Tests eingeführt und Fehler beim Kunden halbiert",
        "25 neue Kolleginnen und Kollegen eingearbeitet",
    ),
    "fr": (
        "Réduit les coûts d’hébergement de 32 % grâce aux conteneurs",
        "Encadré une équipe de huit personnes sur deux sites",
        "Mis en place des tests automatisés et divisé les défauts par deux",
    ),
    "es": (
        "Reducción del coste de alojamiento en un 32 % con contenedores",
        "Dirección de un equipo de ocho personas en dos sedes",
        "Formación de 25 nuevos compañeros y redacción del manual",
    ),
}
CERTIFICATES = ("AWS Certified Solutions Architect", "PRINCE2 Practitioner", "First Aid at Work", "Scrum Master PSM I")
PROJECTS = ("Open Timetable", "Home Energy Monitor", "Recipe Finder", "Museum Guide")


def person(seed: int) -> tuple[Profile, str]:
    """A profile, and the language that it is written in."""
    chance = Random(f"person {seed}")
    language = ("en", "de", "fr", "es")[seed % 4]
    experiences = _experiences(chance, language)
    city = chance.choice(PLACES[language]).partition(",")[0]
    name = NAMES[seed % len(NAMES)]
    profile = Profile(
        name=name,
        headline=experiences[0].title,
        summary=" ".join(f"{sentence}." for sentence in chance.sample(DID[language], 2)),
        emails=(f"person{seed}@example.org",),
        phones=(f"+49 30 9{chance.randrange(10**6, 10**7)}",),
        links=(f"https://www.linkedin.com/in/person-{seed}",) if seed % 3 else (),
        location=Location(city),
        experiences=experiences,
        educations=_educations(chance, language, experiences[-1].start or YearMonth(2005)),
        skills=tuple(Skill(skill) for skill in chance.sample(SKILLS, chance.randint(4, 18))),
        languages=tuple(
            Language(spoken, level)
            for spoken, level in zip(
                chance.sample(LANGUAGES[language], chance.randint(1, 3)), ("NATIVE", "C1", "B1"), strict=False
            )
        ),
    )
    return (_with_more(profile, chance) if seed % 2 else profile), language


def _experiences(chance: Random, language: str) -> tuple[Experience, ...]:
    made, year, month = [], 2026 - chance.randint(0, 3), chance.randint(1, 12)
    current, months_said = chance.random() < 0.6, chance.random() < 0.85
    for number in range(chance.randint(1, 6)):
        end = YearMonth(year, month)
        months = year * 12 + month - chance.randint(8, 50)
        year, month = divmod(months, 12)
        month += 1
        told = chance.sample(DID[language], chance.randint(0, 3))
        items = (
            "\n".join(f"• {line}" for line in told) if chance.random() < 0.7 else " ".join(f"{line}." for line in told)
        )
        lasts, whole = current and number == 0, months_said
        made.append(
            Experience(
                title=chance.choice(TITLES[language]),
                employer=chance.choice(EMPLOYERS[language]),
                location=chance.choice(PLACES[language]) if chance.random() < 0.7 else "",
                start=YearMonth(year, month if whole else 0),
                end=None if lasts else YearMonth(end.year, end.month if whole else 0),
                current=lasts,
                description=items,
            )
        )
        gap = year * 12 + month - 1 - chance.randint(1, 4)
        year, month = divmod(gap, 12)
        month += 1
    return tuple(made)


def _educations(chance: Random, language: str, before: YearMonth) -> tuple[Education, ...]:
    made, end = [], before.year
    for _ in range(chance.randint(1, 2)):
        start = end - chance.randint(2, 4)
        whole = chance.random() < 0.5
        made.append(
            Education(
                institution=chance.choice(SCHOOLS[language]),
                degree=chance.choice(DEGREES[language]),
                field=chance.choice(FIELDS[language]) if chance.random() < 0.8 else "",
                start=YearMonth(start, 10 if whole else 0),
                end=YearMonth(end, 7 if whole else 0),
            )
        )
        end = start
    return tuple(made)


def _with_more(profile: Profile, chance: Random) -> Profile:
    return replace(
        profile,
        certifications=tuple(
            Certification(name, "Example Board", YearMonth(2019, 4))
            for name in chance.sample(CERTIFICATES, chance.randint(1, 2))
        ),
        projects=(
            Project(
                chance.choice(PROJECTS), "A small thing that many use.", ("Python", "SQL"), "https://example.org/p"
            ),
        ),
        publications=(Publication("On the Length of Queues", "Journal of Waiting", YearMonth(2021, 5)),)
        if chance.random() < 0.4
        else (),
        awards=(Award("Employee of the Year", "Example Ltd", YearMonth(2022)),) if chance.random() < 0.4 else (),
    )
