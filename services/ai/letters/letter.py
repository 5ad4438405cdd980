"""A letter: whatever writes it, sentence by sentence, through the checks."""

from collections.abc import Iterator

from services.ai.letters.checking import Checker
from services.ai.letters.records import Deleted, Options, Sentence, Sources, Writer
from services.ai.skills import SkillLinker


def letter(writer: Writer, sources: Sources, options: Options, linker: SkillLinker) -> Iterator[Sentence | Deleted]:
    """Sentences in order, each as soon as it is ready: with spans where the sources support it, and with reasons where it was deleted.

    Raises what the writer raises.
    """
    checker = Checker(sources, options.language, linker)
    for sentence in writer.write(sources, options):
        yield checker.check(sentence)
