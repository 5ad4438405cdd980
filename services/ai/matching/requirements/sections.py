"""What a heading says about the lines below it."""

import re
from enum import Enum


class Section(Enum):
    """What a part of a position is about: ASIDE is about the organization, what it offers or how to apply; OPEN "
    "says nothing of itself."""

    MUST = "MUST"
    NICE = "NICE"
    DUTIES = "DUTIES"
    ASIDE = "ASIDE"
    OPEN = "OPEN"


# A heading is no longer than this, in letters and in words.
MOST_LETTERS = 70
MOST_WORDS = 9

# In order: "what you will do" is no heading of requirements though it holds "you".
_KINDS = (
    (
        Section.NICE,
        r"nice[- ]to[- ]haves?|desirable|desired|preferred|preferences?|bonus (?:points?|skills?|qualifications?)"
        r"|bonus|plus(?:es)?|a plus"
        r"|even better|would be (?:great|nice|a)|good to have|optional|advantageous|beneficial|additional (?:skills|qualifications)"
        r"|wünschenswert|von vorteil|souhait\w+|serait un plus|les? plus|deseables?|valorables?|se valorará",
    ),
    (
        Section.MUST,
        r"(?<!physical )(?:requirements?|qualifications?)(?! number)"
        r"|about you|who you are|who (?:we(?:['’]re| are) looking for|we want)|what (?:we(?:['’]re| are)"
        r"|are we) looking for|what we look for"
        r"|skills/responsibilities|what you(?:['’]ll| will)? (?:need|bring|have)|what will you (?:need|bring)|what do (?:i|you) need"
        r"|(?:what )?experience (?:do you|you) need|why you",
    ),
    (
        Section.ASIDE,
        r"benefits?|offer|perks|about (?:us|the (?:company|team|trust|organi[sz]ation|hospital|employer|service"
        r"|department)|our)\b|about your (?:next )?employer"
        r"|who (?:we are|are we|is|are)|why (?:join|work|us|choose)|why\b.{0,30}\?|in it for|compensation|rewards?"
        r"|salary|pay (?:rate|range)"
        r"|equal (?:employment )?opportunit\w+|eeo|diversity|disclaimer|to apply|apply|contact|further (?:details"
        r"|information)|more information"
        r"|additional information|other information|what(?:['’]s)? next|next steps|interested\??|(?:car )?parking"
        r"|how we work|our (?:values|mission"
        r"|culture|vision|team|trust|offer|people)"
        r"|company (?:description|overview|background|profile)|the (?:company|team|trust|department)|culture|privacy"
        r"|what you(?:['’]ll| will)? (?:get|receive)"
        r"|what you can (?:expect|look forward)|work(?:ing)? (?:environment|conditions)|physical (?:demands"
        r"|requirements)|join us|important|interview date|training|job segment"
        r"|wir bieten|was wir bieten|das bieten wir|deine vorteile|ihre vorteile|über uns|kontakt|nous offrons"
        r"|avantages|à propos|ce que nous"
        r"|ofrecemos|qué ofrecemos|beneficios|sobre nosotros|quiénes somos",
    ),
    (
        Section.DUTIES,
        r"responsibilit\w+|duties|accountabilit\w+|tasks|functions|activities|key results?(?: areas)?|day[- ]to[- ]day|objectives"
        r"|what (?:you(?:['’]ll| will)?|will you) (?:be )?(?:do|doing|work)|what (?:you|the work) .*tackle"
        r"|job (?:description|summary|summery|purpose|duties|overview|details)"
        r"|position (?:description|summary|overview|purpose)|(?:the |about the |your |a bit about this |this )?(?:role"
        r"|job|position|opportunity)(?: summary| overview| description)?"
        r"|role|overview|summary|purpose|main purpose|scope|description|your (?:impact|opportunities|mission)"
        r"|impact you|you will(?: be)?(?: responsible)?|in this role"
        r"|(?:the )?successful candidate will|aufgaben|tätigkeiten|missions?|vos missions|tâches|funciones|tareas|responsabilidades",
    ),
    (
        Section.MUST,
        r"requirements?|required?|qualifications?|essentials?|minimum|must[- ]haves?|mandatory|skills?(?: set)?"
        r"|experience|education|knowledge"
        r"|abilit(?:y|ies)|competenc(?:y|ies|e|es)|person(?: specification| spec)?|profile|criteria|attributes"
        r"|qualities|background|credentials"
        r"|certificat(?:es?|ions?)|licen[cs]es?|registrations?|looking for|candidate|applicant|you (?:have|bring|need"
        r"|are|possess|should|must)|you will (?:have|need)|to be successful|languages"
        r"|technolog(?:y|ies)|(?:tech(?:nical)? )?stack|tools"
        r"|anforderung\w*|(?:ihr |dein |das )?profil|qualifikation\w*|voraussetzung\w*|das brings?t|kenntnisse"
        r"|(?:votre |ton |le )?profil(?: recherché| idéal)?|compétences|formation|exigences|vous (?:avez|êtes)"
        r"|requisitos|perfil|formación|imprescindible|conocimientos|competencias",
    ),
)
_PATTERNS = tuple((section, re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)) for section, pattern in _KINDS)
_MARKS = re.compile(r"^[\s*_#•·>–—-]+|[\s*_#–—-]+$")
_POINT = re.compile(r"\s*[•·▪●◦–—-]")
_FIRST = re.compile(
    r"^(?:key|main|other|essential|additional|job|position|role|specific|minimum|core|personal|technical|professional)\s+(?=\w)",
    re.IGNORECASE,
)
_ENDS_AS_SENTENCE = re.compile(r"[.;,!)]$")
_LOWER_WORD = re.compile(r"(?<![\w'’])[a-z][\w'’]*")
_SMALL_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "at",
        "be",
        "by",
        "for",
        "from",
        "i",
        "in",
        "is",
        "it",
        "it's",
        "of",
        "on",
        "or",
        "our",
        "role",
        "s",
        "the",
        "to",
        "us",
        "we",
        "what",
        "who",
        "why",
        "will",
        "with",
        "work",
        "working",
        "you",
        "your",
        "you'll",
    ]
)
_QUESTION = re.compile(r"\W*(?:work remotely|clearance|location|salary|pay)\b", re.IGNORECASE)
_VERB_LIKE = re.compile(r"^(?:you|we|to|who|what|why|how|about|in)\b", re.IGNORECASE)


def section_of(line: str) -> Section | None:
    """The section that a line opens, None for a line that is no heading. A heading of unknown words opens OPEN."""
    if _QUESTION.match(line):
        return None
    bare = _MARKS.sub("", line)
    if not 2 <= len(bare) <= MOST_LETTERS or len(bare.split()) > MOST_WORDS:
        return None
    headed = bare.endswith((":", "…", "...", "?"))
    words = bare.rstrip(":…?. ")
    found = next((section for section, pattern in _PATTERNS if pattern.search(words)), None)
    if headed:
        return found or Section.OPEN
    if _POINT.match(line):
        return None
    return found if found and _looks_like_heading(words) else None


def named_section(words: str) -> Section | None:
    """The section that some words name, as `Essential` before a colon does; None for other words."""
    return next((section for section, pattern in _PATTERNS if pattern.fullmatch(words.strip(" *_-–"))), None)


def _looks_like_heading(words: str) -> bool:
    """Without a colon: the whole of it names a section, or each word has a capital."""
    if ":" in words or _ENDS_AS_SENTENCE.search(words) or any(letter.isdigit() for letter in words):
        return False
    if any(pattern.fullmatch(_FIRST.sub("", words)) for _, pattern in _PATTERNS):
        return True
    lower = [word for word in _LOWER_WORD.findall(words) if word.lower() not in _SMALL_WORDS]
    return not lower and (
        len(words.split()) <= 4 or words.isupper() or _VERB_LIKE.match(words) is not None or "&" in words
    )
