"""Lines of German, French and Spanish resumes, by how they begin: a noun (`Entwicklung von`), an infinitive, or a past form."""

import re

from services.ai.letters.deed import Deed, Form
from services.ai.letters.words import words
from services.ai.spans import Span

_GERMAN_NOUN = re.compile(r"[A-ZÄÖÜ][\wäöüß-]{3,}")
_GERMAN_GENDERS = (
    ("f", re.compile(r".*(?:ung|ion|tät|heit|keit|schaft|pflege|analyse|akquise|inbetriebnahme|hilfe|abnahme|aufnahme|übergabe|annahme|"
                     r"ausgabe|suche|arbeit|diagnose|durchsprache|assistenz)$")),
    ("m", re.compile(r".*(?:aufbau|ausbau|umbau|betrieb|vertrieb|entwurf|einkauf|verkauf|support|einsatz|empfang|versand|umgang|abschluss|"
                     r"kontakt|transport|service|test|umzug)$", re.IGNORECASE)),
    ("n", re.compile(r".*(?:management|controlling|design|marketing|coaching|training|reporting|monitoring"
        r"|recruiting|erstellen|führen|testen|"
                     r"planen|schreiben|prüfen|leiten|verwalten|bearbeiten|verfassen|durchführen|entwickeln)$", re.IGNORECASE)),
)  # fmt: skip
_GERMAN_PAST = re.compile(
    r"(?:Leitete|Führte|Baute|Entwarf|Schrieb|Betrieb|Hielt|Übernahm|Schuf|Betreute|Erstellte|"
    r"[A-ZÄÖÜ][a-zäöüß]{2,}(?:ierte|elte|erte|tete|igte|ickelte|chte|llte|rte|nte|ute|zte|ste|bte|gte|kte|fte))(?= )"
)
_FRENCH_PARTICIPLE = re.compile(
    r"(?:[A-ZÉÈÀÊ][a-zéèàêçôûîï]{2,}é|Conçu|Réduit|Conduit|Mis|Écrit|Construit|Produit|Traduit|Maintenu|Obtenu"
    r"|Établi|Fourni|Accompli|Défini)(?= )"
)
_FRENCH_REFLEXIVE = words("allé arrivé entré parti resté devenu venu")
_FRENCH_GENDERS = (
    ("f", re.compile(r"(?:\w+(?:tion|sion|ance|ence|ture|ise|ique|erie|vente|étude|té)|gestion|mise|conduite"
        r"|veille|vente|analyse|étude|aide|prise|"
                     r"animation|recherche|tenue|maintenance|relecture|refonte|saisie|migration)$", re.IGNORECASE)),
    ("m", re.compile(r"(?:\w+(?:ment|age)|suivi|conseil|soutien|support|contrôle|accueil|pilotage|soin|entretien"
        r"|design|audit|appui|test|tri|montage)$",
                     re.IGNORECASE)),
)  # fmt: skip
_SPANISH_GENDERS = (
    ("f", re.compile(r"(?:\w+(?:ción|sión|dad|ría|encia|ancia|tura|ud)|gestión|venta|mejora|puesta|ayuda|compra"
        r"|búsqueda|toma|entrega|defensa|captura|"
                     r"reforma|enseñanza|limpieza)$", re.IGNORECASE)),
    ("m", re.compile(r"(?:\w+(?:miento|aje)|desarrollo|diseño|apoyo|análisis|control|soporte|manejo|diagnóstico"
        r"|cuidado|trabajo|cierre|cálculo|"
                     r"estudio|registro|trato|envío|seguimiento|liderazgo|montaje|despliegue)$", re.IGNORECASE)),
)  # fmt: skip
_SPANISH_PAST = re.compile(
    r"[A-ZÁÉÍÓÚ][a-záéíóúñ]{2,}(?:é|í)(?= )|(?:Hice|Puse|Conduje|Traduje|Produje|Mantuve|Obtuve|Propuse|Reduje"
    r"|Introduje)(?= )"
)
_PLURALS = {
    "de": re.compile(r"^\S+(?:,| und | sowie | & )"),
    "fr": re.compile(r"^\S+(?:,| et )"),
    "es": re.compile(r"^\S+(?:,| y | e )"),
}


def abroad(line: str, span: Span, language: str) -> Deed | None:
    """Of the first word; None where it tells no form that is sure."""
    return {"de": _german, "fr": _french, "es": _spanish}[language](line, span)


def _german(line: str, span: Span) -> Deed | None:
    if _GERMAN_PAST.match(line):
        return Deed(Form.PAST, line[0].lower() + line[1:], span)
    noun = _GERMAN_NOUN.match(line)
    gender = noun and _gender(noun[0], _GERMAN_GENDERS)
    if not noun or not gender or re.search(r"(?:ge\w+t|iert|\w+ten|\w+te)$", line):
        return None
    return Deed(Form.NOUN, line, span, "p" if _PLURALS["de"].match(line) else gender)


def _french(line: str, span: Span) -> Deed | None:
    lower = line[0].lower() + line[1:]
    first = lower.split()[0]
    if _FRENCH_PARTICIPLE.match(line):
        return None if first in _FRENCH_REFLEXIVE else Deed(Form.PAST, lower, span)
    if gender := _gender(first, _FRENCH_GENDERS):
        return None if _PLURALS["fr"].match(line) else Deed(Form.NOUN, lower, span, gender)
    return Deed(Form.BASE, lower, span) if re.fullmatch(r"\w{2,}(?:er|ir|oir|dre|uire|tre)", first) else None


def _spanish(line: str, span: Span) -> Deed | None:
    lower = line[0].lower() + line[1:]
    first = lower.split()[0]
    if _SPANISH_PAST.match(line):
        return Deed(Form.PAST, lower, span)
    if gender := _gender(first, _SPANISH_GENDERS):
        return None if _PLURALS["es"].match(line) else Deed(Form.NOUN, lower, span, gender)
    return Deed(Form.BASE, lower, span) if re.fullmatch(r"\w{2,}(?:ar|er|ir)", first) else None


def _gender(word: str, genders: tuple[tuple[str, re.Pattern[str]], ...]) -> str:
    return next((gender for gender, pattern in genders if pattern.fullmatch(word)), "")
