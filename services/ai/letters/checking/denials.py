"""Words that deny a skill, or put it off: what stands after them is not claimed, and a letter has no source for what is lacking."""

import re

_DENIES = {
    "en": (
        r"not (?:only|just|merely)|no doubt|no less|not least"
        r"|(?P<denial>\b(?:no|not|never|without|neither|nor|none|lack(?:s|ed|ing)?|cannot|yet to|unfamiliar"
        r"|(?:little|limited) (?:experience|knowledge|exposure|practice)|instead of|rather than|\w+n['’]t"
        r"|(?:eager|keen|willing|hope|hoping|want|wish|plan|ready|happy|like|love|looking forward|look forward"
        r"|able|aim|curious|excited)\s+(?:to|about)\s+(?:\w+ly\s+)?"
        r"(?:be\s+)?(?:learn\w*|study\w*|pick\w* up|acquir\w*|explor\w*|deepen\w*|expand\w*|get\w*|gain\w*|train\w*)"
        r"|(?:learning|studying)\b(?=\s+[A-Z]))\b)"
    ),
    "de": (
        r"nicht (?:nur|zuletzt|allein)|nicht umsonst"
        r"|(?P<denial>\b(?:kein\w*|nicht|nie|niemals|ohne|weder|noch nicht|kaum|wenig|mangels|fehlt|fehlen|statt"
        r"|anstatt|einarbeiten|erlernen|aneignen|lernen)\b)"
    ),
    "fr": (
        r"non seulement|pas seulement|pas moins"
        r"|(?P<denial>\b(?:pas|jamais|sans|aucune?|ni|peu de|manque|plutôt que|au lieu d[e’']|apprendre|me former)\b)"
    ),
    "es": (
        r"no (?:solo|sólo|solamente)"
        r"|(?P<denial>\b(?:no|nunca|jamás|sin|ninguna?|ningún|tampoco|ni|falta|carezco|poca|poco|en vez de"
        r"|en lugar de|aprender|formarme)\b)"
    ),
}
_CLAUSE = {
    "en": re.compile(r"[;:.!?()–—]|,?\s+(?:but|however|although|though|and I|and my)\b"),
    "de": re.compile(r"[;:.!?()–—]|,\s+(?:aber|jedoch|doch|sondern|und)\b"),
    "fr": re.compile(r"[;:.!?()–—]|,?\s+(?:mais|cependant|et je|et j)\b"),
    "es": re.compile(r"[;:.!?()–—]|,?\s+(?:pero|sino|aunque|y mi)\b"),
}
_PATTERNS = {language: re.compile(words, re.IGNORECASE) for language, words in _DENIES.items()}


def denials(sentence: str, language: str) -> list[tuple[int, int]]:
    """Where words that deny stand; `not only` denies nothing."""
    return [match.span("denial") for match in _PATTERNS[language].finditer(sentence) if match["denial"]]


def is_denied(sentence: str, start: int, end: int, language: str) -> bool:
    """Whether one of them stands in the clause of these characters: before them, or after where the language puts it there."""
    cuts = [0, *(match.end() for match in _CLAUSE[language].finditer(sentence)), len(sentence)]
    begin = max(cut for cut in cuts if cut <= start)
    stop = min((cut for cut in cuts if cut > end), default=len(sentence))
    return any(begin <= a < start or (b <= stop and a >= end) for a, b in denials(sentence, language))


def without_denials(sentence: str, language: str) -> str:
    """With blanks for them, so that a linker of skills that passes over what is denied sees it."""
    text = sentence
    for start, end in denials(sentence, language):
        text = text[:start] + " " * (end - start) + text[end:]
    return text
