"""Every way in which a signed badge may be wrong is found, with its reason."""

import base64
import hmac
import json
import random
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest

from services.careerforge import badges
from services.careerforge.badges import BadgeRefused, Source
from services.kit.egress import Egress
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
    jwk,
    packed,
    pem,
    sign,
    unsigned,
)
from tests.careerforge.shown import an_id
from tests.pages import Pages

ADA = "ada@example.org"


@pytest.fixture
async def pages() -> AsyncIterator[Pages]:
    """Of strangers, for checks that need no more of a system."""
    async with Pages.served() as served:
        yield served


async def checked(pages: Pages, token: str, email: str = ADA) -> badges.Badge:
    return await badges.check(token, email, Source(Egress([pages.origin])), datetime.now(UTC))


async def fault_of(pages: Pages, token: str) -> str:
    with pytest.raises(BadgeRefused) as caught:
        await checked(pages, token)
    assert caught.value.message
    return caught.value.fault


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
        ({"recipient": {"type": "email", "salt": SALT, "identity": hashed(ADA).replace("sha256", "md5")}}, "RECIPIENT"),
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


# Whatever somebody writes

ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1e308, "", "x", "$", "sha256$", "https://[", "https://10.0.0.1/", "did:key:z", "2026-13-01", [], [None], [[]],
    {}, {"id": {}}, {"type": [{}]}, [{"id": []}], {"keys": {}}, "9" * 5000,
)  # fmt: skip


def somewhere_else(found: Any, chance: random.Random) -> Any:
    """The same with one value, at any depth, that is another one or none."""
    if not isinstance(found, dict | list) or not found or chance.random() < 0.2:
        return chance.choice(ODD)
    copied = found.copy()
    place = chance.choice(list(copied) if isinstance(copied, dict) else range(len(copied)))
    if isinstance(copied, dict) and chance.random() < 0.2:
        del copied[place]
    else:
        copied[place] = somewhere_else(copied[place], chance)
    return copied


async def judged(pages: Pages, token: str) -> str:
    try:
        await checked(pages, token)
    except BadgeRefused as refusal:
        return refusal.fault
    return "good"


async def test_whatever_stands_in_a_credential_it_holds_or_is_refused(pages: Pages) -> None:
    chance, issuer = random.Random(7), Issuer3.of_did(ED_KEY, "EdDSA")
    verdicts = Counter[str]()
    for number in range(1500):
        payload = issuer.credential(ADA) | {"iss": issuer.issuer_id}
        payload |= {"credentialStatus": [{"type": "1EdTechRevocationList"}]} if number % 5 == 0 else {}
        token = sign(somewhere_else(payload, chance), ED_KEY, "EdDSA", kid=issuer.issuer_id)
        verdicts[await judged(pages, token)] += 1
    assert set(verdicts) >= {"good", "MALFORMED", "RECIPIENT", "ISSUER"}, verdicts


async def test_whatever_an_issuers_server_says_a_badge_holds_or_is_refused(pages: Pages) -> None:
    chance = random.Random(7)
    verdicts = Counter[str]()
    for number in range(150):
        issuer = Issuer2(pages, revoked=["urn:uuid:0", {"id": "urn:uuid:1"}]).publish()
        if number % 3 == 0:
            token = sign(somewhere_else(issuer.assertion(ADA), chance), EC_KEY, "ES256")
        else:
            token = issuer.badge(ADA)
            name = chance.choice(["key", "badge", "issuer", "revoked"])
            pages.put_json(f"{issuer.home}/{name}", somewhere_else(pages.get_json(f"{issuer.home}/{name}"), chance))
        verdicts[await judged(pages, token)] += 1
    assert set(verdicts) >= {"good", "MALFORMED", "KEY", "ISSUER", "UNCHECKABLE"}, verdicts
