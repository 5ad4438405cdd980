"""Who a sentence speaks of: the person who applies, or only the position."""

import re

_FIRST = {
    "en": r"i|my|me|mine|myself|we|our|ours|us|i['’]\w+",
    "de": r"ich|mein\w*|mir|mich|wir|unser\w*|uns",
    "fr": r"je|j|mon|ma|mes|moi|m|nous|notre|nos|mien\w*",
    "es": (
        r"yo|mi|mis|me|mí|conmigo|mío|mía|nos|nuestr\w+|soy|tengo|he|estoy|puedo|quiero|busco|conozco|hablo"
        r"|trabajo|utilizo|uso|domino|sé|cuento|poseo"
        r"|llevo|presento|aporto|manejo|dispongo|programo|\w{3,}é|\w{3,}í(?!\w)|fui|hice|tuve|estuve|había|podría"
        r"|seré|cumplo"
    ),
}
_SECOND = {
    "en": r"you|your|yours|posting|advert\w*|vacancy",
    "de": r"sie|ihr\w*|ihnen|ausschreibung|anzeige|stellenanzeige",
    "fr": r"vous|votre|vos|annonce|offre",
    "es": r"usted(?:es)?|su|sus|les|vuestr\w+|anuncio|oferta|vacante|piden|buscan|mencionan",
}
_APPLIES = re.compile(
    r"\b(?:appl(?:y|ying|ication|ied)|position|post|vacancy|posting|advert\w*|opening|role of|join\w*|interested"
    r"|stelle|bewerb\w*|ausschreibung|"
    r"ausgeschrieben\w*|anzeige|candidature|poste|annonce|candidatura|puesto|anuncio|vacante|oferta)\b",
    re.IGNORECASE,
)
_FIRST_OF = {language: re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) for language, words in _FIRST.items()}
_SECOND_OF = {language: re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) for language, words in _SECOND.items()}


def is_of_position(text: str, language: str) -> bool:
    """Whether it speaks of the position and not of the person. In doubt it speaks of the person."""
    return bool(_SECOND_OF[language].search(text)) and not _FIRST_OF[language].search(text)


def applies(text: str) -> bool:
    """Whether it speaks of applying, so that it may name what is applied for."""
    return bool(_APPLIES.search(text))
