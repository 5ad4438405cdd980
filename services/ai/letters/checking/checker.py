"""Takes a sentence apart and lets it through only when every part has its source."""

from collections.abc import Iterator
from functools import lru_cache

from services.ai.letters.checking import assignment, credentials, dated, form, named, skilled
from services.ai.letters.checking.draft import Draft
from services.ai.letters.checking.index import Index
from services.ai.letters.records import Deleted, Objection, Sentence, Sources
from services.ai.letters.text_language import other_language
from services.ai.skills import SkillLinker


class Checker:
    """For sentences of one language about one person and one position; whatever wrote them.

    A skill must be shown by the resume, whoever a sentence speaks of. Of the position's own names and numbers a sentence may use those of
    its title, employer and place when it speaks of applying, and the others when it does not speak of the person. A sentence that says
    what somebody lacks is not let through: no source can support it.
    """

    def __init__(self, sources: Sources, language: str, linker: SkillLinker) -> None:
        self._index = Index(sources)
        self._language = language
        self._linker = linker
        self.objections = lru_cache(maxsize=256)(self._objections)

    def check(self, sentence: Sentence) -> Sentence | Deleted:
        """The sentence with the spans it rests on, or why it was deleted."""
        objections = self.objections(sentence.text)
        if objections:
            return Deleted(sentence.text, objections)
        if sentence.resume_spans or sentence.position_spans:
            return sentence
        found = skilled.spans(Draft.of(sentence.text, self._language, self._index), self._index, self._linker)
        return Sentence(sentence.text, sentence.paragraph, *found)

    def _objections(self, text: str) -> tuple[Objection, ...]:
        """In the letter's language, and in the sentence's own where that is clearly another."""
        languages = [self._language, *filter(None, [other_language(text, self._language)])]
        drafts = (Draft.of(text, language, self._index) for language in languages)
        return tuple(dict.fromkeys(objection for draft in drafts for objection in self._all(draft)))

    def _all(self, draft: Draft) -> Iterator[Objection]:
        if draft.is_signature:
            return
        mentions = skilled.mentions(draft, self._index, self._linker)
        yield from skilled.object_to(draft, self._index, mentions)
        yield from named.object_to(draft, self._index, mentions)
        yield from named.object_to_claims(draft, self._index, mentions)
        yield from dated.object_to(draft, self._index)
        yield from credentials.object_to(draft, self._index)
        yield from assignment.object_to(draft, self._index, mentions)
        yield from form.object_to(draft)
