"""Names and claims: whoever or whatever a sentence names must be in a source, word by word."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from services.ai.credentials import find_languages
from services.ai.letters.checking.claims import find_claims
from services.ai.letters.checking.draft import Draft
from services.ai.letters.checking.index import Index
from services.ai.letters.checking.proper_names import ProperName, find_names, is_german_word, is_ordinary_first
from services.ai.letters.checking.skilled import Named, is_shown
from services.ai.letters.glossary import names as glossary_names
from services.ai.letters.records import Fault, Objection
from services.ai.letters.spoken_names import english_names


def object_to(draft: Draft, index: Index, mentions: Sequence[Named]) -> Iterator[Objection]:
    """Each name that no source has."""
    shown = [one for one in mentions if is_shown(one, index)]
    text = _without(draft.own, shown, draft.language)
    for name in find_names(text, draft.language):
        unknown = "" if _is_known(name.text(draft.own), draft, index) else _unknown(name, text, draft, index)
        if unknown:
            yield Objection(Fault.ENTITY, unknown)


def _without(text: str, shown: Sequence[Named], language: str) -> str:
    """Skills are looked at elsewhere; so are languages. A small letter in their place keeps names apart."""
    for one in shown:
        text = text[: one.start] + "x" * (one.end - one.start) + text[one.end :]
    for found in find_languages(text, 0, len(text)):
        text = text[: found.start] + text[found.start : found.end].lower() + text[found.end :]
    return text


def _unknown(name: ProperName, text: str, draft: Draft, index: Index) -> str:
    """The part of a name that has no source; empty when all of it has one."""
    if _is_known(name.text(text), draft, index):
        return ""
    rest = 0
    first = text[name.tokens[0][0] : name.tokens[0][1]]
    if name.first and (is_ordinary_first(first, draft.language) or index.resume.begins(first)):
        rest = 1
    if rest == len(name.tokens) or _is_known(name.text(text, rest), draft, index):
        return ""
    if draft.language == "de" and _all_known(name, text, rest, draft, index):
        return ""
    return name.text(text, rest)


def _all_known(name: ProperName, text: str, begin: int, draft: Draft, index: Index) -> bool:
    """In German neighbours with capitals need not be one name: `bei Acme Backend-Dienste`."""
    return all(
        _is_known(text[a:b], draft, index) or _is_compound(text[a:b], draft, index) for a, b in name.tokens[begin:]
    )


def _is_compound(token: str, draft: Draft, index: Index) -> bool:
    """`Python-Entwicklung`: a name that has a source, and a word."""
    parts = [part for part in token.split("-") if part]
    if len(parts) < 2:
        return is_german_word(token) or token.casefold() in _glossary_words("de")
    return all(is_german_word(part) or _is_known(part, draft, index) for part in parts)


def _is_known(name: str, draft: Draft, index: Index) -> bool:
    if index.resume.names(name) or index.wished.names(name):
        return True
    if "/" in name:
        return all(re.fullmatch("x*", part) or _is_known(part, draft, index) for part in name.split("/"))
    if draft.language == "de" and "-" in name and _is_compound(name, draft, index):
        return True
    if draft.language != "en" and name.casefold() in english_names(draft.language):
        return True
    if not draft.text.rstrip().endswith(("?",)) and index.person.names(name):
        return True
    return draft.of_position and index.position.names(name)


def object_to_claims(draft: Draft, index: Index, mentions: Sequence[Named]) -> Iterator[Objection]:
    """Experience, a role or an employer that is claimed in words which the resume does not have, whether or not they are names."""
    if draft.of_position:
        return
    shown = [one for one in mentions if is_shown(one, index)]
    text = _without(draft.own, shown, draft.language)
    for kind, words in find_claims(text, draft.language):
        if kind == "employer" and words and words[0][0].isupper() and not index.organisations.names(words[0]):
            yield Objection(Fault.ENTITY, words[0])
            continue
        unknown = [word for word in words if not _is_claimable(word, kind, draft, index)]
        if unknown:
            yield Objection(Fault.CLAIM, " ".join(unknown))


def _is_claimable(word: str, kind: str, draft: Draft, index: Index) -> bool:
    if re.fullmatch(r"x+|\d.*", word) or index.resume.knows(word) or index.wished.knows(word):
        return True
    if word.casefold() in _glossary_words(draft.language) or word.casefold() in english_names(draft.language):
        return True
    lower = word.casefold()
    if draft.language == "de" and word[0].islower() and kind == "experience":
        return True
    if draft.language == "en" and lower.endswith("ly"):
        return True
    return any(index.resume.knows(part) for part in lower.split("-") if len(part) > 3)


@cache
def _glossary_words(language: str) -> frozenset[str]:
    """Words of names in the glossary; whether the skill is shown is looked at where skills are."""
    return (
        frozenset(word for name in glossary_names(language) for word in name.split())
        if language != "en"
        else frozenset()
    )
