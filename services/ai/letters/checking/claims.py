"""Turns of phrase that claim experience, a role or an employer, and what they claim: `experience with X`, `as a X`, `worked at X`."""

import re
from collections.abc import Iterator
from functools import cache

from services.ai.letters.checking.dates import MONTH_NAMES
from services.ai.letters.words import words

_EXPERIENCE = {
    "en": (
        r"(?:experience[ds]?|expertise|knowledge|skilled|proficien\w+|familiar(?:ity)?|fluent|versed|competen\w+"
        r"|background|qualified|trained|grounding|"
        r"speciali[sz]\w+|command|understanding|exposure|expert|adept|skills|track record|hands-on|mastery"
        r"|confident|strong|at home)"
        r"\s+(?:is\s+)?(?:in|with|of|on|at|using|working with|working in)\s+"
        r"|\b(?:i|we)(?:['’]ve| have| had| also| am| regularly| often| currently| daily)*\s+(?:know|knew|used?"
        r"|using|use|speak|master(?:ed)?|programmed? in|"
        r"coded? in|worked? with|working with|deployed|administered|configured)\s+"
    ),
    "de": (
        r"(?:erfahrung(?:en)?|berufserfahrung|praxiserfahrung|kenntnisse(?:n)?|fachkenntnisse|fähigkeiten"
        r"|expertise|know-how|wissen|vertraut|versiert|erfahren|qualifiziert|routine|"
        r"sicher|sicherer umgang|umgang|geübt|fit|spezialisiert)\s+(?:bin\s+ich\s+)?(?:in|im|mit|bei|auf|zu"
        r"|von)\s+(?:dem |der |den |die |das )?"
        r"|\bich\s+(?:(?:auch|bereits|gut|sehr|derzeit|täglich)\s+)*(?:kenne|beherrsche|nutze|nutzte|verwende"
        r"|verwendete|programmiere in|arbeite mit|arbeitete mit|spreche)\s+"
    ),
    "fr": (
        r"(?:expérience|expertise|connaissances?|compétences?|maîtrise|pratique|savoir-faire|spécialis\w+|formée?"
        r"|expérimentée?|notions|bases|familiarisée?|familier|familière)"
        r"\s+(?:solide |approfondie? |confirmée? |pratique )?(?:avec|en|de|du|des|d['’]|dans|sur|à|au)\s*(?:la "
        r"|le |les |l['’])?"
        r"|\bj['’]?e?\s*(?:(?:ai|y)\s+)*(?:connais|maîtrise|utilise|utilisais|utilisé|pratique|parle)\s+(?:bien "
        r"|aussi |également )?"
    ),
    "es": (
        r"(?:experiencia|conocimientos?|dominio|manejo|competencias?|habilidades|formación|especializad[oa]"
        r"|experta?o?|familiarizad[oa]|nociones)"
        r"\s+(?:sólid[oa]s? |avanzad[oa]s? |práctic[oa]s? )?(?:con|en|de|del|sobre)\s+(?:la |el |los |las )?"
        r"|\b(?:domino|manejo|conozco|utilizo|utilicé|uso|usé|hablo|programo en|trabajo con"
        r"|trabajé con)\s+(?:bien |también |además )?"
    ),
}
_ROLE = {
    "en": r"\b(?:as|am|was|been|being|became|become)\s+(?:an?\s+)?(?:the\s+)?",
    "de": r"\b(?:als|bin|war)\s+(?:ein\w*\s+)?",
    "fr": r"\b(?:comme|en tant que|en qualité d['’]e?|suis|étais|poste de|fonctions? de)\s+(?:une?\s+)?",
    "es": r"\b(?:como|soy|fui|era|puesto de|cargo de)\s+(?:una?\s+)?",
}
_EMPLOYER = {
    "en": r"\b(?:worked|working|work|employed|interned|served|serving|job|years|stint|time|career"
    r"|tenure)\s+(?:\w+\s+){0,2}?(?:at|for)\s+(?:the\s+)?",
    "de": r"\b(?:arbeitete|gearbeitet|arbeite|tätig|beschäftigt|angestellt|zeit)\s+(?:\w+\s+){0,2}?(?:bei|für)\s+(?:der |dem )?"
    r"|\bbei\s+(?:der |dem |den )?",
    "fr": r"\b(?:travaillé|travaille|travaillais|employée?|exercé|stage|années|ans)\s+(?:\w+\s+){0,2}?(?:chez"
    r"|pour|à|au sein de)\s+(?:la |le |l['’])?|\bchez\s+",
    "es": r"\b(?:trabajé|trabajo|trabajaba|trabajado|empleado|empleada|prácticas|años)\s+(?:\w+\s+){0,2}?(?:en|para)\s+(?:la |el )?",
}
_ENDS = {
    "en": r"[.;:!?()–—]|,?\s+(?:which|that|who|where|when|while|and i\b|and my|but|because|gained|acquired|so"
    r"|since|during|from|as (?:an?|the|well)|at|for|to|through|is|are|was|were|will|would|have|has|came|comes|helped|makes?|led)\b",
    "de": r"[.;:!?()–—]|,?\s+(?:der|die|das|den|dem|welche\w*|wo|und ich|aber|weil|da|so|seit|während|als|bei|für"
    r"|aus|gesammelt|erworben|habe|hat|passt|reizt|hilft|sind|ist|war|waren|vertraut|tätig)\b",
    "fr": r"[.;:!?()–—]|,?\s+(?:qui|que|où|comme|et j|et je|mais|car|depuis|pendant|chez|pour|acquise?s?|est|sont"
    r"|a|ont|lors|grâce|me|m|permet\w*|m['’]\w+)\b",
    "es": r"[.;:!?()–—]|,?\s+(?:que|donde|cuando|y mi|pero|porque|desde|durante|como|para|adquirid[oa]s?|es|son"
    r"|fue|gracias|a lo largo|me|encaja\w*)\b",
}  # fmt: skip
# A title goes no further.
_TITLE_ENDS = re.compile(
    r"[,»”“\"]|\s(?:from|since|in|until|to|von|bis|seit|im|in|de|du|à|en|depuis|desde|hasta|tätig|und|et|y|and)\s"
)
_WORD = re.compile(r"[^\W\d_][\w+#]*(?:[.'’/-][\w+#]+)*")
_MOST = 12
"""Words that a claim reaches."""

# Words within a claim that claim nothing by themselves.
GENERAL = {
    "en": words(
        "the and with both all these those many various different several other such work working working's"
        " projects project tasks task people person team teams customers "
        "customer clients client colleagues users daily areas area field fields kind range variety your you"
        " my our their its this that them each every large small new complex "
        "using used use including like well also very highly strong solid broad deep wide good great"
        " practical hands-on hand years year both together each other own "
        "role roles job jobs post time experience knowledge skills position company business industry environment"
        " environments result part matter whole rule member way career "
        "problems problem questions things ways result well-known required needed relevant related similar"
        " particular advertised asked such able glad happy pleased sure keen ready "
        "currently available interested confident aware convinced drawn delighted excited looking writing"
        " applying open most more than what how about into over "
        "some any today now responsible involved part-time full-time follows soon possible note"
    ),
    "de": words(
        "der die das den dem des ein eine einen einem einer und oder sowie mit in im auf bei von zu zur zum"
        " für aus an am allen alle allem diesen diese dieser vielen verschiedenen "
        "anderen großen kleinen ihrer ihrem ihren ihr meiner meinem meinen arbeit zusammenarbeit umgang"
        " projekten projekte aufgaben menschen kunden kollegen team teams bereich bereichen "
        "daten systemen leitung führung entwicklung planung ich sie es sehr gut gern auch mir mich nicht"
        " jeder jeden person gemeinsam ort bewerbung motiviert überzeugt interessiert bereit "
        "davon damit daran dort dies außerdem zudem jedoch aktuell derzeit lebenslauf gespräch ausschreibung"
        " stelle anzeige und das beides all"
    ),
    "fr": words(
        "le la les de du des d l un une et ou avec en dans sur à au aux pour par ce ces cette mon ma mes"
        " votre vos leur leurs tous toutes plusieurs divers diverses différents "
        "travail projets projet équipe équipes clients client tâches domaine domaines personnes gestion"
        " développement mise place très bien aussi également vous nous je y ne pas "
        "heureux heureuse disponible convaincu convaincue motivé motivée intéressé intéressée prêt prête"
        " votre annonce poste entretien métier je que ce qui celui"
    ),
    "es": words(
        "el la los las de del un una unos unas y e o u con en a al para por este esta estos estas mi mis su"
        " sus todo todos todas varios varias diferentes distintos trabajo proyectos "
        "proyecto equipo equipos clientes cliente tareas área áreas personas gestión desarrollo muy bien"
        " también además ustedes me se no que lo esto eso puesto anuncio entrevista empresa"
    ),
}
# By its ending or by itself a word for somebody's occupation.
_OCCUPATION = re.compile(
    r"(?i)(?:\w{3,}(?:er|or|ist|ian|ant|ect|man|woman|eur|euse|ière|ienne|trice|ico|ista|ador|adora|ero|era|erin"
    r"|in|arzt|ärztin|mann|frau)"
    r"|chief|head|lead|officer|nurse|clerk|intern|director|architect|chef|assistant|expert|specialist|freelancer"
    r"|ceo|cto|cfo|leiter\w*|berater\w*"
    r"|médico|médica|jefe|jefa|responsable|infirmier\w*|gérante?)$"
)


def find_claims(sentence: str, language: str) -> Iterator[tuple[str, list[str]]]:
    """Kind (`experience`, `role`, `employer`) and the words claimed, general ones left out."""
    for match in _pattern("experience", language).finditer(sentence):
        yield "experience", _claimed(sentence, match.end(), language)
    for match in _pattern("role", language).finditer(sentence):
        words = _claimed(sentence, match.end(), language, 7, _TITLE_ENDS)
        if any(_OCCUPATION.fullmatch(word) for word in words):
            yield "role", words
    for match in _pattern("employer", language).finditer(sentence):
        words = _claimed(sentence, match.end(), language, 3)
        if words and (words[0][0].isupper() or language == "en"):
            yield "employer", [word for word in words if word[0].isupper() == words[0][0].isupper()]


def _claimed(
    sentence: str, start: int, language: str, most: int = _MOST, stop: re.Pattern[str] | None = None
) -> list[str]:
    # The blank before belongs to what ends a claim at once: `je pratique comme`.
    end = _ends(language).search(sentence, max(0, start - 1))
    part = sentence[start : max(start, end.start()) if end else len(sentence)]
    if stop and (cut := stop.search(part, 1)):
        part = part[: cut.start()]
    words = [word[0] for word in _WORD.finditer(part)][:most]
    general = GENERAL[language]
    return [w for w in words if w.casefold() not in general and len(w) > 2 and w.casefold() not in MONTH_NAMES]


@cache
def _pattern(kind: str, language: str) -> re.Pattern[str]:
    table = {"experience": _EXPERIENCE, "role": _ROLE, "employer": _EMPLOYER}[kind]
    return re.compile(table[language], re.IGNORECASE)


@cache
def _ends(language: str) -> re.Pattern[str]:
    return re.compile(_ENDS[language], re.IGNORECASE)
