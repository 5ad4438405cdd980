"""Languages by their names in the languages of letters."""

from functools import cache

_NAMES = {
    "english": ("Englisch", "anglais", "inglés"),
    "german": ("Deutsch", "allemand", "alemán"),
    "french": ("Französisch", "français", "francés"),
    "spanish": ("Spanisch", "espagnol", "español"),
    "italian": ("Italienisch", "italien", "italiano"),
    "portuguese": ("Portugiesisch", "portugais", "portugués"),
    "dutch": ("Niederländisch", "néerlandais", "neerlandés"),
    "polish": ("Polnisch", "polonais", "polaco"),
    "russian": ("Russisch", "russe", "ruso"),
    "ukrainian": ("Ukrainisch", "ukrainien", "ucraniano"),
    "turkish": ("Türkisch", "turc", "turco"),
    "arabic": ("Arabisch", "arabe", "árabe"),
    "chinese": ("Chinesisch", "chinois", "chino"),
    "mandarin": ("Mandarin", "mandarin", "mandarín"),
    "japanese": ("Japanisch", "japonais", "japonés"),
    "korean": ("Koreanisch", "coréen", "coreano"),
    "hindi": ("Hindi", "hindi", "hindi"),
    "romanian": ("Rumänisch", "roumain", "rumano"),
    "greek": ("Griechisch", "grec", "griego"),
    "swedish": ("Schwedisch", "suédois", "sueco"),
    "norwegian": ("Norwegisch", "norvégien", "noruego"),
    "danish": ("Dänisch", "danois", "danés"),
    "finnish": ("Finnisch", "finnois", "finés"),
    "czech": ("Tschechisch", "tchèque", "checo"),
    "hungarian": ("Ungarisch", "hongrois", "húngaro"),
    "croatian": ("Kroatisch", "croate", "croata"),
    "serbian": ("Serbisch", "serbe", "serbio"),
    "catalan": ("Katalanisch", "catalan", "catalán"),
    "vietnamese": ("Vietnamesisch", "vietnamien", "vietnamita"),
    "hebrew": ("Hebräisch", "hébreu", "hebreo"),
    "persian": ("Persisch", "persan", "persa"),
}
_COLUMN = {"de": 0, "fr": 1, "es": 2}


def spoken_name(english: str, language: str) -> str:
    """In the language of the letter; as in English where it is not known."""
    row = _NAMES.get(english)
    return row[_COLUMN[language]] if row and language in _COLUMN else english


@cache
def english_names(language: str) -> dict[str, str]:
    """Names in a language, in small letters, each with the English one."""
    if language == "en":
        return {english: english for english in _NAMES}
    return {row[_COLUMN[language]].casefold(): english for english, row in _NAMES.items()}
