"""A language model of the operator's choice, asked for a letter over the network. It is not trusted: who calls checks what it says."""

import codecs
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from services.ai.letters import Prompt
from services.kit.egress import Egress, FetchFailed, RefusedUrl
from services.kit.settings import LetterModel

# A letter has a few thousand characters, and each may come in an event of its own.
MOST_BYTES = 2 << 20
MOST_LINE = 1 << 16
MOST_TOKENS = 2_000
ANTHROPIC_VERSION = "2023-06-01"
# How an answer ends when it says all that it was to say.
ENDS = frozenset({"stop", "end_turn", "stop_sequence"})


class ModelFailed(Exception):
    """No letter came of it; the message says why, for the log, and holds nothing that anybody wrote."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one event says: more text, or why the answer ends."""

    text: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Protocol:
    """How a kind of endpoint is asked, and its events are read."""

    path: str
    headers: Callable[[str], Mapping[str, str]]
    body: Callable[[str, Prompt], Mapping[str, Any]]
    heard: Callable[[Mapping[str, Any]], Heard]


@dataclass(frozen=True)
class LanguageModel:
    settings: LetterModel
    egress: Egress

    @classmethod
    def of(cls, settings: LetterModel) -> "LanguageModel":
        return cls(settings, Egress([settings.url] if settings.inside else []))

    @property
    def name(self) -> str:
        return self.settings.model

    async def answer(self, asked: Prompt) -> AsyncGenerator[str, None]:
        """The text in pieces, as they arrive. Raises ModelFailed, also in the middle: an answer that breaks off is none."""
        protocol = PROTOCOLS[self.settings.kind]
        headers = {"content-type": "application/json", "accept": "text/event-stream"}
        headers |= protocol.headers(self.settings.key.get_secret_value())
        body = json.dumps(protocol.body(self.settings.model, asked), ensure_ascii=True).encode()
        url = self.settings.url + protocol.path
        try:
            async with self.egress.stream(url, "POST", headers, body, MOST_BYTES, self.settings.seconds) as answer:
                if answer.status != 200:
                    raise ModelFailed(f"status {answer.status}")
                async with aclosing(_texts(answer.chunks, protocol.heard)) as texts:
                    async for text in texts:
                        yield text
        except (FetchFailed, RefusedUrl) as error:
            raise ModelFailed(str(error)) from error


async def _texts(
    chunks: AsyncIterator[bytes], heard: Callable[[Mapping[str, Any]], Heard]
) -> AsyncGenerator[str, None]:
    async with aclosing(_events(chunks)) as events:
        async for event in events:
            said = _said(event, heard)
            if said.text:
                yield said.text
            if said.end in ENDS:
                return
            if said.end:
                raise ModelFailed("ends before it is done")
    raise ModelFailed("breaks off")


def _said(event: str, heard: Callable[[Mapping[str, Any]], Heard]) -> Heard:
    try:
        found = json.loads(event)
        if found.get("error"):
            raise ModelFailed("ends with an error")
        said = heard(found)
        if not isinstance(said.text, str) or not isinstance(said.end, str):
            raise TypeError
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise ModelFailed("says what is no event of this protocol") from error
    return said


async def _events(chunks: AsyncIterator[bytes]) -> AsyncGenerator[str, None]:
    """The data of server-sent events. That of `[DONE]` is none: by then the answer has said that it ends."""
    decoder, waiting, data = codecs.getincrementaldecoder("utf-8")("replace"), "", list[str]()
    async for chunk in chunks:
        waiting += decoder.decode(chunk)
        *lines, waiting = waiting.split("\n")
        if len(waiting) > MOST_LINE:
            raise ModelFailed("says what is no event of this protocol")
        for line in lines:
            line = line.removesuffix("\r")
            if line.startswith("data:"):
                data.append(line.removeprefix("data:").removeprefix(" "))
            elif not line and data:
                if (event := "\n".join(data)) != "[DONE]":
                    yield event
                data.clear()


def _openai_body(model: str, asked: Prompt) -> Mapping[str, Any]:
    # No more than every endpoint takes: names of limits and temperatures differ.
    messages = [{"role": "system", "content": asked.system}, {"role": "user", "content": asked.user}]
    return {"model": model, "messages": messages, "stream": True}


def _openai_heard(event: Mapping[str, Any]) -> Heard:
    # Usage comes in an event without choices.
    if not event["choices"]:
        return Heard()
    choice = event["choices"][0]
    return Heard((choice.get("delta") or {}).get("content") or "", choice.get("finish_reason") or "")


def _anthropic_body(model: str, asked: Prompt) -> Mapping[str, Any]:
    messages = [{"role": "user", "content": asked.user}]
    return {"model": model, "max_tokens": MOST_TOKENS, "system": asked.system, "messages": messages, "stream": True}


def _anthropic_heard(event: Mapping[str, Any]) -> Heard:
    delta = event.get("delta") or {}
    if event["type"] == "content_block_delta" and delta["type"] == "text_delta":
        return Heard(delta["text"])
    return Heard(end=delta.get("stop_reason") or "") if event["type"] == "message_delta" else Heard()


PROTOCOLS = {
    "openai": Protocol(
        "/chat/completions",
        lambda key: {"authorization": f"Bearer {key}"} if key else {},
        _openai_body,
        _openai_heard,
    ),
    "anthropic": Protocol(
        "/v1/messages",
        lambda key: {"x-api-key": key, "anthropic-version": ANTHROPIC_VERSION},
        _anthropic_body,
        _anthropic_heard,
    ),
}
