"""Signed Open Badges prove a milestone at once, and every way in which one may be wrong is refused with its reason."""

import base64
import hmac
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from skillsync.careerforge.v1.growth_pb2 import Milestone

from services.careerforge import badges
from services.careerforge.badges import BadgeRefused, Source, baked, keys
from services.careerforge.milestone_verifying import Verifier
from services.kit.egress import Egress
from tests.builders import a_job_seeker
from tests.careerforge.issuers import (
    EC_KEY,
    ED_KEY,
    NAME,
    OTHER_EC_KEY,
    RSA_KEY,
    SALT,
    WEAK_RSA_KEY,
    Issuer2,
    Issuer3,
    did,
    hashed,
    in_days,
    in_png,
    in_svg,
    jwk,
    packed,
    pem,
    sign,
    unsigned,
)
from tests.careerforge.shown import Showing, an_id
from tests.harness import System
from tests.pages import Pages
from tests.refusals import refused

ADA = "ada@example.org"


@pytest.fixture
async def ada(system: System) -> Showing:
    return Showing(system, await a_job_seeker(system))


@pytest.fixture
def linked(system: System) -> Pages:
    """Where the way out of the system's services leads."""
    return system.pages


@pytest.fixture
async def pages() -> AsyncIterator[Pages]:
    """For checks that need no more of a system."""
    async with Pages.served() as served:
        yield served


async def checked(pages: Pages, token: str, email: str = ADA) -> badges.Badge:
    return await badges.check(token, email, Source(Egress([pages.origin])), datetime.now(UTC))


async def fault_of(pages: Pages, token: str) -> str:
    with pytest.raises(BadgeRefused) as caught:
        await checked(pages, token)
    assert caught.value.message
    return caught.value.fault


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
        ((), True),
        ((linked.origin,), True),
        ((issuer.url("issuer"), "did:key:z6Mk"), True),
        (("https://academy.example",), False),
        ((linked.origin[:-1],), False),
        (("did:key:z6Mk",), False),
    ):
        verifier = Verifier(*[None] * 4, issuers)  # type: ignore[arg-type]
        assert verifier.believes(issuer.url("issuer")) is believed, issuers


# The older standard


@pytest.mark.parametrize(("key", "algorithm"), [(EC_KEY, "ES256"), (RSA_KEY, "RS256")])
async def test_an_assertion_holds(pages: Pages, key: Any, algorithm: str) -> None:
    issuer = Issuer2(pages, key, algorithm).publish()
    found = await checked(pages, issuer.badge(ADA))
    assert (found.name, found.issuer_name, found.issuer_id) == (NAME, "Example Academy", issuer.url("issuer"))
    assert found.expire_time
    for changes in ({"expires": None}, {"recipient": {"type": "email", "identity": ADA.upper()}}):
        await checked(pages, issuer.badge(ADA, **changes))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"expires": in_days(-1)}, "EXPIRED"),
        ({"issuedOn": in_days(2)}, "NOT_YET_VALID"),
        ({"issuedOn": "yesterday"}, "MALFORMED"),
        ({"expires": 5}, "MALFORMED"),
        ({"type": "Other"}, "MALFORMED"),
        ({"type": [{"a": 1}]}, "MALFORMED"),
        ({"recipient": {"type": "email", "hashed": True, "salt": SALT, "identity": hashed("eve@example.org")}}, "RECIPIENT"),
        ({"recipient": {"type": "email", "hashed": True, "salt": "other", "identity": hashed(ADA)}}, "RECIPIENT"),
        ({"recipient": {"type": "email", "hashed": True, "identity": "md5$5f4dcc3b5aa765d61d8327deb882cf99"}}, "RECIPIENT"),
        ({"recipient": {"type": "url", "identity": ADA}}, "RECIPIENT"),
        ({"recipient": "ada"}, "RECIPIENT"),
        ({"recipient": {"type": "email", "identity": {"a": 1}}}, "RECIPIENT"),
        ({"verification": {"type": "HostedBadge"}}, "MALFORMED"),
        ({"verification": {"type": "SignedBadge"}}, "ISSUER"),
        ({"verification": {"type": "SignedBadge", "creator": "http://example.org/key"}}, "ISSUER"),
        ({"verification": {"type": "SignedBadge", "creator": "https://127.0.0.1/key"}}, "ISSUER"),
        ({"verification": {"type": "SignedBadge", "creator": "https://169.254.169.254/key"}}, "ISSUER"),
        ({"badge": {"type": "BadgeClass", "name": NAME, "issuer": {"name": "x"}}}, "ISSUER"),
        ({"badge": {"type": "BadgeClass", "name": NAME}}, "ISSUER"),
        ({"badge": {"type": "BadgeClass", "name": NAME, "issuer": "https://university.example/issuer"}}, "ISSUER"),
        ({"badge": {"type": "Other", "name": NAME}}, "MALFORMED"),
        ({"badge": 5}, "ISSUER"),
    ],
)  # fmt: skip
async def test_an_assertion_that_says_something_else_is_refused(
    pages: Pages, changes: dict[str, Any], fault: str
) -> None:
    assert await fault_of(pages, Issuer2(pages).publish().badge(ADA, **changes)) == fault


async def test_only_safe_algorithms_are_taken(pages: Pages) -> None:
    issuer = Issuer2(pages).publish()
    assertion = issuer.assertion(ADA)
    body = json.dumps(assertion).encode()
    # The public key, which everybody has, as the secret of both.
    begun = f"{packed({'alg': 'HS256'})}.{packed(assertion)}"
    mac = hmac.digest(pem(EC_KEY).encode(), begun.encode(), "sha256")
    by_public_key = f"{begun}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"
    for token in (
        unsigned(assertion),
        unsigned(assertion, "None"),
        unsigned(assertion, ""),
        by_public_key,
        jwt.PyJWS().encode(body, RSA_KEY, algorithm="RS512"),
        jwt.PyJWS().encode(body, ED_KEY, algorithm="EdDSA"),
        sign(assertion, EC_KEY, "ES256", crit=["x"], x=1),
    ):
        assert await fault_of(pages, token) == "ALGORITHM"
    assert pages.asked[f"{issuer.home}/key"] == 0


async def test_another_key_or_another_word_breaks_the_signature(pages: Pages) -> None:
    issuer = Issuer2(pages).publish()
    assert await fault_of(pages, sign(issuer.assertion(ADA), OTHER_EC_KEY, "ES256")) == "SIGNATURE"
    head, _, signature = issuer.badge(ADA).split(".")
    assert await fault_of(pages, f"{head}.{packed(issuer.assertion(ADA))}.{signature}") == "SIGNATURE"
    assert await fault_of(pages, f"{head}.{packed(issuer.assertion(ADA))}.") == "SIGNATURE"
    brought = sign(issuer.assertion(ADA), OTHER_EC_KEY, "ES256", jwk=jwk(OTHER_EC_KEY, "ES256"))
    assert await fault_of(pages, brought) == "SIGNATURE"


@pytest.mark.filterwarnings("ignore:The RSA key is 1024 bits")
async def test_the_key_must_be_the_issuers_and_strong(pages: Pages) -> None:
    assert await fault_of(pages, Issuer2(pages).publish(publicKey=[]).badge(ADA)) == "ISSUER"
    assert await fault_of(pages, Issuer2(pages).publish(id="https://other.example/").badge(ADA)) == "ISSUER"
    theirs = {"owner": "https://university.example/"}
    assert await fault_of(pages, Issuer2(pages).publish(key=theirs).badge(ADA)) == "ISSUER"
    assert await fault_of(pages, Issuer2(pages).publish(key={"id": "https://other.example/"}).badge(ADA)) == "KEY"
    assert await fault_of(pages, Issuer2(pages).publish(key={"publicKeyPem": "x"}).badge(ADA)) == "KEY"
    assert await fault_of(pages, Issuer2(pages).publish(key={"publicKeyPem": pem(RSA_KEY)}).badge(ADA)) == "KEY"
    assert await fault_of(pages, Issuer2(pages, WEAK_RSA_KEY, "RS256").publish().badge(ADA)) == "KEY"


async def test_a_badge_of_a_university_cannot_be_issued_with_a_key_of_ones_own(pages: Pages) -> None:
    university, eve = Issuer2(pages).publish(), Issuer2(pages, OTHER_EC_KEY).publish()
    borrowed = eve.badge(ADA, badge=university.url("badge"))
    assert await fault_of(pages, borrowed) == "ISSUER"
    eve.publish(key={"owner": university.url("issuer")})
    assert await fault_of(pages, eve.badge(ADA, badge=university.url("badge"))) == "ISSUER"


async def test_a_badge_that_was_taken_back_is_refused(pages: Pages) -> None:
    issuer = Issuer2(pages)
    for number, entry in enumerate(["urn:uuid:0", {"id": "urn:uuid:1"}, {"uid": "2"}]):
        issuer.revoked.append(entry)
        changes = {"uid": "2"} if number == 2 else {"id": f"urn:uuid:{number}"}
        assert await fault_of(issuer.publish().pages, issuer.badge(ADA, **changes)) == "REVOKED"
    await checked(pages, issuer.badge(ADA))


async def test_what_cannot_be_asked_is_not_believed(pages: Pages) -> None:
    for gone in ("key", "badge", "issuer", "revoked"):
        issuer = Issuer2(pages).publish()
        pages.take_away(f"{issuer.home}/{gone}")
        assert await fault_of(pages, issuer.badge(ADA)) == "UNCHECKABLE", gone
        pages.put(f"{issuer.home}/{gone}", "[" * 100_000, "application/json")
        assert await fault_of(pages, issuer.badge(ADA)) == "UNCHECKABLE", gone
        pages.redirect(f"{issuer.home}/{gone}", "http://169.254.169.254/")
        assert await fault_of(pages, issuer.badge(ADA)) == "ISSUER", gone


# The newer standard


@pytest.mark.parametrize(("key", "algorithm"), [(EC_KEY, "ES256"), (RSA_KEY, "RS256"), (ED_KEY, "EdDSA")])
@pytest.mark.parametrize("wrapped", [False, True])
async def test_a_credential_of_a_key_holds(pages: Pages, key: Any, algorithm: str, wrapped: bool) -> None:
    issuer = Issuer3.of_did(key, algorithm)
    found = await checked(pages, issuer.badge(ADA, wrapped=wrapped))
    assert (found.name, found.issuer_name, found.issuer_id) == (NAME, "Example Academy", did(key))


async def test_a_credential_of_a_server_holds_by_its_published_keys(pages: Pages) -> None:
    issuer = Issuer3(EC_KEY, "ES256", f"{pages.origin}/{an_id()}")
    published = {"keys": [jwk(RSA_KEY, "RS256", kid="other"), jwk(EC_KEY, "ES256", kid="mine")]}
    url = pages.put_json("/.well-known/jwks.json", published)
    payload = issuer.credential(ADA) | {"iss": issuer.issuer_id}
    for kid in ("mine", f"{url}#mine"):
        assert (await checked(pages, sign(payload, EC_KEY, "ES256", kid=kid))).issuer_id == issuer.issuer_id
    single = pages.put_json(f"/{an_id()}", jwk(EC_KEY, "ES256"))
    await checked(pages, sign(payload, EC_KEY, "ES256", kid=single))
    assert await fault_of(pages, sign(payload, EC_KEY, "ES256", kid="unknown")) == "KEY"
    assert await fault_of(pages, sign(payload, EC_KEY, "ES256")) == "KEY"
    assert await fault_of(pages, sign(payload, OTHER_EC_KEY, "ES256", kid="mine")) == "SIGNATURE"
    assert await fault_of(pages, sign(payload, EC_KEY, "ES256", kid="other")) == "KEY"
    # A key that lies elsewhere is not the issuer's.
    assert await fault_of(pages, sign(payload, EC_KEY, "ES256", kid="https://eve.example/key")) == "KEY"
    brought = sign(payload, OTHER_EC_KEY, "ES256", kid="mine", jwk=jwk(OTHER_EC_KEY, "ES256"))
    assert await fault_of(pages, brought) == "SIGNATURE"


@pytest.mark.parametrize(
    ("changes", "claims", "fault"),
    [
        ({"validUntil": in_days(-1)}, {}, "EXPIRED"),
        ({}, {"exp": 1_000_000_000}, "EXPIRED"),
        ({"validFrom": in_days(1)}, {}, "NOT_YET_VALID"),
        ({}, {"nbf": 9_000_000_000}, "NOT_YET_VALID"),
        ({}, {"exp": "soon"}, "MALFORMED"),
        ({}, {"exp": 1e300}, "MALFORMED"),
        ({"type": ["VerifiableCredential"]}, {}, "MALFORMED"),
        ({}, {"iss": "did:key:zOther"}, "ISSUER"),
        ({"issuer": "http://example.org"}, {"iss": "http://example.org"}, "ISSUER"),
        ({"issuer": "https://10.0.0.1/x"}, {"iss": "https://10.0.0.1/x"}, "ISSUER"),
        ({"issuer": 5}, {}, "ISSUER"),
        ({"credentialSubject": {"achievement": {"name": NAME}}}, {}, "RECIPIENT"),
        ({"credentialSubject": []}, {}, "RECIPIENT"),
        ({"credentialStatus": {"type": "BitstringStatusListEntry", "id": "https://x.example"}}, {}, "UNCHECKABLE"),
    ],
)
async def test_a_credential_that_says_something_else_is_refused(
    pages: Pages, changes: dict[str, Any], claims: dict[str, Any], fault: str
) -> None:
    assert await fault_of(pages, Issuer3.of_did(EC_KEY, "ES256").badge(ADA, claims, **changes)) == fault


async def test_a_credential_of_somebody_else_is_refused(pages: Pages) -> None:
    issuer = Issuer3.of_did(EC_KEY, "ES256")
    assert await fault_of(pages, issuer.badge("eve@example.org")) == "RECIPIENT"
    subject = issuer.credential(ADA)["credentialSubject"]
    subject["identifier"][0] |= {"identityType": "sourcedId"}
    assert await fault_of(pages, issuer.badge(ADA, credentialSubject=subject)) == "RECIPIENT"


async def test_a_credential_is_signed_by_its_issuer_and_nobody_else(pages: Pages) -> None:
    issuer = Issuer3.of_did(EC_KEY, "ES256")
    payload = issuer.credential(ADA) | {"iss": issuer.issuer_id}
    assert await fault_of(pages, sign(payload, OTHER_EC_KEY, "ES256")) == "SIGNATURE"
    assert await fault_of(pages, sign(payload, OTHER_EC_KEY, "ES256", kid=did(OTHER_EC_KEY))) == "KEY"
    assert await fault_of(pages, sign(payload, RSA_KEY, "RS256")) == "KEY"
    assert await fault_of(pages, unsigned(payload)) == "ALGORITHM"
    head, _, signature = issuer.badge(ADA).split(".")
    assert await fault_of(pages, f"{head}.{packed(payload)}.{signature}") == "SIGNATURE"


async def test_a_credential_that_was_taken_back_is_refused(pages: Pages) -> None:
    issuer = Issuer3.of_did(EC_KEY, "ES256")
    path = f"/{an_id()}"
    status = {"type": "1EdTechRevocationList", "id": pages.origin + path}
    assert await fault_of(pages, issuer.badge(ADA, credentialStatus=status)) == "UNCHECKABLE"
    listed = {"issuer": issuer.issuer_id, "revokedCredential": [{"id": "urn:uuid:1", "revoked": True}]}
    pages.put_json(path, listed)
    assert await fault_of(pages, issuer.badge(ADA, id="urn:uuid:1", credentialStatus=status)) == "REVOKED"
    await checked(pages, issuer.badge(ADA, id="urn:uuid:2", credentialStatus=status))
    pages.put_json(path, listed | {"issuer": "did:key:zOther"})
    assert await fault_of(pages, issuer.badge(ADA, id="urn:uuid:2", credentialStatus=status)) == "UNCHECKABLE"


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
    assert badges.find(in_png("A" * 50_000_000, packed=True)) is None


@pytest.mark.parametrize(
    "text", ["", "did:key:", "did:key:z", "did:key:z0OIl", "did:web:example.org", "did:key:z" + "1" * 2000,
             "did:key:z6Mk", "did:key:f00", did(EC_KEY)[:-3]],
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
