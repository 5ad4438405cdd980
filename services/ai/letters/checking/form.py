"""What is no sentence of a letter: places left to be filled in, marks of a text program, words to whoever asked for the letter."""

import re
from collections.abc import Iterator

from services.ai.letters.checking.draft import Draft
from services.ai.letters.records import Fault, Objection

_PLACEHOLDER = re.compile(r"\[[^\]]*\]|\{[^}]*\}|<[^<>]+>|_{3,}|\bX{3,}\b")
_MARKUP = re.compile(r"\*\*|```|^\s*#{1,6}\s|^\s*[-*•|]\s")
_ASIDE = re.compile(
    r"^(?:sure|certainly|of course|absolutely|gerne?|natürlich|bien sûr|voici|por supuesto|claro|aquí)\b[^.]*[:!]$"
    r"|\b(?:cover letter|letter of application|anschreiben|bewerbungsschreiben|lettre de motivation"
    r"|carta de (?:presentación|motivación))\b[^.]*:$"
    r"|\bfeel free to (?:adjust|adapt|edit|modify|customi[sz]e|tailor|change)\b"
    r"|\blet me know if you(?:['’]d| would) like (?:me to|any changes|changes|it|another|a different)\b"
    r"|\b(?:as an ai|as a language model|als ki\b|als sprachmodell|en tant qu['’]ia\b|como modelo de lenguaje)",
    re.IGNORECASE,
)


def object_to(draft: Draft) -> Iterator[Objection]:
    """The title and the name of the employer may have any marks."""
    for pattern, text in ((_PLACEHOLDER, draft.own), (_MARKUP, draft.own), (_ASIDE, draft.text)):
        if match := pattern.search(text):
            yield Objection(Fault.FORM, match[0].strip() or match[0])
