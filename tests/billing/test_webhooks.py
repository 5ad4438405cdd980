"""What comes to the webhook, through the gateway: byte for byte, signed by Stripe and of now, or not at all."""

import hashlib
import hmac
import json
import logging
import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from prometheus_client import REGISTRY
from skillsync.billing.v1.plan_pb2 import FEATURE_EXPORT

from services.billing.payments import Payments
from services.billing.plans import read
from services.embedded.stripe.faults import Faults
from services.embedded.stripe.webhooks import signature
from services.kit.errors import Unauthenticated
from tests.billing.dying import Process, a_process
from tests.billing.paying import Payer, eventually
from tests.builders import a_token_holder
from tests.harness import System
from tests.refusals import refused_json


@pytest.fixture
async def payer(system: System) -> Payer:
    """Known at Stripe, and of whom no webhook comes by itself."""
    payer = Payer(system, await a_token_holder(system))
    await payer.topup_page(FEATURE_EXPORT, 7)
    system.stripe.set_faults(Faults(lost=1.0))
    return payer


@pytest.fixture(autouse=True)
def _faults(system: System) -> Any:
    yield
    system.stripe.set_faults(Faults())


@pytest.fixture
async def process(system: System) -> AsyncIterator[Process]:
    async with a_process(system) as found:
        yield found


def an_event(kind: str, thing: Any, **fields: Any) -> dict[str, Any]:
    event = {"id": f"evt_{uuid4().hex}", "object": "event", "type": kind, "created": int(time.time())}
    return event | {"data": {"object": thing}} | fields


def customer(payer: Payer) -> str:
    (found,) = payer.system.stripe.store.all("customer", metadata={"account_id": payer.person.id})
    return str(found["id"])


def a_bought_topup(payer: Payer, **fields: Any) -> dict[str, Any]:
    marks = {"account_id": payer.person.id, "kind": "topup", "feature": "export", "amount": "7"}
    thing = {"id": f"cs_{uuid4().hex}", "object": "checkout.session", "customer": customer(payer), "metadata": marks}
    thing |= {"status": "complete", "payment_status": "paid", "mode": "payment"}
    return an_event("checkout.session.completed", thing | fields)


async def send(system: System, body: bytes, signed: str | None = None, **headers: str) -> httpx.Response:
    secret = system.servers.state.secrets["stripe_webhook_secret"]
    found = {"content-type": "application/json; charset=utf-8"} | headers
    if signed != "":
        found["stripe-signature"] = signed or signature(secret, body, int(time.time()))
    return await system.rest.post("/v1/webhooks/stripe", content=body, headers=found)


@pytest.mark.parametrize(
    "written",
    [
        lambda event: json.dumps(event),
        lambda event: json.dumps(event, indent=7, ensure_ascii=False),
        lambda event: "\r\n\t " + json.dumps(event, separators=(" ,\n", " :\t")) + "\n\n ",
        lambda event: json.dumps(event | {"note": "Zoë 🧾 \u2028 \\u00e9 &lt;%2B+ \x7f"}, ensure_ascii=False),
        lambda event: json.dumps(event | {"note": "ß" * 500_000}, ensure_ascii=False),
    ],
    ids=["plain", "indented", "odd spaces", "letters of all kinds", "a megabyte"],
)
async def test_the_body_comes_byte_for_byte(payer: Payer, written: Any) -> None:
    answer = await send(payer.system, written(a_bought_topup(payer)).encode())
    assert (answer.status_code, answer.text) == (200, "{}")
    assert await payer.left(FEATURE_EXPORT) == 9


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/octet-stream", ""])
async def test_whatever_it_says_it_is(payer: Payer, kind: str) -> None:
    answer = await send(payer.system, json.dumps(a_bought_topup(payer)).encode(), **{"content-type": kind})
    assert answer.status_code == 200, answer.text
    assert await payer.left(FEATURE_EXPORT) == 9


def _signed(body: bytes, secret: str, when: float) -> str:
    return hmac.new(secret.encode(), f"{int(when)}.".encode() + body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    "forge",
    [
        lambda body, secret, now: "",
        lambda body, secret, now: "nonsense",
        lambda body, secret, now: f"t={now}",
        lambda body, secret, now: f"t={now},v1=",
        lambda body, secret, now: f"t=later,v1={_signed(body, secret, now)}",
        lambda body, secret, now: signature("whsec_other", body, now),
        lambda body, secret, now: signature("", body, now),
        lambda body, secret, now: signature(secret, body + b"\n", now),
        lambda body, secret, now: signature(secret, body, now - 330),
        lambda body, secret, now: f"t={now},v1={_signed(body, secret, now - 330)}",
        lambda body, secret, now: f"t={now},v0={_signed(body, secret, now)}",
        lambda body, secret, now: f"t={now},v1={_signed(body, 'one', now)},v1={_signed(body, 'two', now)}",
    ],
    ids=[
        *("missing", "no signature", "time alone", "empty", "no time", "another secret", "no secret", "another body"),
        *("old", "made younger", "another scheme", "two of others"),
    ],
)  # fmt: skip
async def test_what_stripe_did_not_sign_or_long_ago_is_refused(payer: Payer, forge: Any) -> None:
    body = json.dumps(a_bought_topup(payer)).encode()
    secret, now = payer.system.servers.state.secrets["stripe_webhook_secret"], int(time.time())
    refused_json(await send(payer.system, body, forge(body, secret, now)), 401, "TOKEN_INVALID")
    assert await payer.left(FEATURE_EXPORT) == 2


async def test_while_the_secret_is_changed_either_signature_holds(payer: Payer) -> None:
    """Stripe signs with the old and the new one."""
    secret, now = payer.system.servers.state.secrets["stripe_webhook_secret"], int(time.time())
    for left, order in ((9, ("whsec_new", secret)), (16, (secret, "whsec_old"))):
        body = json.dumps(a_bought_topup(payer)).encode()
        both = ",".join(f"v1={_signed(body, one, now)}" for one in order)
        assert (await send(payer.system, body, f"t={now},{both}")).status_code == 200
        assert await payer.left(FEATURE_EXPORT) == left


async def test_a_clock_that_goes_slow_here_refuses_no_payment(payer: Payer) -> None:
    """Only Stripe can have signed it, and it counts once."""
    body = json.dumps(a_bought_topup(payer)).encode()
    secret = payer.system.servers.state.secrets["stripe_webhook_secret"]
    for _ in range(2):
        assert (await send(payer.system, body, signature(secret, body, int(time.time()) + 900))).status_code == 200
    assert await payer.left(FEATURE_EXPORT) == 9


async def test_without_a_secret_nothing_is_taken() -> None:
    """An empty one could be signed with by anybody."""
    body = json.dumps(an_event("invoice.paid", {})).encode()
    with pytest.raises(Unauthenticated):
        Payments(read(), "sk_test_x", "").event(body, signature("", body, int(time.time())))


async def test_nothing_at_all_is_refused(system: System) -> None:
    for body in (b"", b" "):
        assert (await send(system, body)).status_code == 400
        assert (await send(system, body, "")).status_code in (400, 401)


@pytest.mark.parametrize(
    "body",
    [
        b"{}", b"[]", b"null", b"7", b'"event"', b"{", b"\xff\xfe", b'{"type": "invoice.paid"}',
        b'{"type": ["invoice.paid"], "data": {"object": {}}}',
        b'{"id": "evt_1", "type": "invoice.paid", "created": 1, "data": {}}',
        b'{"id": "evt_1", "type": "invoice.paid", "created": 1, "data": {"object": 7}}',
        b'{"id": "evt_1", "type": "invoice.paid", "created": "then", "data": {"object": {}}}',
        b'{"id": 7, "type": "invoice.paid", "created": 1, "data": {"object": {}}}',
        b'{"id": "evt_1", "type": "invoice.paid", "created": 1, "data": []}',
    ],
)  # fmt: skip
async def test_what_is_signed_and_no_event_is_refused_with_a_reason(system: System, body: bytes) -> None:
    answer = await send(system, body)
    assert answer.status_code in (400, 401), answer.text
    assert answer.json()["message"]


@pytest.mark.parametrize(
    "event",
    [
        an_event("customer.updated", {"id": "cus_x"}),
        an_event("some.type.of.tomorrow", {"id": "x_1"}),
        an_event("some.type.of.tomorrow", None),
        an_event("invoice.paid", {"id": "in_1", "customer": "cus_of_somebody_else"}),
        an_event("invoice.paid", {"id": "in_1"}),
        an_event("invoice.paid", {"id": "in_1", "customer": None}),
        an_event("invoice.paid", {"id": "in_1", "customer": {"id": "cus_expanded"}}),
        an_event("checkout.session.completed", {"id": "cs_1", "customer": 7}),
    ],
)
async def test_what_is_about_nobody_here_is_taken_and_not_kept(system: System, event: Any) -> None:
    answer = await send(system, json.dumps(event).encode())
    assert answer.status_code == 200, answer.text
    assert await system.count("billing.stripe_events", "id = $1", event["id"]) == 0


BROKEN = [
    ("customer.subscription.updated", {"id": "sub_broken"}),
    ("customer.subscription.updated", {"id": "sub_broken", "status": "active", "start_date": 1, "items": {"data": []}}),
    ("invoice.paid", {"id": "in_broken"}),
    ("invoice.paid", {"id": "in_broken", "created": 1, "total": "much", "currency": "eur", "status": "paid"}),
    ("invoice.paid", {"id": "in_broken", "created": 1, "total": 1 << 70, "currency": "euros", "status": "paid"}),
    ("checkout.session.completed", {"id": "cs_broken"}),
    ("checkout.session.completed", {"status": "complete"}),
]


@pytest.mark.parametrize(("kind", "thing"), BROKEN)
async def test_an_event_that_lacks_what_is_read_is_kept_and_said_and_keeps_no_other_waiting(
    payer: Payer, process: Process, caplog: pytest.LogCaptureFixture, kind: str, thing: dict[str, Any]
) -> None:
    broken = an_event(kind, thing | {"customer": customer(payer)})
    with caplog.at_level(logging.ERROR):
        assert (await send(payer.system, json.dumps(broken).encode())).status_code == 200
    assert any(broken["id"] in record.getMessage() for record in caplog.records)
    good = a_bought_topup(payer)
    # As if the process had died after keeping it.
    await payer.system.database.execute(
        "insert into billing.stripe_events (id, type, time, user_id, thing) values ($1, $2, $3, $4, $5)",
        *(good["id"], good["type"], good["created"], UUID(payer.person.id), json.dumps(good["data"]["object"])),
    )
    try:
        await process.inbox._finish_open()
        assert await payer.left(FEATURE_EXPORT) == 9
        where = "id = $1 and handled_time is null"
        assert await payer.system.count("billing.stripe_events", where, broken["id"]) == 1
        assert await payer.system.count("billing.stripe_events", where, good["id"]) == 0
    finally:
        await payer.system.database.execute("delete from billing.stripe_events where id = $1", broken["id"])


async def test_how_many_wait_is_measured(payer: Payer, process: Process) -> None:
    for waiting in (1, 0):
        await payer.system.database.execute("delete from billing.stripe_events where handled_time is null")
        if waiting:
            broken = an_event("invoice.paid", {"id": "in_broken", "customer": customer(payer)})
            await send(payer.system, json.dumps(broken).encode())
        await process.inbox._finish_open()
        assert REGISTRY.get_sample_value("skillsync_stripe_events_unhandled") == waiting


async def test_what_came_before_the_customer_was_known_here_is_found_later(payer: Payer, process: Process) -> None:
    """The process died between Stripe, which had made the customer, and the database."""
    mine = UUID(payer.person.id)
    url, id_ = await payer.topup_page(FEATURE_EXPORT, 7), customer(payer)
    known = "update billing.subscriptions set stripe_customer_id = $2 where user_id = $1"
    await payer.system.database.execute(known, mine, None)
    payer.system.stripe.set_faults(Faults())
    await payer.click(url)

    async def told() -> int:
        return payer.system.stripe.webhooks.pending

    await eventually(told, lambda pending: not pending)
    await process.inbox.reconcile()
    assert await payer.left(FEATURE_EXPORT) == 2
    await payer.system.database.execute(known, mine, id_)
    await process.inbox.reconcile()
    assert await payer.left(FEATURE_EXPORT) == 9
