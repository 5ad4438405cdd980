"""Languages as Europass names and grades them."""

from collections.abc import Sequence

_CEFR = ("A1", "A2", "B1", "B2", "C1", "C2")
# ISO 639-2 in both forms, and 639-1, for the languages of Europe and the largest of the world.
_NAMES = {
    "English": "eng en",
    "German": "deu ger de",
    "French": "fra fre fr",
    "Spanish": "spa es",
    "Italian": "ita it",
    "Portuguese": "por pt",
    "Dutch": "nld dut nl",
    "Polish": "pol pl",
    "Czech": "ces cze cs",
    "Slovak": "slk slo sk",
    "Slovenian": "slv sl",
    "Croatian": "hrv hr",
    "Serbian": "srp sr",
    "Bosnian": "bos bs",
    "Macedonian": "mkd mac mk",
    "Albanian": "sqi alb sq",
    "Bulgarian": "bul bg",
    "Romanian": "ron rum ro",
    "Hungarian": "hun hu",
    "Greek": "ell gre el",
    "Turkish": "tur tr",
    "Russian": "rus ru",
    "Ukrainian": "ukr uk",
    "Belarusian": "bel be",
    "Lithuanian": "lit lt",
    "Latvian": "lav lv",
    "Estonian": "est et",
    "Finnish": "fin fi",
    "Swedish": "swe sv",
    "Norwegian": "nor nob nno no nb nn",
    "Danish": "dan da",
    "Icelandic": "isl ice is",
    "Irish": "gle ga",
    "Welsh": "cym wel cy",
    "Maltese": "mlt mt",
    "Catalan": "cat ca",
    "Basque": "eus baq eu",
    "Galician": "glg gl",
    "Luxembourgish": "ltz lb",
    "Arabic": "ara ar",
    "Hebrew": "heb he",
    "Persian": "fas per fa",
    "Hindi": "hin hi",
    "Bengali": "ben bn",
    "Urdu": "urd ur",
    "Chinese": "zho chi zh",
    "Japanese": "jpn ja",
    "Korean": "kor ko",
    "Vietnamese": "vie vi",
    "Thai": "tha th",
    "Indonesian": "ind id",
    "Swahili": "swa sw",
    "Latin": "lat la",
}
_BY_CODE = {code: name for name, codes in _NAMES.items() for code in codes.split()}


def language_name(code: str) -> str:
    """The English name for a code; what is none stays."""
    return _BY_CODE.get(code.strip().lower(), code)


def lowest_level(levels: Sequence[str]) -> str:
    """Europass grades listening, reading, speaking and writing apart; what holds for a language as a whole is the lowest."""
    found = [level.strip().upper()[:2] for level in levels]
    known = [level for level in found if level in _CEFR]
    return min(known, key=_CEFR.index) if known else ""
