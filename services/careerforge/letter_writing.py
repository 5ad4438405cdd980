"""Letters, written sentence by sentence: by a language model where the operator has set one up, and by our own writer else or after all."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from uuid import UUID

from services.ai.letters import Checker, DefaultWriter, Dictation, Options, Prompt, Sentence, letter, prompt
from services.ai.skills import SkillLinker, load
from services.careerforge import letter_sources
from services.careerforge.letter_model import LanguageModel, ModelFailed
from services.careerforge.letter_sources import Material, Person
from services.careerforge.positions import OpenPosition

# Of a model's letter: beyond, it is none that anybody would send; below, it says nothing of the person.
MOST_SENTENCES = 60
LEAST_GROUNDED = 2
# Of what a model wrote at least so much must stand: with less, what is left does not hang together.
LEAST_KEPT = 0.5

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """For what a letter is asked. `request_id` makes repeating safe."""

    position_id: UUID
    options: Options
    request_id: UUID | None = None
    without_model: bool = False


class Restarted:
    """What was written so far counts no more."""


@dataclass(frozen=True, slots=True)
class Written:
    """A letter that is done. `model` is empty where our own writer wrote it."""

    sentences: tuple[Sentence, ...]
    model: str


@dataclass(frozen=True)
class Author:
    """`linker` loads when first used: a process in which nobody writes letters does without."""

    linker: Callable[[], SkillLinker]
    model: LanguageModel | None = None

    async def write(
        self, person: Person, position: OpenPosition, asked: Asked
    ) -> AsyncGenerator[Sentence | Restarted | Written, None]:
        """Sentences as they become ready, each checked, with spans that count in resume and position; at the end all of them."""
        material = await asyncio.to_thread(lambda: letter_sources.material(person, position, self.linker()))
        if self.model and not asked.without_model:
            sentences: list[Sentence] = []
            try:
                async with aclosing(self._by_model(self.model, material, asked.options)) as found:
                    async for one in found:
                        sentences.append(one)
                        yield one
                yield Written(tuple(sentences), self.model.name)
                return
            except ModelFailed as failure:
                log.warning("the language model for letters failed (%s); our own writer writes", failure)
            if sentences:
                yield Restarted()
        sentences = await asyncio.to_thread(self._by_ourselves, material, asked.options)
        for one in sentences:
            yield one
        yield Written(tuple(sentences), "")

    def _by_ourselves(self, material: Material, options: Options) -> list[Sentence]:
        made = letter(DefaultWriter(load()), material.sources, options, self.linker())
        return [material.back(one) for one in made if isinstance(one, Sentence)]

    async def _by_model(
        self, model: LanguageModel, material: Material, options: Options
    ) -> AsyncGenerator[Sentence, None]:
        """Raises ModelFailed, also for what cannot be used."""
        checker = await asyncio.to_thread(Checker, material.sources, options.language, self.linker())
        seen = kept = grounded = 0
        async with aclosing(_dictated(model, prompt(material.sources, options))) as dictated:
            async for sentence in dictated:
                seen += 1
                checked = await asyncio.to_thread(checker.check, sentence)
                if isinstance(checked, Sentence):
                    kept, grounded = kept + 1, grounded + bool(checked.resume_spans)
                    yield material.back(checked)
                if seen > MOST_SENTENCES:
                    raise ModelFailed("does not come to an end")
        if grounded < LEAST_GROUNDED or kept < seen * LEAST_KEPT:
            raise ModelFailed(f"of {seen} sentences {kept} may stand, and {grounded} say something of the person")


async def _dictated(model: LanguageModel, asked: Prompt) -> AsyncGenerator[Sentence, None]:
    dictation = Dictation()
    async with aclosing(model.answer(asked)) as pieces:
        async for piece in pieces:
            for sentence in dictation.feed(piece):
                yield sentence
    for sentence in dictation.close():
        yield sentence
