"""What tells gender, age, family or origin is made neutral before a text is compared: pronouns, titles, forms of words, marks.

Two texts that differ in nothing else are the same text afterwards. Who reads the result must not show it: grammar suffers.
"""

import re

_SUBJECT = re.compile(r"\b(?:s/he|\(s\)he|he/she|she/he|he|she|they)\b(?:['’](?:s|re|ll|d|ve)\b)?", re.IGNORECASE)
_OBJECT = re.compile(r"\b(?:his/her|her/his|him/her|her|hers|him|his|them|their|theirs)\b", re.IGNORECASE)
_SELF = re.compile(r"\b(?:himself|herself|themselves|themself)\b", re.IGNORECASE)
_TITLES = re.compile(
    r"\b(?:Mr|Mrs|Ms|Mx)\b\.?\s*|\b(?:MR|MRS|MS)\.\s*|\b(?:Miss|Mister|Sir|Madam|Ma['’]am|Herrn?|Frau|Fräulein|Monsieur|Madame|Mademoiselle|Mme|Mlle"
    r"|Señor(?:a|ita)?|Sra|Srta|Shri|Smt|Kumari)\b\.?\s+(?=[A-ZÀ-Þ])"
)
# What is told after a label, up to the end of its line or cell.
_LABELS = (
    r"date of birth|d\.?\s?o\.?\s?b\.?|birth ?(?:date|day|place)|place of birth|born|age|sex|gender|pronouns?"
    r"|marital status|civil status|family status"
    r"|nationality|citizenship|ethnicity|ethnic origin|race|religion|caste|(?:father|mother|husband|wife|spouse"
    r"|parent|guardian)(?:['’]?s)? name"
    r"|height|weight|blood group|passport(?: (?:no|number)\.?)?|place of origin|native place|home ?town"
    r"|geburtsdatum|geburtsort|geb(?:oren)?\.?|alter|geschlecht|familienstand|staatsangehörigkeit"
    r"|staatsbürgerschaft|nationalität|konfession|religionszugehörigkeit"
    r"|date de naissance|lieu de naissance|né(?:\(e\)|e)?|âge|sexe|état civil|situation (?:de famille|familiale|matrimoniale)|nationalité"
    r"|fecha de nacimiento|lugar de nacimiento|nacid[oa]|edad|sexo|género|estado civil|nacionalidad"
)
_LABELLED = re.compile(
    rf"(?:^|(?<=[\n|;•·\t]))[^\S\n]*[-–*•·]?[^\S\n]*(?:{_LABELS})[^\S\n]*(?::|[-–](?=[^\S\n]))[^\n|;•·\t]*",
    re.IGNORECASE,
)
_CHILDREN = re.compile(
    r"(?:^|(?<=[\n|;•·\t]))[^\S\n]*(?:children|dependents|kinder|enfants|hijos)[^\S\n]*:[^\S\n]*[^\n|;•·\t]{0,40}",
    re.IGNORECASE,
)
_NUMBER = r"(?:\d{2}|twenty|thirty|forty|fifty|sixty)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?"
_DAY = (
    r"(?:\d{1,2}(?:st|nd|rd|th)?[\s./-]+)?(?:(?:\d{1,2}|[A-Za-zäéûç]{3,10})\.?[\s./,-]+)?(?:\d{1,2},?\s+)?(?:19|20)\d\d"
)
_AGE = re.compile(
    rf"(?:\(\s*)?(?:,\s*)?(?:\b(?:i am|i['’]m|at the age of|aged|age)\s+(?:of\s+)?{_NUMBER}\b(?:[- ]years?(?:[- ](?:old|of age))?)?"
    rf"|\b{_NUMBER}[- ](?:years?|yrs?)[- ](?:old|of age)\b|\b{_NUMBER}[- ]?(?:jahre alt|jährige?r?|ans\b(?= ?[,.)\n])|años de edad)"
    rf"|\b(?:born|geboren|geb\.|née?|nacid[oa])\b(?:\s+(?:on|in|am|le|el|en|im jahr)\b)?(?:\s+{_DAY})(?:\s+(?:in|at"
    rf"|à|en)\s+[A-ZÀ-Þ]\w+(?:,\s*[A-ZÀ-Þ]\w+)?)?)(?:\s*\))?,?",
    re.IGNORECASE,
)
_FAMILY = re.compile(
    r"(?:\b(?:a |the )?(?:(?:happily |proud |single |devoted |loving )+)?(?:married|divorced|widowed|verheiratet"
    r"|ledig|geschieden|marié(?:e)?|célibataire|casad[oa]|solter[oa])"
    r"(?:\s*(?:,|and|with|mit|avec|con)\s*(?:\w+\s+)?(?:child(?:ren)?|kids?|sons?|daughters?|kind(?:er)?|enfants?|hij[oa]s?))\b"
    r"|\b(?:(?:a|the|proud|single|devoted|loving|working|stay-at-home)\s+)*(?:mother|father|mum|mom|dad|parent"
    r"|wife|husband|mutter|vater|mère|père|madre|padre)\s+(?:of|von|de|to)\s+(?:\w+\s+)?(?:child(?:ren)?|kids?"
    r"|boys?|girls?|sons?|daughters?|one|two|three|four|five|\d)\b(?:\s+(?:child(?:ren)?|kids?))?)[,.]?",
    re.IGNORECASE,
)
_STATUS_LINE = re.compile(
    r"^[^\S\n]*(?:single|married|unmarried|divorced|widowed|male|female|man|woman|verheiratet|ledig|geschieden"
    r"|männlich|weiblich|marié(?:e)?|célibataire|casad[oa]|solter[oa]|[(\[]?(?:she|he|they)\s*/\s*(?:her|him|his"
    r"|them)(?:\s*/\s*\w+)?[)\]]?"
    r"|[\[(<]?(?:photo(?:graph)?|picture|profile (?:photo|picture)|headshot|(?:bewerbungs)?foto|lichtbild"
    r"|photographie|fotografía)(?: (?:attached|enclosed|below|here|of me|joined"
    r"|anbei))?[\])>]?(?:[^\S\n]*:[^\n]*)?)[^\S\n]*[.,]?[^\S\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
_PRONOUN_MARK = re.compile(r"[(\[]\s*(?:she|he|they|ze)\s*/\s*\w+(?:\s*/\s*\w+)?\s*[)\]]", re.IGNORECASE)
_PHOTO = re.compile(
    r"[\[(<]\s*(?:photo(?:graph)?|picture|headshot|foto|bild|image)[^\])>\n]{0,40}[\])>]"
    r"|!\[[^\]\n]{0,80}\]\([^)\n]{0,200}\)",
    re.IGNORECASE,
)

_WORDS = {
    "chairman": "chair", "chairwoman": "chair", "chairperson": "chair", "chairlady": "chair", "waitress": "waiter",
    "salesman": "salesperson", "saleswoman": "salesperson", "saleslady": "salesperson", "actress": "actor", "hostess": "host",
    "stewardess": "flight attendant", "steward": "flight attendant", "policeman": "police officer", "policewoman": "police officer",
    "fireman": "firefighter", "firewoman": "firefighter", "foreman": "supervisor", "forewoman": "supervisor",
    "craftsman": "craftsperson", "craftswoman": "craftsperson", "businessman": "businessperson", "businesswoman": "businessperson",
    "spokesman": "spokesperson", "spokeswoman": "spokesperson", "cameraman": "camera operator", "camerawoman": "camera operator",
    "mailman": "mail carrier", "postman": "mail carrier", "postwoman": "mail carrier", "barman": "bartender", "barmaid": "bartender",
    "housewife": "homemaker", "househusband": "homemaker", "headmaster": "head teacher", "headmistress": "head teacher",
    "congressman": "congressperson", "congresswoman": "congressperson", "serviceman": "service member", "servicewoman": "service member",
    "repairman": "repairer", "repairwoman": "repairer", "deliveryman": "delivery person", "landlady": "landlord", "masseuse": "masseur",
    "seamstress": "sewer", "tradesman": "tradesperson", "tradeswoman": "tradesperson", "sportsman": "athlete", "sportswoman": "athlete",
    "councilman": "councillor", "councilwoman": "councillor", "ombudsman": "ombudsperson", "ombudswoman": "ombudsperson",
    "alumnus": "graduate", "alumna": "graduate", "wife": "partner", "husband": "partner", "mother": "parent", "father": "parent",
    "son": "child", "daughter": "child", "brother": "sibling", "sister": "sibling", "fraternity": "society", "sorority": "society",
    "kauffrau": "kaufleute", "kaufmann": "kaufleute", "krankenschwester": "pflegefachkraft", "krankenpfleger": "pflegefachkraft",
    "fachfrau": "fachkraft", "fachmann": "fachkraft", "bürokauffrau": "bürokaufleute", "bürokaufmann": "bürokaufleute",
    "hausfrau": "hausarbeit", "hausmann": "hausarbeit", "putzfrau": "reinigungskraft",
    "infirmière": "infirmier", "conseillère": "conseiller", "ouvrière": "ouvrier", "cuisinière": "cuisinier", "caissière": "caissier",
    "technicienne": "technicien", "informaticienne": "informaticien", "enseignante": "enseignant", "assistante": "assistant",
    "consultante": "consultant", "avocate": "avocat", "étudiante": "étudiant", "employée": "employé", "ingénieure": "ingénieur",
    "enfermera": "enfermero", "ingeniera": "ingeniero", "abogada": "abogado", "camarera": "camarero", "maestra": "maestro",
    "arquitecta": "arquitecto", "licenciada": "licenciado", "médica": "médico", "cocinera": "cocinero", "secretaria": "secretario",
}  # fmt: skip
_PLURALS = {re.sub("man$", "men", word): f"{neutral}s" for word, neutral in _WORDS.items() if word.endswith("man")} | {
    f"{word}es" if word.endswith("ss") else f"{word}s": f"{neutral}s"
    for word, neutral in _WORDS.items()
    if not word.endswith("man")
}
_NEUTRAL = _PLURALS | _WORDS
_GENDERED = re.compile(rf"\b(?:{'|'.join(sorted(_NEUTRAL, key=len, reverse=True))})\b", re.IGNORECASE)
# `Sister` the ward's head and `Sister company` are no family; the first letter tells.
_GERMAN_FEMALE = re.compile(
    r"\b([A-ZÄÖÜ][a-zäöüß]*(?:er|eur|ent|ist|[dst]or|log|[kn]ant|är|ekt|ärzt|wirt|wält|beamt)|Ärzt|Wirt)(?:[*:_/]?-?in(?:nen)?|In(?:nen)?|\(in\))\b"
)
_FRENCH_FEMALE = re.compile(r"\b([A-Za-zÀ-ÿ]{3,}?)(trice|euse)(s?)\b")
_SPANISH_FEMALE = re.compile(r"\b([A-Za-zÀ-ÿ]{3,}[dst]or)a(s?)\b")
_MARKERS = re.compile(
    r"\s?[(\[](?:[mwfdxh](?:\s?[/|]\s?[mwfdxh]){1,3}|f/h|h/f|all genders|gn)[)\]]|(?<=\w)(?:·e|\(e\))(?=s?\b)",
    re.IGNORECASE,
)


def neutral(text: str) -> str:
    """The text without what tells gender, age, family, origin; blanks and empty lines put in order. Names are "
    "the caller's to leave out."""
    for pattern in (_LABELLED, _CHILDREN, _PHOTO, _PRONOUN_MARK, _FAMILY, _AGE, _STATUS_LINE, _MARKERS):
        text = pattern.sub(" ", text)
    text = _TITLES.sub("", text)
    text = _SELF.sub("themselves", _OBJECT.sub("their", _SUBJECT.sub("they", text)))
    text = _GENDERED.sub(_neutral_word, text)
    text = _GERMAN_FEMALE.sub(lambda match: _without_umlaut(match[1]), text)
    text = _FRENCH_FEMALE.sub(lambda match: match[1] + ("teur" if match[2] == "trice" else "eur") + match[3], text)
    return _tidy(_SPANISH_FEMALE.sub(r"\1\2", text))


def without_name(text: str, name: str) -> str:
    """The text without a person's name: the whole of it, and its parts where they have a capital."""
    parts = [part for part in re.split(r"[\s,.]+", name) if len(part) > 1]
    if not parts:
        return text
    text = _TITLES.sub("", text)
    whole = r"[\s,.]+".join(map(re.escape, parts))
    text = re.sub(rf"\b{whole}\b(?:['’]s)?", " ", text, flags=re.IGNORECASE)
    forms = "|".join(re.escape(form) for part in parts for form in (part.capitalize(), part.upper(), part))
    return _tidy(re.sub(rf"\b(?:{forms})\b(?:['’]s)?", " ", text))


def _neutral_word(match: re.Match[str]) -> str:
    word = _NEUTRAL[match[0].lower()]
    return word.capitalize() if match[0][0].isupper() else word


def _without_umlaut(word: str) -> str:
    """`Ärztin` is an `Arzt`."""
    return word.replace("Ärzt", "Arzt").replace("ärzt", "arzt").replace("wält", "walt")


def _tidy(text: str) -> str:
    lines = (re.sub(r"\s+", " ", line) for line in text.splitlines())
    mended = (re.sub(r" (?=[,.;:)])|(?<=\() | (?=')", "", line).strip(" ,;|•·-–") for line in lines)
    return "\n".join(line for line in mended if re.search(r"\w", line))
