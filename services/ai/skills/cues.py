"""Words around a name that tell whether a skill is meant."""

import re


def _either(words: str) -> str:
    """Alternatives; a blank in one may be any blanks, `_` stands for "and so on"."""
    return "(?:" + "|".join(word.replace("_", r"\w*").replace("+", r"\s+") for word in words.split()) + ")"


_VERSION = r"(?:v?\d+(?:\.[\dx]+)*\+?)"
_LEVELS = _either("advanced basic intermediate expert strong some ms microsoft adobe apache core")
_AND = _either("and or und et y e plus")

# `Go developer`, `Excel macros`.
FOLLOWING = re.compile(
    rf"[\s-]*(?:{_VERSION}\s+)?"
    + _either("""
        programming developers? development scripts? scripting frameworks? librar(?:y|ies) codebase macros? spreadsheets? workbooks? pivot
        vba formulas? vlookups? back-?ends? front-?ends? micro-?services? apis? sdk plug-?ins? components? hooks clusters? jobs pipelines?
        databases? queries dashboards? engineers? programmers? coders? code apps? server cookbooks? manifests? playbooks? recipes modules?
        templates? certified certification language compiler goroutines packages? ui applications? charts? reports erp ide cms crm
        software expert proficiency widgets? contracts suite shading orm integrations? web bindings bots? schemas? tables models?
        functions? programs? data+warehouse warehouse migrations? administrat_ consultant calendar calls meetings e-?mails? channels
        tests testing suites sql""")
    + r"\b",
    re.IGNORECASE,
)
# `in Excel`, `using Swift`.
PRECEDING = re.compile(
    r"\b"
    + _either("""
        in with using use used uses via know knows learned learnt taught wrote write writing coded? programmed programming microsoft ms
        apache adobe advanced intermediate proficient proficiency expert experienced skilled like on through into including and or of
        versus vs plus to language apple's""")
    + r"\s+$",
    re.IGNORECASE,
)
# For names of one or two letters: `services in Go`, `analysis with R`.
PRECEDING_SHORT = re.compile(
    r"\b(?:"
    + _either("""
        expert versed speciali[sz]_ comfortable confident projects? worked working work experience proficien(?:t|cy) skilled fluent
        expertise written wrote write coded code coding programmed programming developed developing implemented built build services?
        tools? software applications? scripts? backend models? analysis visuali[sz]ations? systems? programs firmware apis? microservices
        rewritten analyses statistics modelling modeling algorithms? packages? pipelines? learned knowledge drivers?""")
    + r"\s+(?:\w+\s+)?(?:in|with|using|of|from|to)|using|used|learned|language)\s+$",
    re.IGNORECASE,
)
# `knowledge of physics`, `fluent in Italian`.
SKILLED_BEFORE = re.compile(
    r"\b"
    + _either("""
        knowledge experienced? background expertise proficien(?:t|cy) skill(?:s|ed) trained training certified speciali[sz]_ fluen(?:t|cy)
        native bilingual degree understanding competen_ speak(?:s|ing)? qualified licensed conversational basic advanced intermediate
        written spoken""")
    + r"\s+(?:\w+\s+)?(?:in|of|with|at)?\s*$",
    re.IGNORECASE,
)
SKILLED_AFTER = re.compile(
    r"\s+"
    + _either(
        "skills? experience knowledge expertise techniques proficiency background certified certification abilities speaker native fluent"
        " [abc][12]"
    )
    + r"\b",
    re.IGNORECASE,
)
# What a list of skills is headed by.
HEADING = re.compile(
    r"^\W*(?:[\w/&-]+\s+){0,4}"
    + _either("""
        skills?(?:+set)? languages? tools? technolog(?:y|ies) software stack frameworks? librar(?:y|ies) environments? platforms?
        databases? expertise competenc(?:y|ies) proficienc(?:y|ies) proficient(?:+(?:in|with))? programming scripting packages? systems?
        applications? web cloud devops strengths kenntnisse compétences langages habilidades competencias tecnologías
        programmiersprachen technologien logiciels outils""")
    + r"(?:\s+(?:used|known))?\s*[:–—-]",
    re.IGNORECASE,
)

_MARKS = r"\s,;/|•·()\[\]&+~–—\"“”-"
_UNKNOWN = r"[^\n,;|•·/.:!?]{1,28}"
# Between two items of one list: a mark or a word, a version or a level, perhaps an item or two that no taxonomy knows.
GAP = re.compile(
    rf"[{_MARKS}]*(?:{_VERSION}|\({_UNKNOWN}\))?"
    rf"(?:[{_MARKS}]+(?:{_AND}\s+[\"“]?)?|(?:[,;|•·/]{_UNKNOWN}){{0,2}}[,;|•·/]\s*(?:(?:and|or)\s+)?)"
    rf"(?:{_LEVELS}\s+)?",
    re.IGNORECASE,
)
MARK = re.compile(rf"[,;/|•·()\[\]&+\n\t]|\b{_AND}\b", re.IGNORECASE)
# What may stand left and right of an item of a list.
ITEM_LEFT = re.compile(
    rf"(?:^|[\n,;/|•·()\[\]&+:\t–—*▪●-]|\s(?:{_AND}|in|of|with|using|like|including|e\.g\.|mit|en|avec|con)|\b{_LEVELS})[\s\"'“]*$",
    re.IGNORECASE,
)
ITEM_RIGHT = re.compile(
    rf"(?:[\"”™®]|[\s']*(?:{_VERSION}\s*)?(?:$|[\n,;/|•·()\[\]&+.:\t–—*-]|(?:{_AND}|for|to|from|experience|programming|skills)\b))",
    re.IGNORECASE,
)

SEASONS = frozenset({"spring", "fall", "summer", "winter"})
SEASON_NEAR = re.compile(r"\b(?:summer|fall|autumn|winter|semester)\b", re.IGNORECASE)
YEAR = re.compile(r"\s*,?\s*(?:of\s+)?(?:['’]\d\d|(?:19|20)\d\d)\b")
# A letter that numbers something: `vitamin C`, `class D`.
LETTER_BEFORE = re.compile(
    r"\b"
    + _either("""
        vitamins? hepatitis grades? class type plan level category section group schedule part block building unit room suite apartment team
        phase appendix exhibit option series tier division zone size title step band form bus gate hall lot ward wing protein point
        appendices factor mr ms mrs dr""")
    + r"\.?\s*$",
    re.IGNORECASE,
)
LETTER_AFTER = re.compile(
    r"\s*[-–]?\s*"
    + _either("""
        level suite class section corp wing minor major grade average team players? students? diff reactive arm spine rating string value
        shaped""")
    + r"\b|['’]\w|[-–]\w|\.\s*[A-Z]|\.[A-Za-z]",
    re.IGNORECASE,
)
# What makes an everyday word of a name: `Excel at`, `Swift response`.
EVERYDAY_AFTER = re.compile(
    r"^\s*"
    + _either("""
        at to away ahead beyond live above for+it forward out back over through with+the+flow of+mouth on+time green getter public delivery
        lane shipping checkout mail entry response action point road control proof belt removal plugs? cleaning semester break term quarter
        training season house stove theatre theater show street avenue company inc llc ltd protection""")
    + r"\b",
    re.IGNORECASE,
)
PLACE_AFTER = re.compile(
    r"\s+"
    + _either(
        "Street St\\. Road Rd Avenue Ave Lane Drive Boulevard Hospital College University School County Sea Island Bank Church Hotel"
    )
    + r"\b"
)
PERSON = re.compile(r"\b(?:Mr|Mrs|Ms\.|Miss|Dr|Prof|Sir|Uncle|Aunt)\.?\s+$")
COMPOUND = re.compile(r"[-–]" + _either("based driven powered native like style compatible compose") + r"\b")
