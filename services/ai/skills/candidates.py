"""Where names of skills stand in a text as whole words, with their marks, whatever they may mean there."""

import re
from dataclasses import dataclass

from services.ai.skills.names import How
from services.ai.skills.ontology import Ontology
from services.ai.skills.phrases import Found, Phrases
from services.ai.skills.tokens import Tokens, tokens_of

# Addresses and paths hold names that nobody claims to know; a name that is a whole address (`draw.io`) is one.
# Parts are as long as addresses may be (RFC 1035, RFC 5321), so that long runs without a blank do not take the square of their length.
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}|@\w+"
    r"|(?<![\w.])(?:[A-Za-z]:)?(?:[\\/][\w.-]+){2,}"
    r"|\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}"
    r"\.(?:com|org|net|io|dev|edu|gov|co|ai|app|me|de|fr|es|uk|eu|us|info|biz)\b(?:/\S*)?"
)
_CURRENCY = frozenset("$€£°")
_SYMBOLS = frozenset("+#")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name at characters `start` to `end`; `name` as the ontology writes it, `skill` its position there."""

    start: int
    end: int
    name: str
    how: How
    skill: int
    technology: bool

    @property
    def ambiguous(self) -> bool:
        """Whether it takes more than the name to tell that the skill is meant."""
        return bool(self.how & How.IN_CONTEXT)

    @property
    def loose(self) -> bool:
        """Whether it is a taxonomy's sentence on a verb: names that we chose come before it, though they are shorter."""
        return bool(self.how & How.VERB and not self.how & How.OWN)


class Finder:
    """Finds candidates; holds no state of any text."""

    def __init__(self, ontology: Ontology) -> None:
        packed = ontology.skills.packed
        self._phrases = Phrases(packed)
        self._texts = packed.strings("names.text")
        self._how, self._skill = packed.array("names.how"), packed.array("names.skill")
        self._technology = packed.array("skills.technology")

    def find(self, text: str) -> list[Candidate]:
        """In order of the text, none within another: the longest at each place, but names of ours before a taxonomy's verbs."""
        tokens = tokens_of(text)
        addresses = [match.span() for match in _ADDRESS.finditer(text)]
        found = [c for f in self._phrases.find(tokens) if (c := self._candidate(text, tokens, f, addresses))]
        found.sort(key=lambda c: (c.loose, c.start - c.end, c.start))
        taken = bytearray(len(text))
        kept = []
        for candidate in found:
            if not any(taken[candidate.start : candidate.end]):
                taken[candidate.start : candidate.end] = b"\1" * (candidate.end - candidate.start)
                kept.append(candidate)
        return sorted(kept, key=lambda c: c.start)

    def _candidate(self, text: str, tokens: Tokens, found: Found, addresses: list[tuple[int, int]]) -> Candidate | None:
        start, end = tokens.starts[found.first], tokens.ends[found.last]
        end = start + len(text[start:end].removesuffix("'s").removesuffix("’s"))
        if not _is_whole(text, start, end) or not _is_glued(text, tokens, found):
            return None
        if any(a <= start and end <= b and (a, b) != (start, end) for a, b in addresses):
            return None
        for number in found.names:
            name, how = self._texts[number], How(int(self._how[number]))
            if _is_written(text[start:end], name, how):
                skill = int(self._skill[number])
                return Candidate(start, end, name, how, skill, bool(self._technology[skill]))
        return None


def _is_written(written: str, name: str, how: How) -> bool:
    """Whether the text may be the name, as far as its letters go."""
    if how & How.EXACT and written.casefold() != name.casefold():
        return False
    if not how & How.AS_WRITTEN or written == name or (len(name) > 1 and written == name.upper()):
        return True
    if len(name.split()) > 1 and written[0].isupper():
        return True
    # In a list of skills written all in small letters; what stands around decides.
    return bool(how & How.IN_CONTEXT) and len(name) > 1 and written.islower()


def _is_glued(text: str, tokens: Tokens, found: Found) -> bool:
    """Marks stand where the name has them: `C ++` and `Node. js` are no names."""
    for i in range(found.first, found.last):
        left, right = text[tokens.starts[i] : tokens.ends[i]], text[tokens.starts[i + 1]]
        if (right in _SYMBOLS or left == ".") and tokens.ends[i] != tokens.starts[i + 1]:
            return False
    return True


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether nothing belongs to the word that the name lacks: `C` is not in `C++`, `Node` not in `Node.js`."""
    return _begins(text, start, end) and _ends(text, start, end)


def _begins(text: str, start: int, end: int) -> bool:
    before = text[start - 1 : start]
    if before == "_" or before in _CURRENCY or (before == "&" and end - start == 1):
        return not before
    if before == "." and text[start] != ".":
        return not text[start - 2 : start - 1].isalnum() or (text[start].isupper() and end - start > 2)
    return text[start] != "." or not before.isalnum()


def _ends(text: str, start: int, end: int) -> bool:
    after, next_one = text[end : end + 1], text[end + 1 : end + 2]
    short = end - start <= 2
    if not after:
        return True
    if after in "_@" or after in _CURRENCY or (after == "&" and end - start == 1 and next_one.isalnum()):
        return False
    if after == "+":
        return not short and next_one != "+"
    if after == "#":
        return not short
    if after == ".":
        return not next_one.isalnum() or (next_one.isupper() and not short)
    return True
