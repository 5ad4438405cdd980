"""What the heading of a section says, in the languages of western Europe."""

import re

# Whole headings. An optional "my", "selected" or the like before, and two kinds joined by "and", are dealt with below.
_PHRASES: dict[str, str] = {
    "summary": "summary|profile|objective|about|about me|overview|introduction|bio|biography|personal statement|"
    "professional profile|career goal|professional headline"
    "|highlights|profil|kurzprofil|über mich|zusammenfassung|ziel|kurzvorstellung|berufliches profil|à propos|à "
    "propos de moi|résumé|présentation|profil professionnel|objectif"
    "|perfil|sobre mí|sobre mi|resumen|objetivo|extracto|acerca de mí|perfil profesional|who i am|executive profile|"
    "profilo|profilo professionale|resumo|"
    "career profile|statement|personal profile",
    "experience": "experience|experiences|work experience|work experiences|professional experience|employment experience|"
    "teaching experience|research experience|related experience|relevant experience|military experience|clinical "
    "experience|employment|employment history|employment record|work history|career history|career|professional "
    "background|work|jobs|positions|positions held"
    "|professional history|internships|internship|industry experience|appointments|academic appointments|"
    "professional appointments|job history|work background|career summary and experience"
    "|berufserfahrung|berufserfahrungen|beruflicher werdegang|werdegang|berufspraxis|praxiserfahrung|praktische "
    "erfahrung|praktische erfahrungen|praktika|arbeitserfahrung|berufstätigkeit|erfahrung|erfahrungen"
    "|berufliche erfahrung|berufliche erfahrungen|berufliche stationen|beruflicher hintergrund"
    "|expérience|expériences|expérience professionnelle|expériences professionnelles|parcours professionnel|emplois|"
    "stages|stage|parcours|expérience de travail"
    "|experiencia|experiencias|experiencia profesional|experiencia laboral|historial laboral|trayectoria|"
    "trayectoria profesional|prácticas|vida laboral|empleo|experiencia de trabajo"
    "|esperienza|esperienze|esperienza lavorativa|esperienze lavorative|esperienza professionale|esperienze professionali|"
    "experiência|experiência profissional|experiências profissionais|histórico profissional|werkervaring|ervaring|loopbaan",
    "education": "education|academics|academic background|academic history|academic qualifications|academic qualification|"
    "academic record|academic profile|academic credentials|qualifications|studies|educational background"
    "|educational qualifications|educational qualification|education and training|training and education|scholastics|"
    "schooling|degrees|academic degrees|academia|educational details|academic details|education details|training"
    "|ausbildung|bildung|bildungsweg|studium|schulbildung|akademischer werdegang|akademische ausbildung|schule|"
    "schulische ausbildung|ausbildung und studium|bildungsgang|hochschulbildung|aus- und weiterbildung"
    "|schul- und berufsausbildung|formation|formations|formation académique|études|diplômes|parcours académique|"
    "parcours scolaire|cursus|formation et diplômes|diplômes et formations|scolarité"
    "|educación|formación|formación académica|estudios|formación y estudios|titulación|titulaciones|educación y "
    "formación|historial académico|formacion academica|educacion"
    "|istruzione|istruzione e formazione|formazione|titoli di studio|formação|formação acadêmica|formação académica|"
    "escolaridade|opleiding|opleidingen|onderwijs",
    "skills": "skills|skill set|skillset|competencies|competences|core competencies|technologies|expertise|areas of "
    "expertise|proficiencies|technical proficiencies|tools|tech stack|technical expertise|key skills"
    "|strengths|abilities|capabilities|toolbox|technical summary|knowledge|skill highlights|core qualifications|"
    "programming|programming languages|software|it skills|computer skills|hard skills|soft skills"
    "|top skills|logiciels|technical tools|skills summary|summary of skills|tools and technologies|technical strengths|technical "
    "knowledge|technical competencies|core strengths|specialties|proficiency|languages and technologies"
    "|technical|technical environment|areas of strength|knowledge and skills|highlights of skills|key competencies"
    "|kenntnisse|fähigkeiten|kompetenzen|it-kenntnisse|edv-kenntnisse|edv|fachkenntnisse|stärken|technische "
    "kenntnisse|fachliche kompetenzen|kenntnisse und fähigkeiten|besondere kenntnisse|software-kenntnisse"
    "|compétences|compétences techniques|compétences clés|savoir-faire|atouts|informatique|outils|technologies|"
    "connaissances|compétences informatiques|compétences professionnelles"
    "|habilidades|competencias|aptitudes|conocimientos|habilidades técnicas|conocimientos técnicos|informática|"
    "herramientas|tecnologías|competencias técnicas|capacidades|conocimientos informáticos"
    "|competenze|competenze tecniche|competenze informatiche|capacità|competências|conhecimentos|"
    "vaardigheden|competenties|toolkit",
    "languages": "languages|language|language skills|languages known|foreign languages|spoken languages|linguistic skills|"
    "sprachen|sprachkenntnisse|fremdsprachen|langues|langue|compétences linguistiques|idiomas|lenguas|idioma|lingue|talen",
    "certifications": "certifications|certification|certificates|certificate|licenses|licences|licensure|licenses and "
    "certifications|courses|professional development|certifications and licenses|courses and certifications|"
    "trainings|trainings and certifications|credentials"
    "|professional certifications|accreditations|continuing education|online courses|moocs|certs|training and "
    "certifications|certifications and training"
    "|zertifikate|zertifizierungen|weiterbildung|weiterbildungen|fortbildung|fortbildungen|lehrgänge|schulungen|"
    "certificats|certification|formations complémentaires|habilitations"
    "|certificaciones|certificados|cursos|cursos y certificaciones|formación complementaria|licencias",
    "projects": "projects|project|open source|open-source|open source projects|open-source projects|side projects|portfolio|"
    "project experience|academic projects|personal projects|key projects|notable projects|project work|open "
    "source contributions"
    "|projekte|projekterfahrung|ausgewählte projekte|projets|projets personnels|réalisations|proyectos|proyectos "
    "personales|projects and activities|projects undertaken|project details",
    "publications": "publications|publication|papers|talks|patents|invited talks|presentations|conferences|research publications|"
    "articles|books|publications and talks|speaking|conference talks|patents and publications|journal articles|"
    "conference proceedings|working papers"
    "|veröffentlichungen|publikationen|vorträge|patente|conférences|brevets|publicaciones|conferencias|ponencias|"
    "patentes|preprints",
    "awards": "awards|award|honors|honours|honors and awards|achievements|accomplishments|recognition|awards and honors|"
    "awards and recognition|scholarships|fellowships|grants|prizes|distinctions|key achievements|awards and "
    "achievements|honors and achievements"
    "|auszeichnungen|preise|stipendien|ehrungen|erfolge|prix|récompenses|bourses|premios|becas|reconocimientos|"
    "logros|premios y reconocimientos|honors & activities|academic achievements",
    "volunteering": "volunteering|volunteer|volunteer experience|volunteer work|voluntary work|community|community involvement|"
    "community service|involvement|involvement experience|extracurricular activities|extracurriculars|"
    "extra-curricular activities"
    "|activities|leadership|leadership and activities|volunteer activities|social engagement|campus involvement|"
    "student activities|positions of responsibility|activities and leadership|leadership activities|extracurricular"
    "|ehrenamt|ehrenamtliche tätigkeiten|ehrenamtliches engagement|engagement|gesellschaftliches engagement|"
    "bénévolat|engagements|vie associative|activités extra-professionnelles|voluntariado|actividades|bénévole|"
    "engagement associatif",
    "contact": "contact|contact information|contact details|contact info|personal information|personal details|personal "
    "data|personal info|details|links|online presence|social|social media|profiles|find me online|contact me|"
    "address"
    "|kontakt|kontaktdaten|persönliche daten|persönliche angaben|zur person|coordonnées|informations personnelles|"
    "état civil|contacto|datos personales|información personal|datos de contacto|redes sociales|web",
    "other": "references|referees|interests|hobbies|hobbies and interests|interests and hobbies|additional information|"
    "other|miscellaneous|memberships|board memberships|boards|advisory boards|"
    "affiliations|professional affiliations|professional memberships|coursework|"
    "relevant coursework|declaration"
    "|service|additional|more|personal interests|availability|visa status|personal|favorite books|teaching interests|"
    "research interests|research|additional skills and interests|professional activities|memberships and "
    "affiliations|graduate|undergraduate"
    "|my time|life philosophy|day of my life|most proud of|passions|military service|military|security clearance|"
    "disclaimer|societies|coursework and training|quotes|a day of my life|personality|find me|personal traits"
    "|referenzen|interessen|hobbys|hobbies und interessen|sonstiges|mitgliedschaften|weitere angaben|wehrdienst|"
    "zivildienst|références|centres d'intérêt|loisirs|intérêts|divers|permis|hobbies et intérêts"
    "|referencias|intereses|aficiones|otros|otros datos|información adicional|pasatiempos|datos adicionales|otros "
    "datos de interés",
}
_KINDS = {phrase: kind for kind, phrases in reversed(_PHRASES.items()) for phrase in phrases.split("|")}

# Words that settle what a longer heading is about; the last of a heading counts most.
_WORDS: dict[str, str] = {
    "volunteering": r"volunteer(?:ing)?|voluntary|extra-?curricular|ehrenamt\w*|bénévol\w*|voluntariado|involvement|community",
    "other": r"coursework|references?|interests?|hobbies|memberships?|affiliations?|referenzen|interessen",
    "certifications": r"certifications?|certificates?|licen[cs]es?|licensures?|zertifi\w+|certificaciones|certificats|"
    r"weiterbildung(?:en)?",
    "publications": r"publications?|patents?|talks|presentations|veröffentlichungen|publicaciones",
    "awards": r"awards?|hono(?:u)?rs|achievements|accomplishments|scholarships|auszeichnungen|premios",
    "projects": r"projects?|projekte|projets|proyectos",
    "experience": r"experiences?|experiências?|esperienz[ae]|werkervaring|"
    r"employment|history|internships?|\w*erfahrung(?:en)?|expériences?|experiencias?|werdegang",
    "education": r"education|educational|academics?|degrees|qualifications?|credentials|istruzione|formação|opleiding|"
    r"ausbildung|studium|formations?|formación|educación|études",
    "languages": r"sprachen|sprachkenntnisse|langues|idiomas",
    "skills": r"skills?|competenc(?:ies|es)|expertise|proficienc(?:y|ies)|\w*kenntnisse|fähigkeiten|compétences|habilidades|"
    r"competencias|conocimientos|competenze|competências|vaardigheden",
    "summary": r"summary|profile|objective|profil|perfil|zusammenfassung",
}
_WORD_PATTERNS = {kind: re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) for kind, words in _WORDS.items()}
_LEADING = re.compile(
    r"^(?:(?:\d{1,2}|[ivx]{1,4})[.)]\s+|(?:my|selected|relevant|professional|recent|other|key|main|core|additional|"
    r"notable|career|personal|technical|a|the)\s+)+",
    re.IGNORECASE,
)
# What a heading says besides its kind: `Education Background`, `Educational Details`.
_TRAILING = re.compile(r"\s+(?:background|details|history|record|information|overview|section)$")
# Headings that speak of their owner: `Where I have worked`, `What I'm good at`.
_SPEAKING = (
    (re.compile(r"where i(?:'ve|'m| have| am)?(?: been)? (?:studied|studying|learn\w*|trained)"), "education"),
    (
        re.compile(r"(?:where|whom?) i(?:'ve|'m| have| am)? (?:been|work\w*)(?: for)?|what i(?:'ve| have) done"),
        "experience",
    ),
    (re.compile(r"what i (?:bring|offer|do(?: best)?|know|can do)|what i'm good at|what i am good at"), "skills"),
)
_SPACED = re.compile(r"(?:\w ){3,}\w(?:\s{1,3}(?:\w ){1,}\w)*")
_AND = re.compile(r"\s*(?:&|/|\+|,|\band\b|\bund\b|\bet\b|\by\b|\be\b)\s*", re.IGNORECASE)
_TRIM = " \t:.•|–—-_=#*>»«[](){}~"
MOST_WORDS = 6


def tidy(text: str) -> str:
    """Lower case, without marks around; letters set apart are joined."""
    text = text.strip(_TRIM)
    if _SPACED.fullmatch(text):
        text = re.sub(r"(?<=\w) (?=\w)", "", text)
    return " ".join(text.lower().replace("’", "'").split()).strip(_TRIM)


def exact_kind(text: str) -> str | None:
    """The kind of a heading whose wording we know."""
    bare = tidy(text)
    if not bare or len(bare) > 60:
        return None
    shorter = _LEADING.sub("", bare)
    if kind := _KINDS.get(bare) or _KINDS.get(shorter):
        return kind
    if bare[:2] == "wh" and (spoken := next((kind for pattern, kind in _SPEAKING if pattern.fullmatch(bare)), None)):
        return spoken
    if (rest := _TRAILING.sub("", bare)) != bare and (kind := _KINDS.get(rest)):
        return kind
    parts = [_KINDS.get(part) or _KINDS.get(_LEADING.sub("", part)) for part in _AND.split(bare) if part]
    if len(parts) < 2 or not all(parts):
        return None
    # "Leadership and Work Experience" lists jobs.
    return "experience" if parts[0] == "volunteering" and "experience" in parts else parts[0]


def likely_kind(text: str) -> str | None:
    """The kind of a short line with a word that headings have: `Computer Engineering Experience`."""
    bare = tidy(text)
    if not bare or len(bare) > 60 or len(bare.split()) > MOST_WORDS or re.search(r"\d|[.,;!?@]", bare):
        return None
    found = [
        (match.end(), -order, kind)
        for order, (kind, pattern) in enumerate(_WORD_PATTERNS.items())
        for match in pattern.finditer(bare)
    ]
    if not found:
        return None
    for kind in ("volunteering", "other"):
        if any(k == kind for _, _, k in found):
            return kind
    end, _, kind = max(found)
    return kind if end == len(bare) or _AND.match(bare, end) else None
