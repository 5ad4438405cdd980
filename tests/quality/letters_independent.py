"""Whether a letter holds a name, number or skill that its sources lack: by comparing strings, with no line of the checker."""

import re
from collections.abc import Iterator

from services.ai.letters import Sources

# Months in the four languages, with all that resumes shorten them to.
_MONTHS = (
    ("january", "januar", "janvier", "enero"), ("february", "februar", "février", "febrero"), ("march", "märz", "mars", "marzo"),
    ("april", "avril", "abril"), ("may", "mai", "mayo"), ("june", "juni", "juin", "junio"), ("july", "juli", "juillet", "julio"),
    ("august", "août", "agosto"), ("september", "septembre", "septiembre"), ("october", "oktober", "octobre", "octubre"),
    ("november", "novembre", "noviembre"), ("december", "dezember", "décembre", "diciembre"),
)  # fmt: skip
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_MONTH = re.compile(
    rf"\b({'|'.join(sorted(_MONTH_OF, key=len, reverse=True))})\s+(?:de\s+)?((?:19|20)\d\d)\b", re.IGNORECASE
)
_ENGLISH = [names[0] for names in _MONTHS]
_WORDS_FOR_NUMBERS = {
    "en": "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty"
    " seventy eighty ninety hundred thousand million"
    " dozen dozens hundreds thousands decade decades half twice doubled tripled",
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig vierzig fünfzig hundert"
    " tausend million dutzend jahrzehnt hälfte"
    " doppelt verdoppelt",
    "fr": "deux trois quatre cinq six sept huit dix onze douze quinze vingt trente quarante cinquante cent mille"
    " million dizaine douzaine décennie moitié",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce quince veinte treinta cuarenta cincuenta"
    " cien mil millón docena década mitad",
}
# Every word with a capital that letters without any name in them have; typed from reading them.
_WORDS_WITH_CAPITALS = {
    "en": "i dear hello kind yours best please your you my there in that among another part it from since before"
    " after as of also would will sir madam at"
    " to the this not with for and",
    "de": "guten tag damen herren stelle ausschreibung zeit arbeit aufgaben lebenslauf abschluss muttersprache"
    " homeoffice gespräch grüße grüßen ich sie ihnen"
    " ihre ihrer ihren ihr sehr mit freundliche herzliche freundlichen derzeit zuletzt dort außerdem hinzu zu"
    " seit von in auch davor über gern für nicht"
    " mein nachweis einladung verfügung anzeige punkt schreiben jahr aufgabe im zum besonders beginnen auf"
    " beginn herzlichen meiner",
    "fr": "madame monsieur bonjour je j votre vous c mon depuis de d en auparavant il s par dans au quant un cordialement bien les mon y",
    "es": "estimado estimados hola les presento me su por en desde de antes también allí mi tengo hablo con"
    " quedo agradezco espero atentamente un actualmente"
    " mis no podría busco trabajé presento utilicé utilizo",
}
_TOKEN = re.compile(r"[^\W_][\w+#]*(?:[.'’&/-][\w+#]+)*")
_PLAIN_WORD = re.compile(r"[^\W_]+")
_SKILL_END = r"(?![\w+#])"


def unsupported(letter: str, sources: Sources, language: str, planted: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Kind and words of each thing that no source has."""
    body = _without_position(letter, sources)
    yield from _numbers(body, sources.resume_text.casefold(), language)
    yield from _names(body, _plain(sources.resume_text), language)
    for words in planted:
        if _plain(words).strip() in _plain(body):
            yield "planted", words
    yield from _skills(body, sources)


def _without_position(letter: str, sources: Sources) -> str:
    """Title, employer and person belong to every letter; nothing else of the position does."""
    title = sources.vacancy.title
    for name in (title, re.split(r"[*!(]", title)[0], sources.vacancy.employer, sources.name):
        core = " ".join(name.split()).strip(" ,;:.-–—/&|*!")
        if core:
            letter = re.sub(r"\s+".join(map(re.escape, core.split())), " ", letter, flags=re.IGNORECASE)
    return letter


def _numbers(body: str, resume: str, language: str) -> Iterator[tuple[str, str]]:
    for month in _MONTH.finditer(body):
        if not _has_month(_MONTH_OF[month[1].lower()], month[2], resume):
            yield "date", month[0]
    for figure in re.findall(r"\d+", body):
        if not re.search(rf"(?<!\d){figure}(?!\d)", resume):
            yield "number", figure
    spoken = _WORDS_FOR_NUMBERS[language].split()
    for word in re.findall(r"[^\W\d_]+", body.lower()):
        if word in spoken and not re.search(rf"\b{word}\b", resume):
            yield "number", word


def _has_month(number: int, year: str, resume: str) -> bool:
    name = _ENGLISH[number - 1][:3]
    forms = (
        rf"\b{name}\w*\W{{0,4}}(?:\d{{1,2}}\w{{0,2}}\W{{1,3}})?(?:{year}|'?{year[2:]}\b)",
        rf"(?<!\d)0?{number}\s?[/.-]\s?(?:\d\d?\s?[/.-]\s?)?(?:{year}|{year[2:]}(?!\d))",
        rf"\b\d\d?\s?[/.-]\s?0?{number}\s?[/.-]\s?(?:{year}|{year[2:]}(?!\d))",
        rf"{year}\s?[/.-]\s?0?{number}(?!\d)",
        rf"\b{name}\w*[^\n]{{0,40}}{year}",
    )
    return any(re.search(form, resume) for form in forms)


def _names(body: str, resume: str, language: str) -> Iterator[tuple[str, str]]:
    """Words with a capital, a digit or a capital within: in the resume, or among those that every letter has."""
    words = (*_WORDS_WITH_CAPITALS[language].split(), *_MONTH_OF, *_glossary_nouns(language))
    ordinary = {word.casefold() for word in words}
    for token in _TOKEN.findall(body):
        for word in re.split(r"[’'/&-]", token):
            if not any(c.isupper() for c in word) or word.casefold() in ordinary:
                continue
            if _plain(word) not in resume:
                yield "name", token


def _glossary_nouns(language: str) -> set[str]:
    """German writes the skills of its glossary with capitals; each of them is looked at among the skills."""
    if language != "de":
        return {"englisch", "résumé", "cv"}
    from services.ai.letters.glossary import names

    return {part for name in names("de") for word in name.split() for part in word.split("-")} | {
        "englisch",
        "spanisch",
        "deutsch",
        "französisch",
    }


def _skills(body: str, sources: Sources) -> Iterator[tuple[str, str]]:
    """Skills that the position asks for in words which the resume has nowhere."""
    resume, text = " ".join(sources.resume_text.casefold().split()), body.casefold()
    for asked in sources.vacancy.requirements:
        if not asked.skill_id or asked.span is None:
            continue
        words = " ".join(asked.span.text.casefold().split())
        if words in resume or asked.label.casefold() in resume or len(words) < 2:
            continue
        if re.search(rf"(?<![\w]){re.escape(words)}{_SKILL_END}", text):
            yield "skill", asked.span.text


def _plain(text: str) -> str:
    """Words alone, in small letters, a blank around each."""
    return f" {' '.join(_PLAIN_WORD.findall(text.casefold()))} "
