"""A writer behind which a language model stands, whichever: this package knows no network."""

from collections.abc import Callable, Iterable, Iterator

from services.ai.letters.prompt import Prompt, prompt
from services.ai.letters.records import Options, Sentence, Sources
from services.ai.letters.splitting import sentences

Transport = Callable[[Prompt], Iterable[str]]
"""Sends a prompt and gives the answer's text in pieces, as they arrive; raises what it likes."""


class ModelWriter:
    """What it writes is checked like everything else; without spans of its own, since a model's word for them is worth nothing."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def write(self, sources: Sources, options: Options) -> Iterator[Sentence]:
        """See Writer. Raises what the transport raises."""
        paragraph = 0
        for text, ends in sentences(self._transport(prompt(sources, options))):
            yield Sentence(text, paragraph)
            paragraph += ends
