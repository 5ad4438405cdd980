"""Lines of English resumes, by the form of their first verb."""

import re

from services.ai.letters.deed import Deed, Form
from services.ai.letters.verbs import verbs
from services.ai.letters.words import words
from services.ai.spans import Span

_FIRST = re.compile(r"I (?!am\b|'m\b|want|hope|would|can\b|like|love|enjoy|believe|possess|have\b)(?P<verb>[a-z]+)\b")
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


def english(line: str, span: Span) -> Deed | None:
    """None where its form is not sure, or changes within."""
    if charge := _CHARGE.match(line):
        return Deed(Form.CHARGE, line[charge.end() :], span)
    if first := _FIRST.match(line):
        known = first["verb"] in verbs().past
        return Deed(Form.OWN, line, span) if known and "I " not in line[2:] else None
    parts = line.split()
    at = 1 if parts[0].lower().endswith("ly") and len(parts) > 4 else 0
    if re.search(r"(?<!\w)I(?!\w)", line):
        return None
    return _of_verb(line[0].lower() + line[1:], parts[at].strip(",").lower(), parts[at + 1], span)


def _of_verb(line: str, verb: str, following: str, span: Span) -> Deed | None:
    known = verbs()
    if verb in _PASSIVE and (following in _AFTER_PASSIVE or f"{verb} {following}" in _PASSIVE_PAIRS):
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
_AFTER_PASSIVE = words("to by as")
_PASSIVE_PAIRS = frozenset(
    (
        "trained in",
        "selected for",
        "nominated for",
        "promoted from",
        "promoted into",
        "recognized for",
        "recognised for",
    )
)
_PASSIVE_ALONE = words(
    "promoted recognized recognised nominated elected chosen honored voted certified named rated ranked employed awarded"
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
