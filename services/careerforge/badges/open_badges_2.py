"""Open Badges 2.0, signed: an assertion whose key the issuer's own profile names (1EdTech, Open Badges v2.0, sections 2 and 4)."""

import hashlib
from datetime import datetime
from typing import Any

from services.careerforge.badges import keys, statements, tokens
from services.careerforge.badges.sources import Source
from services.careerforge.badges.verdict import Badge, BadgeRefused

ALGORITHMS = frozenset(("RS256", "ES256"))


async def check(token: str, email: str, source: Source, now: datetime) -> Badge:
    """Raises BadgeRefused. `email` in small letters."""
    header, assertion = tokens.unsigned(token)
    tokens.require_algorithm(header, ALGORITHMS)
    statements.require_type(assertion, "Assertion")
    # What costs nothing comes first: nobody is asked for a badge that cannot hold.
    issued, expires = statements.moment(assertion.get("issuedOn")), statements.moment(assertion.get("expires"))
    statements.require_time((issued,), (expires,), now)
    _require_recipient(assertion, email)
    key_url, owner = await _require_signature(token, header["alg"], assertion, source)
    badge = await _badge_class(assertion, source)
    issuer_id = badge["issuer"]["id"] if isinstance(badge.get("issuer"), dict) else badge.get("issuer")
    if issuer_id != owner:
        raise BadgeRefused("ISSUER", "the key that signed it belongs to somebody else than its issuer")
    issuer = await _issuer(issuer_id, key_url, source)
    badge_id = assertion.get("id")
    if not isinstance(badge_id, str):
        badge_id = hashlib.sha256(token.encode()).hexdigest()
    await _require_not_revoked(assertion, issuer, source)
    name = statements.name_of(badge, "badge class")
    return Badge(name, statements.name_of(issuer, "issuer"), issuer_id, badge_id, issued, expires)


def _require_recipient(assertion: dict[str, Any], email: str) -> None:
    recipient = assertion.get("recipient")
    if not isinstance(recipient, dict) or recipient.get("type") != "email":
        raise BadgeRefused("RECIPIENT", "it is not given to an e-mail address")
    identity = recipient.get("identity")
    if recipient.get("hashed") and not (isinstance(identity, str) and identity.startswith("sha256$")):
        raise BadgeRefused("RECIPIENT", "its recipient is hidden in another way than by SHA-256")
    if not statements.is_about(email, identity, recipient.get("salt")):
        raise BadgeRefused("RECIPIENT", "it is given to another address than that of the account")


async def _require_signature(token: str, algorithm: str, assertion: dict[str, Any], source: Source) -> tuple[str, str]:
    """The key's URL, and whose it says it is."""
    verification = assertion.get("verification")
    if not isinstance(verification, dict):
        raise BadgeRefused("MALFORMED", "it does not say that it is signed")
    statements.require_type(verification, "SignedBadge", "signed")
    url = verification.get("creator")
    found = await source.fetch(url)
    assert isinstance(url, str)
    if found.get("id", url) != url:
        raise BadgeRefused("KEY", "its key calls itself otherwise")
    tokens.require_signature(token, keys.of_pem(found.get("publicKeyPem")), algorithm)
    owner = found.get("owner")
    if not isinstance(owner, str):
        raise BadgeRefused("KEY", "its key does not say whose it is")
    return url, owner


async def _badge_class(assertion: dict[str, Any], source: Source) -> dict[str, Any]:
    badge = assertion.get("badge")
    found = badge if isinstance(badge, dict) else await source.fetch(badge)
    statements.require_type(found, "BadgeClass")
    if isinstance(badge, str) and found.get("id", badge) != badge:
        raise BadgeRefused("MALFORMED", "its badge class calls itself otherwise")
    if isinstance(found.get("issuer"), dict) and not isinstance(found["issuer"].get("id"), str):
        raise BadgeRefused("ISSUER", "it does not say where its issuer is")
    return found


async def _issuer(issuer_id: str, key_url: str, source: Source) -> dict[str, Any]:
    """From where the issuer is: whoever can name a key there speaks for it."""
    issuer = await source.fetch(issuer_id)
    if issuer.get("id", issuer_id) != issuer_id:
        raise BadgeRefused("ISSUER", "its issuer calls itself otherwise")
    named = [key.get("id") if isinstance(key, dict) else key for key in statements.listed(issuer.get("publicKey"))]
    if key_url not in named:
        raise BadgeRefused("ISSUER", "its issuer does not name the key that signed it")
    return issuer


async def _require_not_revoked(assertion: dict[str, Any], issuer: dict[str, Any], source: Source) -> None:
    if issuer.get("revocationList") is None:
        return
    found = await source.fetch(issuer["revocationList"])
    ids = [assertion.get(name) for name in ("id", "uid") if isinstance(assertion.get(name), str)]
    for entry in statements.revoked_in(found, "revokedAssertions"):
        named = [entry.get("id"), entry.get("uid")] if isinstance(entry, dict) else [entry]
        if any(one in named for one in ids):
            raise BadgeRefused("REVOKED", "its issuer took it back")
