"""Signed Open Badges prove a milestone at once, and every way in which one may be wrong is refused with its reason."""

import json
import tracemalloc
from typing import Any

import pytest
from skillsync.careerforge.v1.growth_pb2 import Milestone

from services.careerforge import badges
from services.careerforge.badges import BadgeRefused, baked, keys
from services.careerforge.milestone_verifying import Verifier
from tests.builders import a_job_seeker
from tests.careerforge.issuers import (
    EC_KEY,
    ED_KEY,
    NAME,
    Issuer2,
    Issuer3,
    did,
    in_png,
    in_svg,
    unsigned,
)
from tests.careerforge.shown import Showing, an_id
from tests.harness import System
from tests.pages import Pages
from tests.refusals import refused


@pytest.fixture
async def ada(system: System) -> Showing:
    return Showing(system, await a_job_seeker(system))


@pytest.fixture
def linked(system: System) -> Pages:
    """Where the way out of the system's services leads."""
    return system.pages


# Through the door


@pytest.mark.parametrize("bake", [str, in_svg, in_png, lambda token: in_svg(token, as_text=True)])
async def test_a_signed_badge_proves_a_milestone_at_once(ada: Showing, linked: Pages, bake: Any) -> None:
    issuer = Issuer2(linked).publish()
    document = await ada.a_document(bake(issuer.badge(ada.person.email)), kind="certificate")
    made = await ada.reach(NAME, proof_document_id=document.id)
    verified = await ada.verify(made.id)
    assert (verified.verification, verified.verified) == (Milestone.VERIFICATION_ACCEPTED, True)
    assert (verified.achievement_points, await ada.score()) == (50, 50)
    assert (verified.badge.name, verified.badge.issuer_name) == (NAME, "Example Academy")
    assert verified.badge.issuer_id == issuer.url("issuer")
    assert verified.badge.HasField("expire_time")
    assert await ada.milestones() == [verified]


async def test_a_badge_of_the_newer_standard_proves_a_milestone_at_once(ada: Showing) -> None:
    token = Issuer3.of_did(ED_KEY, "EdDSA").badge(ada.person.email)
    document = await ada.a_document(in_png(token, b"openbadgecredential", packed=True))
    made = await ada.reach(f"  {NAME.lower()} ", proof_document_id=document.id)
    verified = await ada.verify(made.id)
    assert (verified.verified, verified.badge.issuer_id) == (True, did(ED_KEY))


async def test_a_badge_at_the_end_of_a_link_proves_a_milestone_at_once(ada: Showing, linked: Pages) -> None:
    url = linked.put(f"/{an_id()}", in_png(Issuer2(linked).publish().badge(ada.person.email)), "image/png")
    made = await ada.reach(NAME, proof_url=url)
    assert (await ada.verify(made.id)).verified


async def test_what_is_no_signed_badge_waits_for_a_reviewer(ada: Showing, linked: Pages) -> None:
    hosted = json.dumps(Issuer2(linked).assertion(ada.person.email))
    for proof in ("a letter", hosted, in_svg("https://example.org/assertion.json"), in_png("x.y.z")):
        document = await ada.a_document(proof)
        made = await ada.reach(NAME, proof_document_id=document.id)
        assert (await ada.verify(made.id)).verification == Milestone.VERIFICATION_IN_REVIEW
    for url in (linked.put(f"/{an_id()}", "<p>a page"), f"{linked.origin}/nothing", "http://10.0.0.1/badge"):
        made = await ada.reach(NAME, proof_url=url)
        assert (await ada.verify(made.id)).verification == Milestone.VERIFICATION_IN_REVIEW


async def test_a_refused_badge_changes_nothing_and_says_why(ada: Showing, linked: Pages) -> None:
    document = await ada.a_document(Issuer2(linked).publish().badge("somebody@example.org"))
    made = await ada.reach(NAME, proof_document_id=document.id)
    with refused("BADGE_REFUSED", fault="RECIPIENT") as refusal:
        await ada.verify(made.id)
    assert "another address" in refusal.message
    assert await ada.milestones() == [made]
    assert await ada.score() == 25


async def test_a_badge_proves_what_it_is_called_and_nothing_else(ada: Showing, linked: Pages) -> None:
    document = await ada.a_document(Issuer2(linked).publish().badge(ada.person.email))
    made = await ada.reach("Nobel Prize", proof_document_id=document.id)
    with refused("BADGE_REFUSED", fault="TITLE") as refusal:
        await ada.verify(made.id)
    assert NAME in refusal.message
    await ada.change(made.id, title=NAME)
    assert (await ada.verify(made.id)).verified
    changed = await ada.change(made.id, title="Nobel Prize")
    assert (changed.verified, changed.HasField("badge"), await ada.score()) == (False, False, 25)


async def test_a_badge_proves_one_milestone(ada: Showing, linked: Pages) -> None:
    token = Issuer2(linked).publish().badge(ada.person.email)
    first, second = [await ada.a_document(data) for data in (token, in_png(token))]
    made = await ada.reach(NAME, proof_document_id=first.id)
    again = await ada.reach(NAME, proof_document_id=second.id)
    assert (await ada.verify(made.id)).verified
    with refused("BADGE_REFUSED", fault="USED"):
        await ada.verify(again.id)
    await ada.forget(made.id)
    assert (await ada.verify(again.id)).verified


async def test_an_address_that_was_not_verified_receives_no_badge(ada: Showing, linked: Pages) -> None:
    document = await ada.a_document(Issuer2(linked).publish().badge(ada.person.email))
    made = await ada.reach(NAME, proof_document_id=document.id)
    await ada.system.database.execute(
        """update "user".base_users set email_verify_time = null where id = $1""", ada.person.id
    )
    with refused("BADGE_REFUSED", fault="RECIPIENT"):
        await ada.verify(made.id)


async def test_an_operator_may_say_whose_badges_are_believed(ada: Showing, linked: Pages) -> None:
    issuer = Issuer2(linked).publish()
    for issuers, believed in (
        ((), False),
        (("*",), True),
        ((linked.origin,), True),
        ((issuer.url("issuer"), "did:key:z6Mk"), True),
        (("https://academy.example",), False),
        ((linked.origin[:-1],), False),
        (("did:key:z6Mk",), False),
    ):
        verifier = Verifier(*[None] * 4, issuers)  # type: ignore[arg-type]
        assert verifier.believes(issuer.url("issuer")) is believed, issuers


# Finding


@pytest.mark.parametrize(
    "bake",
    [
        str,
        lambda token: f"\ufeff {token[:40]}\n{token[40:]}\n",
        in_svg,
        lambda token: in_svg(token, version=3),
        lambda token: in_svg(token, version=3, as_text=True),
        in_png,
        lambda token: in_png(token, b"openbadgecredential"),
        lambda token: in_png(token, packed=True),
    ],
)
def test_a_badge_is_found_wherever_it_is_baked_in(bake: Any) -> None:
    token = unsigned({"a": "b" * 500})
    baked_in = bake(token)
    assert badges.find(baked_in if isinstance(baked_in, bytes) else baked_in.encode()) == token


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 100,
        in_png("https://example.org/assertion"),
        in_png("a.b.c"),
        in_png("x" * (baked.MOST_TOKEN + 1)),
        in_png(unsigned({}), b"Comment"),
        in_svg("https://example.org/assertion").encode(),
        b"<svg xmlns:o='http://openbadges.org'><o:assertion verify='",
        b"<!DOCTYPE svg [<!ENTITY a 'x'><!ENTITY b '&a;&a;&a;'>]><svg>&b;</svg>",
        b"<" * 10_000,
        b"..",
        b"e30.e30.e30",
    ],
)
def test_what_is_no_badge_is_none(content: bytes) -> None:
    assert badges.find(content) is None


def test_a_bomb_in_a_picture_is_not_unpacked_whole() -> None:
    bomb = in_png("A" * 50_000_000, packed=True)
    tracemalloc.start()
    assert badges.find(bomb) is None
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 5_000_000


@pytest.mark.parametrize(
    "text", ["", "did:key:", "did:key:z", "did:key:z0OIl", "did:web:example.org", "did:key:z" + "1" * 2000,
             "did:key:z6Mk", "did:key:f00", pytest.param(did(EC_KEY)[:-3], id="cut")],
)  # fmt: skip
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(BadgeRefused) as caught:
        keys.of_did(text)
    assert caught.value.fault == "KEY"


@pytest.mark.parametrize(
    "found", [None, {}, {"kty": "oct", "k": "x"}, {"kty": "EC"}, {"kty": "RSA", "n": "x"}, [], {"kty": []}]
)
def test_what_is_no_published_key_is_refused(found: Any) -> None:
    with pytest.raises(BadgeRefused):
        keys.of_jwk(found)
