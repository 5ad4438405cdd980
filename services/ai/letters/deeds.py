"""Lines on what was done in a role → pieces that a sentence can take up, in the words of the resume."""

import re
from collections.abc import Sequence

from services.ai.letters.deed import Deed
from services.ai.letters.deeds_abroad import abroad
from services.ai.letters.deeds_english import english
from services.ai.letters.verbs import beginnings
from services.ai.letters.wording import tidy
from services.ai.letters.words import words
from services.ai.resume import Value
from services.ai.resume.passages import tells_of_person
from services.ai.spans import Span, span_of

FEWEST, MOST = 28, 185
"""Letters of a line worth repeating."""


_GLUED = re.compile(r"[a-zà-ÿ]{3,}[A-Z][a-zà-ÿ]{3,}|[.,;:][A-Za-z]{3,}|\w{30,}|[a-z]\.[A-Z]")
_BROKEN = re.compile(
    r"[ÂÃâï¼¿½\x00-\x1f�|•·●▪►◦*<>{}_=~^\\\[\]¿¡!?]|\.{2,}|-{2,}|\b(?:Company Name|City|State)\b|:\s|https?:|www\."
)
_LEAD = re.compile(r"^[\s•·▪●◦‣*–—\-✓➢]+")
_STOP = re.compile(r"(?<=[a-zà-ÿ0-9)%])\s*[.;](?=\s|$)|\s+[•·▪●]\s+")
_DANGLING = words(
    "and or of with the a an to in for on at by from as into including such their its our my etc than that"
    " which who via per e.g i.e & "
    "und oder mit der die das den dem für von zu im in auf aus bei sowie et ou de des du la le les pour avec"
    " en sur y o e u del el los para con por"
)
_PERSON = re.compile(r"(?i)\b(?:he|she|his|her|him|candidate|applicant)\b")
_GENERAL = re.compile(
    r"(?i),\s*responsible for|\b(?:etc|and so on|various (?:duties|tasks)|other duties|duties as assigned|as needed|as required)\b"
)


def deeds(bullets: Sequence[Value], language: str) -> list[Deed]:
    """Those that go into a sentence of the language they are written in; the others are left out."""
    found = []
    for number, bullet in enumerate(bullets):
        following = bullets[number + 1].text if number + 1 < len(bullets) else ""
        for piece, ends in _pieces(bullet.span):
            if (ends or _begins_anew(following, language)) and _is_sound(piece.text):
                made = _made(piece, language)
                if made:
                    found.append(made)
    return found


def _pieces(span: Span) -> list[tuple[Span, bool]]:
    """The sentences of a line, and of each whether it surely ends."""
    cuts = list(_STOP.finditer(span.text))
    starts = [0, *(cut.end() for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), len(span.text)]
    found = []
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        lead = _LEAD.match(span.text[start:end])
        part = span_of(span.text, start + (lead.end() if lead else 0), end)
        if part.text:
            whole = Span(span.start + part.start, span.start + part.end, span.page, part.text)
            found.append((whole, number < len(cuts)))
    return found


def _begins_anew(following: str, language: str) -> bool:
    """Whether the next line does not go on with this one."""
    first = _LEAD.sub("", following).strip()
    if language != "en" and first:
        return first[0].isupper() and (
            language != "de" or abroad(tidy(first), span_of(first, 0, len(first)), language) is not None
        )
    return not first or (first[0].isupper() and _first_word(first) in beginnings()) or first[:2] == "I "


def _first_word(text: str) -> str:
    return re.split(r"[\s,]", text, maxsplit=1)[0].lower()


def _is_sound(text: str) -> bool:
    line = tidy(text)
    if not FEWEST <= len(line) <= MOST or len(line.split()) < 4:
        return False
    if (
        _BROKEN.search(line)
        or _GLUED.search(line)
        or _PERSON.search(line)
        or tells_of_person(text)
        or _GENERAL.search(line)
    ):
        return False
    if (
        line[-1] in "'’‘:/&-–"
        or line.count("(") != line.count(")")
        or line.count('"') % 2
        or line.count("“") != line.count("”")
    ):
        return False
    capitals = sum(word[0].isupper() for word in line.split())
    return _last_word(line) not in _DANGLING and not line.isupper() and capitals <= len(line.split()) * 0.6


def _last_word(line: str) -> str:
    return line.rstrip(" .,;").split()[-1].lower()


def _made(span: Span, language: str) -> Deed | None:
    line = tidy(span.text).rstrip(" .,;:-–")
    return english(line, span) if language == "en" else abroad(line, span, language)
