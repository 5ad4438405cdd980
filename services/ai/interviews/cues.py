"""By what lines of a rubric are met, in four languages."""

import re

from services.ai.interviews.folding import words
from services.ai.letters.verbs import verbs

_PAST = (
    "built led made wrote ran set took gave got kept held taught found brought chose drove grew cut won began did had was saw put sold"
    " spent spoke went met paid sent hired rebuilt rewrote oversaw"
)
_FIRST_PERSON = re.compile(
    rf"\bI(?:['’]ve|\s+have|\s+had)?\s+(?:\w+ly\s+)?(?:\w{{2,}}ed|{'|'.join(_PAST.split())})\b"
    r"|\bich\s+(?:\w+\s+){0,6}?(?:\w+te|habe|hatte|war|baute|schrieb|leitete|begann|nahm|gab|brachte|fand|hielt)\b"
    r"|\b(?:habe|hatte|war|konnte|musste)\s+ich\b|\b\w+te\s+ich\b"
    r"|\bj['’](?:ai|avais|étais|y ai|en ai)\b|\bje\s+(?:me\s+suis|suis\s+\w+ée?|\w+ais|l['’]ai|les\s+ai)\b"
    r"|\b(?:hice|tuve|fui|pude|puse|dije|estuve|logré)\b|\b(?:yo\s+)?\w{3,}(?:é|í)\b|\bhe\s+\w+(?:ado|ido|to|cho)\b",
    re.IGNORECASE,
)
_SITUATION = re.compile(
    r"\b(?:when|while|during|back)\s+(?:I|we|my|in|at|the|working|leading)\b|\b(?:in|at|on|with)\s+my\s+(?:\w+\s+){0,2}(?:role|job|position|team"
    r"|project|company|studies|employer|internship|work)\b|\bas\s+an?\s+(?:\w+\s+){0,3}(?:at|in|for)\b|\bon\s+an?\s+(?:\w+\s+){0,3}project\b"
    r"|\bals\s+(?:ich|wir)\b|\bwährend\b|\b(?:in|bei|auf)\s+mein(?:er|em)\b|\bim\s+(?:Rahmen|Projekt|Praktikum|Studium)\b|\bdamals\b"
    r"|\b(?:lorsque|quand)\s+(?:j|je|nous)\b|\bpendant\s+(?:mon|ma|mes|le|la)\b|\bdans\s+(?:mon|ma)\b|\ben\s+tant\s+que\b|\bau\s+sein\b"
    r"|\bcuando\s+\w+|\bdurante\s+(?:mi|el|la)\b|\ben\s+mi\b|\bmientras\b",
    re.IGNORECASE,
)
_WHEN = re.compile(r"\b(?:19|20)\d\d\b")
_RESULT = re.compile(
    r"\b(?:as\s+a\s+result|so\s+that|led\s+to|resulted|reduc\w+|increas\w+|decreas\w+|cut|sav(?:ed|ing)|improv\w+|grew|doubled|halved|tripled"
    r"|faster|fewer|in\s+the\s+end|achieved|which\s+meant|won\s+the)\b"
    r"|\b(?:dadurch|sodass|so\s+dass|ergebnis|senkte\w*|gesenkt|steigerte\w*|gesteigert|sparte\w*|gespart|verringert\w*|verbessert\w*|halbiert\w*"
    r"|verdoppelt\w*|schneller)\b"
    r"|\b(?:résultat|ainsi|réduit\w*|augment\w+|amélior\w+|économis\w+|doubl\w+|divis\w+)\b"
    r"|\b(?:resultado|reduj\w+|aument\w+|mejor\w+|ahorr\w+|logr\w+|duplic\w+|así\s+que)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d")
_GAP = re.compile(
    r"\b(?:not\s+yet|haven['’]?t|have\s+not|had\s+not|never|new\s+to\s+me|no\s+(?:direct\s+)?experience|(?:I\s+would|I['’]d|I\s+will|I['’]ll|plan\s+to|going\s+to)"
    r"\s+(?:\w+\s+){0,2}(?:learn|study|take|read|practi[cs]e|start|begin|ask|train|catch)|learning|course|mentor)\b"
    r"|\b(?:noch\s+nicht|bisher\s+nicht|noch\s+nie|neu\s+für\s+mich|einarbeit\w*|lernen|erlernen|Kurs|Fortbildung|Schulung)\b"
    r"|\b(?:pas\s+encore|jamais|nouveau\s+pour\s+moi|apprendr\w*|formation|me\s+former|formerais)\b"
    r"|\b(?:todavía\s+no|aún\s+no|nunca|nuevo\s+para\s+mí|aprender\w*|curso|formación|formarme)\b",
    re.IGNORECASE,
)


def tells_situation(sentence: str) -> bool:
    return bool(_SITUATION.search(sentence) or _WHEN.search(sentence))


def tells_action(sentence: str) -> bool:
    """In the first person, or as resumes do: `Built …`."""
    first = words(sentence)[:1]
    return bool(_FIRST_PERSON.search(sentence) or (first and first[0] in verbs().past))


def tells_result(sentence: str) -> bool:
    """A figure that is no year, or words of change."""
    return bool(_FIGURE.search(_WHEN.sub("", sentence)) or _RESULT.search(sentence))


def tells_change(sentence: str) -> bool:
    return bool(_RESULT.search(sentence))


def tells_gap(sentence: str) -> bool:
    return bool(_GAP.search(sentence))
