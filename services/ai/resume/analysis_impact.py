"""Whether a line on a role says what was done and what came of it."""

import re
from collections.abc import Collection

from services.ai.resume.analysis_records import Bullet, BulletIssue
from services.ai.resume.analysis_words import Words
from services.ai.resume.records import Value
from services.ai.spans import Span

MOST_WORDS, LEAST_WORDS = 40, 4
# What a line loses for each issue, of 100.
COSTS = {
    BulletIssue.NO_ACTION_VERB: 30,
    BulletIssue.NO_QUANTITY: 35,
    BulletIssue.VAGUE: 20,
    BulletIssue.FIRST_PERSON: 5,
    BulletIssue.TOO_LONG: 10,
    BulletIssue.TOO_SHORT: 10,
}

_NUMBER = r"\d[\d.,'\u202f]*"
_UNITS = (
    r"%|percent|per cent|prozent|pour cent|por ciento|x\b|k\b|m\b|bn\b|million\w*|mio\b|mrd\b|thousand|tausend|mille|mil\b|hundred|dozens?"
    r"|years?|months?|weeks?|days?|hours?|minutes?|seconds?|ms\b|jahre?n?|monate?n?|wochen?|tage?n?|stunden?|ans?\b|années?|mois|semaines?"
    r"|jours?|heures?|años?|mes(?:es)?|semanas?|días?|horas?|€|\$|£|eur\b|usd\b|chf\b|[kmgt]b\b"
)
_QUANTITY = re.compile(
    rf"[€$£]\s?{_NUMBER}(?:\s?(?:{_UNITS}))*|(?<![\w.]){_NUMBER}\+?\s?(?:{_UNITS})+|(?<![\w.#]){_NUMBER}\+?(?!\w)"
    r"|(?<!\w)(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|hundreds|thousands|millions|doubled|tripled|halved"
    r"|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|verdoppelt|deux|trois|quatre|cinq|sept|huit|neuf|dix|doublé"
    r"|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|duplicado)(?!\w)",
    re.IGNORECASE,
)
# A calendar year is when, not how much; a version is which.
_YEAR = re.compile(r"(?:19|20)\d\d[.,]?")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")


def review(bullet: Value, words: Words) -> Bullet:
    """Of a line as written; quantities are spans in the document."""
    text = bullet.span.text
    first = _WORD.search(text)
    counted = tuple(_quantities(bullet.span))
    length = len(text.split())
    present = {
        BulletIssue.NO_ACTION_VERB: first is None or not words.is_action(first[0]),
        BulletIssue.NO_QUANTITY: not counted,
        BulletIssue.VAGUE: bool(words.vague.search(text)),
        BulletIssue.FIRST_PERSON: bool(words.first_person.search(text)),
        BulletIssue.TOO_LONG: length > MOST_WORDS,
        BulletIssue.TOO_SHORT: length < LEAST_WORDS,
    }
    issues = tuple(issue for issue, found in present.items() if found)
    return Bullet(bullet.span, impact(issues), counted, issues)


def impact(issues: Collection[BulletIssue]) -> int:
    """100 for a line without issues."""
    return 100 - sum(COSTS[issue] for issue in issues)


def _quantities(span: Span) -> list[Span]:
    found = (m for m in _QUANTITY.finditer(span.text) if not _YEAR.fullmatch(m[0]))
    return [Span(span.start + m.start(), span.start + m.end(), span.page, m[0]) for m in found]
