"""Lines on what was done in a role → pieces that a sentence can take up, in the words of the resume."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

from services.ai.letters.wording import tidy
from services.ai.letters.words import words
from services.ai.resume import Value
from services.ai.resume.passages import tells_of_person
from services.ai.spans import Span, span_of

FEWEST, MOST = 28, 185
"""Letters of a line worth repeating."""


class Form(Enum):
    """How a line begins, and so how a sentence goes on with it."""

    PAST = "PAST"  # led a team
    BASE = "BASE"  # lead a team, diriger une équipe, dirigir un equipo
    GERUND = "GERUND"  # leading a team
    OWN = "OWN"  # I led a team: a sentence already
    CHARGE = "CHARGE"  # responsible for a team
    NOUN = "NOUN"  # Leitung eines Teams, gestion d’une équipe


@dataclass(frozen=True, slots=True)
class Deed:
    """`words` without full stop; `gender` (NOUN): m, f, n or p."""

    form: Form
    words: str
    span: Span
    gender: str = ""


@dataclass(frozen=True, slots=True)
class Verbs:
    """English verbs by form, each to its base."""

    base: frozenset[str]
    past: frozenset[str]
    gerund: frozenset[str]
    third: dict[str, str]


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
_FIRST = re.compile(r"I (?!am\b|'m\b|want|hope|would|can\b|like|love|enjoy|believe|possess|have\b)(?P<verb>[a-z]+)\b")
_ADVERB = r"(?:[A-Za-z]+ly\s+)?"
_CHARGE = re.compile(r"(?i)^(?:was |were |being )?responsible for\s+(?=[a-z0-9])")
_NEEDS_THE = re.compile(
    r"^((?:[a-z]+ly )?[a-z-]+(?: and [a-z]+)? )(?!(?:the|a|an|all|any|daily|several|many|various|new|different"
    r"|other)\b)"
    r"((?:(?!and |or |the |an? )[a-z-]+ )?(?:[a-z]{4,}(?:tion|ment|sion|ance)|design|rollout|roll-out|launch"
    r"|migration|delivery|creation) of )"
)
_NEEDS_A = re.compile(
    r"^((?:[a-z]+ly )?[a-z-]+(?: and [a-z]+)? )((?:(?!and |or |the |an? |our |my |with |in "
    r"|for )[b-df-hj-np-tv-z][a-z-]+ )?"
    r"(?:team|group|staff|budget|crew|portfolio) of )(?=[\d$£€a-z])"
)
_GENERAL = re.compile(
    r"(?i)\b(?:etc|and so on|various (?:duties|tasks)|other duties|duties as assigned|as needed|as required)\b"
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
        from services.ai.letters.deeds_abroad import abroad

        return first[0].isupper() and (
            language != "de" or abroad(tidy(first), span_of(first, 0, len(first)), language) is not None
        )
    return not first or (first[0].isupper() and _first_word(first) in _all_verbs()) or first[:2] == "I "


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
    if language == "en":
        return _english(line, span)
    from services.ai.letters.deeds_abroad import abroad

    return abroad(line, span, language)


def _english(line: str, span: Span) -> Deed | None:
    if charge := _CHARGE.match(line):
        return Deed(Form.CHARGE, line[charge.end() :], span)
    if first := _FIRST.match(line):
        known = first["verb"] in verbs().past
        return Deed(Form.OWN, line, span) if known and "I " not in line[2:] else None
    words = line.split()
    at = 1 if words[0].lower().endswith("ly") and len(words) > 4 else 0
    if re.search(r"(?<!\w)I(?!\w)", line):
        return None
    return _of_verb(line[0].lower() + line[1:], words[at].strip(",").lower(), words[at + 1], span)


def _of_verb(line: str, verb: str, following: str, span: Span) -> Deed | None:
    known = verbs()
    if verb in _PASSIVE and (following in _AFTER_PASSIVE or verb == "awarded"):
        return Deed(Form.PAST, f"was {line}", span)
    if verb in _PASSIVE_ALONE or following in ("of", "&", "/") or following.startswith(("/", "&", "(", "-")):
        return None
    if (
        verb in known.past
        and verb not in known.base
        and not _mixes(line, known.base | (frozenset(known.third) - _NOUNS))
    ):
        return Deed(Form.PAST, _with_articles(line), span)
    if verb in known.gerund and not _mixes(line, known.base | known.past):
        return Deed(Form.GERUND, _with_articles(line), span)
    if verb in known.third and not _mixes(line, frozenset(known.third)) and following not in ("and", "or"):
        return Deed(Form.BASE, _with_articles(line.replace(verb, known.third[verb], 1)), span)
    if verb in _AMBIGUOUS | {"direct"} and following[:1].isupper():
        return None
    if (
        verb in known.base
        and verb not in known.past
        and not _mixes(line, known.past | known.gerund | frozenset(known.third) - _NOUNS)
    ):
        return Deed(Form.BASE, _with_articles(line), span)
    return None


# What was done to the person: `Promoted to manager`.
_PASSIVE = words(
    "selected promoted hired recruited recognized recognised nominated assigned trained invited appointed"
    " elected chosen tasked awarded asked requested"
    " entrusted transferred employed honored voted certified named rated ranked"
)
_AFTER_PASSIVE = words("to by as for in into from with on")
_PASSIVE_ALONE = words(
    "promoted recognized recognised nominated elected chosen honored voted certified named rated ranked employed"
)
_NOUNS = words(
    "plans reports designs orders supplies sales programs processes documents models tests records forms"
    " files teams markets "
    "trains projects surveys supports researches updates reviews stocks drives balances budgets schedules"
    " changes checks controls"
)


def _mixes(line: str, others: frozenset[str]) -> bool:
    """Whether a later verb stands in another form: `led a team and manage budgets`."""
    later = re.findall(r"(?:,|\band|;)\s+([a-z-]+)\s+(?:the|a|an|all|new|our|their|and|with|to|in|on|[a-z]+)\b", line)
    return any(word in others and word not in _AMBIGUOUS for word in later)


# Words that are nouns as often as verbs: they say nothing of the form of a line.
_AMBIGUOUS = words(
    "address approach audit award balance brief budget build change check code contract control cook cut"
    " design document draft drive "
    "file follow form found help issue launch lead market model open order package partner post present"
    " process program project purchase "
    "quality record register report research review schedule screen set source staff start stock structure"
    " study supply support survey "
    "target test track train transfer transport type update upgrade use visit work contact cost sales"
    " service marketing training planning "
    "testing reporting scheduling engineering coding programming editing filing hiring cooking cleaning"
    " selling writing monitoring "
    "processing recruiting purchasing manufacturing budgeting advertising billing packaging shipping"
    " building opening housing increased improved"
    " written made set cut led experienced related limited advanced associated automated integrated required"
    " established"
)


def _with_articles(line: str) -> str:
    """`led implementation of` and `managed team of` with the article that lines of resumes leave out."""
    line = _NEEDS_THE.sub(r"\1the \2", line, count=1)
    return _NEEDS_A.sub(r"\1a \2", line, count=1)


@cache
def verbs() -> Verbs:
    """Read once."""
    lines = Path(__file__).with_name("verbs.txt").read_text("utf-8").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    past = {row[1] if len(row) > 1 else _past(row[0]) for row in rows}
    return Verbs(
        frozenset(row[0] for row in rows),
        frozenset(past | {"written", "learnt", "programmed", "modeled", "modelled", "cancelled", "travelled"}),
        frozenset(gerund(row[0]) for row in rows),
        {_third(row[0]): row[0] for row in rows},
    )


@cache
def _all_verbs() -> frozenset[str]:
    known = verbs()
    return known.base | known.past | known.gerund | frozenset(known.third) | {"responsible"}


_DOUBLED = words("plan ship cut set run program map begin refer submit transfer win")


def _past(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ied"
    return verb + verb[-1] + "ed" if verb in _DOUBLED else verb + "ed"


def gerund(verb: str) -> str:
    """`manage` → `managing`."""
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return verb[:-1] + "ing"
    return verb + verb[-1] + "ing" if verb in _DOUBLED else verb + "ing"


def _third(verb: str) -> str:
    if verb.endswith(("s", "sh", "ch", "x", "z")):
        return verb + "es"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + "s"
