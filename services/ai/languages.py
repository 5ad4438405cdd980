"""Languages by their English names, whatever language they are named in."""

_NAMES = {
    "english": "englisch anglais inglés ingles",
    "german": "deutsch allemand alemán",
    "french": "französisch français francés",
    "spanish": "spanisch espagnol español castellano castilian",
    "italian": "italienisch italien italiano",
    "portuguese": "portugiesisch portugais portugués",
    "dutch": "niederländisch néerlandais neerlandés flemish",
    "polish": "polnisch polonais polaco",
    "russian": "russisch russe ruso",
    "ukrainian": "ukrainisch",
    "turkish": "türkisch turc turco",
    "arabic": "arabisch arabe árabe",
    "chinese": "chinesisch chinois chino mandarin",
    "japanese": "japanisch japonais japonés",
    "korean": "koreanisch coréen coreano",
    "greek": "griechisch grec",
    "swedish": "schwedisch",
    "czech": "tschechisch",
    "hungarian": "ungarisch",
    "romanian": "rumänisch roumain rumano",
    "croatian": "kroatisch",
    "serbian": "serbisch",
    "latin": "latein",
    "danish": "dänisch",
    "persian": "persisch farsi",
    "catalan": "catalán valenciano",
    "basque": "euskera",
    "galician": "gallego",
    "american sign language": "asl",
}
_ENGLISH = {other: name for name, others in _NAMES.items() for other in others.split()}


def english_name(name: str) -> str:
    """In lower case; as it is when we know no English name for it."""
    lower = " ".join(name.casefold().split())
    return _ENGLISH.get(lower, lower)
