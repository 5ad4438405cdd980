"""Words by which lines on roles are judged, in English, German, French and Spanish."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

_WORD = re.compile(r"[^\W\d_]+")
# Frequent words that only one of the four languages has.
_TELLING = {
    "en": "the and of with for from was were this that by on as an",
    "de": "der die und von mit für das dem den bei auf im zur zum eine als",
    "fr": "le les des et du pour dans avec une sur aux par en au",
    "es": "el los las y del para con una por como en al su",
}
_LANGUAGES_OF = {
    word: [name for name, words in _TELLING.items() if word in words.split()]
    for word in " ".join(_TELLING.values()).split()
}

# Stems of what people do at work; the endings of English verbs come after them.
_ENGLISH = (
    "accelerat achiev acquir adapt administer advis align allocat analy answer appl apprais approv architect arrang assembl assess assign"
    " assur attain attract audit author automat award balanc budget calculat calibrat captur catalog champion clarif clos coach cod"
    " collaborat collect combin compil complet compos comput conceiv conduct configur consolidat construct consult contract"
    " control conver convert coordinat correct counsel creat cultivat customiz customis cut debug decreas defin deliver demonstrat deploy"
    " deriv design detect determin develop devis diagnos direct discover document doubl draft driv earn edit educat eliminat embed enabl"
    " enforc engag engineer enhanc ensur establish estimat evaluat examin exceed execut expand expedit extend extract facilitat fil"
    " finaliz financ fix forecast form formulat foster found fulfil gather generat govern guid halv handl harden hir host identif"
    " implement improv increas influenc inform initiat innovat inspect inspir install institut instruct integrat interpret interview"
    " introduc invent investigat launch lectur liais localiz lower maintain manag map market maximiz measur mediat mentor merg migrat"
    " minimiz mitigat model moderniz modernis monitor motivat navigat negotiat onboard operat optimiz optimis orchestrat order organiz"
    " organis overhaul perform persuad pilot pioneer plan port predict prepar present prevent prioritiz process procur produc program"
    " promot propos prototyp prov provid publish purchas qualif rais reach rebuild recommend reconcil record recruit redesign reduc"
    " refactor refin regulat remodel renegotiat renew repair replac report represent rescu research resolv restor restructur review revamp"
    " revis sav scal schedul screen secur select serv setup shap ship simplif slash solv spearhead specif stabiliz staff standardiz start"
    " stor streamlin strengthen structur study studi supervis suppl support surpass survey sustain synthesiz tailor test track"
    " trad car clean cook greet nurs stop typ weld"
    " train transcrib transform translat treat trim tripl troubleshoot tun turn unif updat upgrad us validat verif visualiz win work"
)
_IRREGULAR = frozenset(
    [
        "led",
        "built",
        "wrote",
        "ran",
        "drove",
        "grew",
        "won",
        "cut",
        "made",
        "took",
        "brought",
        "taught",
        "sold",
        "held",
        "kept",
        "set",
        "found",
        "gave",
        "spoke",
        "met",
        "put",
        "began",
        "bought",
        "spent",
        "oversaw",
        "rebuilt",
        "rewrote",
        "redid",
        "sought",
        "shrank",
        "undertook",
        "lead",
        "build",
        "write",
        "run",
        "drive",
        "grow",
        "win",
        "make",
        "teach",
        "sell",
        "oversee",
        "ship",
        "own",
        "owned",
    ]
)
_ENDINGS = "[bdgklmnprt]?(?:e|ed|es|s|ing|ied|y|ies)"
_STEM = re.compile(rf"(?:co-)?(?:{'|'.join(sorted(_ENGLISH.split(), key=len, reverse=True))})(?:{_ENDINGS})?")
_ACTIONS = {
    # Participles ("entwickelt"), past ("leitete"), and the nouns that German resumes begin with ("Entwicklung von").
    "de": re.compile(
        r"(?:ge\w{3,}(?:t|en)|\w{3,}(?:iert|ierte|elte|erte|tete|igte|ickelt|führt|führte|stellt|stellte|baut|baute)"
        r"|\w{4,}(?:ung|ion|ierung)|leite\w*|aufbau|einführung|führung)"
    ),
    "fr": re.compile(
        r"(?:\w{3,}(?:é|ée|er|ir|ant)|\w{4,}(?:tion|sion|ment|age)|mise|conduite|gestion|suivi|conçu|réduit|conduit|mis)"
    ),
    "es": re.compile(
        r"(?:\w{3,}(?:é|ó|ar|er|ir|ando|iendo|ado|ido)|\w{4,}(?:ción|sión|miento)|desarrollo|diseño|gestión|lider\w+|apoyo)"
    ),
}
_VAGUE = {
    "en": (
        r"responsible for|duties includ\w+|tasked with|in charge of|helped(?: with| to)?|assisted (?:with|in)|worked (?:on|with)|"
        "involved in|participated in|various|etc|and so on|familiar with|exposure to|as needed|day[- ]to[- ]day|team player|"
        "hard[- ]?working|go[- ]getter"
    ),
    "de": (
        "verantwortlich für|zuständig für|mitarbeit (?:an|in|bei)|unterstützung (?:bei|von|der|des)|mitwirkung|verschiedene|"
        "diverse|usw|teamfähig|allgemeine"
    ),
    "fr": ("responsable de|chargée? de|participation à|participé à|aide à|divers(?:es)?|etc|différentes tâches"),
    "es": (
        "responsable de|encargad[oa] de|participación en|participé en|ayuda en|apoyo en|diversas?|diversos?|varias?|varios|etc"
    ),
}
_FIRST_PERSON = {
    "en": r"I|my|me|myself|I'm|I've",
    "de": r"ich|mein\w*|mich|mir",
    "fr": r"je|j'|mon|ma|mes|moi",
    "es": r"yo|mi|mis|me",
}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language, `en` where the text does not tell."""

    language: str
    vague: re.Pattern[str]
    first_person: re.Pattern[str]

    @staticmethod
    def of(text: str) -> "Words":
        """Of the language that most of the frequent words are of."""
        counts: Counter[str] = Counter()
        for word in _WORD.findall(text.lower()):
            counts.update(_LANGUAGES_OF.get(word, ()))
        best = max(counts.values(), default=0)
        return _words(next((name for name in _TELLING if counts[name] == best), "en"))

    def is_action(self, word: str) -> bool:
        """Whether a first word says what was done. English ones count in every language."""
        lower = word.lower()
        other = _ACTIONS.get(self.language)
        return lower in _IRREGULAR or bool(_STEM.fullmatch(lower)) or bool(other and other.fullmatch(lower))


@cache
def _words(language: str) -> Words:
    return Words(
        language,
        _whole(_VAGUE[language], re.IGNORECASE),
        _whole(_FIRST_PERSON[language], 0 if language == "en" else re.IGNORECASE),
    )


def _whole(pattern: str, flags: int) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", flags)
