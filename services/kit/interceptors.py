"""What happens to every call, in this order: request log, metrics, errors, activity log, deadline, authentication and limits, validation.

One interceptor, so that the four kinds of calls are wrapped in one place. Errors come before deadline and authentication because what those
two raise must reach the client in the same shape as what use cases raise.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Any
from uuid import uuid4

import grpc

from services.kit import errors, telemetry
from services.kit.activity import Note, Recorder, made, noting
from services.kit.auth import Caller, TokenVerifier, caller, caller_of, set_caller
from services.kit.certificates import TRUST_DOMAIN
from services.kit.channel import deadline_at
from services.kit.door import Door
from services.kit.rules import SIGNED_IN, Rule
from services.kit.running import Running
from services.kit.status import abort, code_of, result_of
from services.kit.validation import checked, decoder

GATEWAY = TRUST_DOMAIN + "gateway"
# Below this there is no point in starting.
LEAST_SECONDS = 0.005
# For unary calls whose client gave no deadline.
DEFAULT_SECONDS = 30.0

log = logging.getLogger("skillsync.request")

NOBODY = Caller()

Context = Any  # grpc.aio.ServicerContext; its type parameters differ from method to method


class Guard(grpc.aio.ServerInterceptor):
    """Stands before every method of a server."""

    def __init__(
        self, rules: dict[str, Rule], verifier: TokenVerifier, door: Door, recorder: Recorder | None = None
    ) -> None:
        self._rules = rules
        self._verifier = verifier
        self._door = door
        self._recorder = recorder
        self.running = Running()

    async def end_calls_of_ended_sessions(self) -> None:
        await self.running.end_those_of_ended(self._door.ended)

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Any]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        method = handler_call_details.method
        handler = await continuation(handler_call_details)
        if method.startswith("/grpc.health."):
            return self._health(handler)
        if handler is None:
            return grpc.unary_unary_rpc_method_handler(_unknown(method))
        return self._wrap(method, handler)

    def _wrap(self, method: str, handler: Any) -> Any:
        behaviour = handler.unary_unary or handler.unary_stream or handler.stream_unary or handler.stream_stream
        shape = (
            "stream" if handler.request_streaming else "unary",
            "stream" if handler.response_streaming else "unary",
        )
        make = getattr(grpc, f"{shape[0]}_{shape[1]}_rpc_method_handler")
        wrapped = self._stream(method, behaviour) if handler.response_streaming else self._unary(method, behaviour)
        return make(wrapped, decoder(handler.request_deserializer), _encoder(handler.response_serializer))

    def _health(self, handler: Any) -> Any:
        """Open to everybody who reaches the port. A watch ends with the server: its client would hold it up."""
        if handler is None or not handler.response_streaming:
            return handler

        async def watch(request: Any, context: Context) -> None:
            with suppress(errors.Unavailable):
                async with self.running.among(self.running.streams):
                    await handler.unary_stream(request, context)

        return grpc.unary_stream_rpc_method_handler(watch, handler.request_deserializer, handler.response_serializer)

    def _unary(self, method: str, behaviour: Any) -> Any:
        async def call(request: Any, context: Context) -> Any:
            async with (
                self._call(method, request, context, DEFAULT_SECONDS) as note,
                self.running.among(self.running.calls),
            ):
                response = await behaviour(checked(request), context)
                if note:
                    note.target = note.target or made(response)
                return response

        return call

    def _stream(self, method: str, behaviour: Any) -> Any:
        async def call(request: Any, context: Context) -> AsyncIterator[Any]:
            async with (
                self._call(method, request, context, None),
                self.running.among(self.running.streams),
                _responses(behaviour, request, context) as all_,
            ):
                async for response in all_:
                    yield response

        return call

    @asynccontextmanager
    async def _call(
        self, method: str, request: Any, context: Context, default_seconds: float | None
    ) -> AsyncIterator[Note | None]:
        set_caller(Caller())
        async with (
            logged(method, context),
            refusals(method, context),
            # Within: the line is written before the caller is answered.
            self._recorded(method, request, context) as note,
            deadline(context, default_seconds),
        ):
            set_caller(await self._authenticate(method, context))
            yield note

    @asynccontextmanager
    async def _recorded(self, method: str, request: Any, context: Context) -> AsyncIterator[Note | None]:
        """What the activity log will say of the call; None where it says nothing."""
        recorded = self._rules.get(method, SIGNED_IN).recorded
        if recorded is None or self._recorder is None:
            yield None
            return
        with noting(recorded, request) as note:
            result = "OK"
            try:
                yield note
            except BaseException as error:
                result = result_of(error, context)
                raise
            finally:
                await self._recorder(recorded, note, result)

    async def _authenticate(self, method: str, context: Context) -> Caller:
        """Raises Unauthenticated or PermissionDenied."""
        peer = [v.decode() for v in context.auth_context().get("peer_spiffe_id", ())]
        if peer != [GATEWAY]:
            raise errors.PermissionDenied("to come through the gateway")
        metadata = {k: v for k, v in context.invocation_metadata() or () if isinstance(v, str)}
        service, address = _service(metadata), metadata.get("x-forwarded-for", "").rsplit(",", 1)[-1].strip()
        rule = self._rules.get(method, SIGNED_IN)
        token = metadata.get("authorization", "").removeprefix("Bearer ").strip()
        known = None
        # Before anything may refuse: the log says from where, and below of whom.
        set_caller(Caller(address=address))
        try:
            known = caller_of(await self._verifier.verify(token), token, service, address) if token else None
        finally:
            if known:
                set_caller(known)
            # Bad tokens count too, for their address. Calls between services were counted where they came in.
            if service is None:
                await self._admit(method, rule, address, known)
        if service in rule.services:
            return known or Caller(service=service, address=address)
        if rule.public:
            return known or Caller(address=address)
        if known is None:
            raise errors.Unauthenticated("send an access token: authorization: Bearer …", reason="TOKEN_MISSING")
        if not rule.permission:
            raise errors.PermissionDenied("a service's identity")
        known.require(rule.permission)
        return known

    async def _admit(self, method: str, rule: Rule, address: str, known: Caller | None) -> None:
        """Raises RateLimited or Unauthenticated."""
        who = known or NOBODY
        await self._door.admit(method, rule.limit, address, who.account_id, who.session_id)


def _encoder(serializer: Any) -> Any:
    """What was encoded once for many watchers goes out as it is."""
    return lambda response: response if isinstance(response, bytes) else serializer(response)


def _service(metadata: dict[str, str]) -> str | None:
    """The identity that Envoy verified on the mesh listener. The edge listener never lets this header through."""
    for part in metadata.get("x-forwarded-client-cert", "").split(";"):
        if part.startswith(f"URI={TRUST_DOMAIN}"):
            return part.removeprefix(f"URI={TRUST_DOMAIN}")
    return None


def _unknown(method: str) -> Any:
    async def call(_: bytes, context: Context) -> bytes:
        await abort(context, errors.Unimplemented(method))
        return b""

    return call


@asynccontextmanager
async def _responses(behaviour: Any, request: Any, context: Context) -> AsyncIterator[Any]:
    async with aclosing(behaviour(checked(request), context)) as responses:
        yield responses


@asynccontextmanager
async def logged(method: str, context: Context) -> AsyncIterator[None]:
    """One line for each call, and the metrics. No payload, no token."""
    metadata = dict(context.invocation_metadata() or ())
    telemetry.request_id.set(str(metadata.get("x-request-id") or uuid4()))
    telemetry.trace.set(tuple((name, str(metadata[name])) for name in telemetry.TRACE_HEADERS if name in metadata))
    start, code = time.perf_counter(), "OK"
    telemetry.IN_FLIGHT.labels(method).inc()
    try:
        yield
    except BaseException as error:
        code = result_of(error, context)
        raise
    finally:
        seconds = time.perf_counter() - start
        telemetry.IN_FLIGHT.labels(method).dec()
        telemetry.CALLS.labels(method, code).inc()
        telemetry.SECONDS.labels(method).observe(seconds)
        who = caller()
        fields = {"method": method, "code": code, "ms": round(seconds * 1000, 2), "caller": who.service or ""}
        # Never both: from where somebody calls is personal, and these lines are not among what is erased.
        whose = {"account": str(who.account_id)} if who.account_id else {"address": who.address}
        log.info("call", extra=fields | whose)


@asynccontextmanager
async def refusals(method: str, context: Context) -> AsyncIterator[None]:
    """Domain errors as statuses; everything else is INTERNAL without text, and logged."""
    try:
        yield
    except (grpc.aio.AbortError, asyncio.CancelledError, GeneratorExit):
        raise
    except errors.DomainError as error:
        if code_of(error) in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.INTERNAL):
            log.warning("%s: %s", method, error, exc_info=error.__cause__)
        await abort(context, error)
    # What a generated servicer raises in the methods that its subclass leaves out.
    except NotImplementedError:
        await abort(context, errors.Unimplemented(method.removeprefix("/").replace("/", ".")))
    # grpc.aio would send the text of whatever is raised here to the client.
    except Exception:
        log.exception("%s failed", method)
        await abort(context, errors.DomainError("something went wrong here; the request id leads to the log"))


@asynccontextmanager
async def deadline(context: Context, default_seconds: float | None) -> AsyncIterator[None]:
    """Ends a unary call when its client's time, or the default, is over. Streams have none but their client's own."""
    remaining = context.time_remaining()
    if remaining is not None and remaining < LEAST_SECONDS:
        raise errors.DeadlineExceeded
    if default_seconds is None:
        yield
        return
    seconds = default_seconds if remaining is None else min(remaining, default_seconds)
    deadline_at.set(asyncio.get_running_loop().time() + seconds)
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise errors.DeadlineExceeded from None
