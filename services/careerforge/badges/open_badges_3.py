"""Open Badges 3.0 as VC-JWT: a credential signed by a `did:key`, or by a key that the issuer's server publishes (1EdTech, Open Badges v3.0,
section 8.2; W3C Verifiable Credentials, both ways to write them as a token).
"""

import hashlib
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from services.careerforge.badges import keys, statements, tokens
from services.careerforge.badges.sources import Source
from services.careerforge.badges.tokens import Key
from services.careerforge.badges.verdict import Badge, BadgeRefused

ALGORITHMS = frozenset(("RS256", "ES256", "EdDSA"))
TYPES = ("OpenBadgeCredential", "AchievementCredential")
JWKS_PATH = "/.well-known/jwks.json"
REVOCATION_LIST = "1EdTechRevocationList"


def is_credential(payload: dict[str, Any]) -> bool:
    """And no assertion of 2.0."""
    return "vc" in payload or "credentialSubject" in payload


async def check(token: str, email: str, source: Source, now: datetime) -> Badge:
    """Raises BadgeRefused. `email` in small letters."""
    header, claims = tokens.unsigned(token)
    tokens.require_algorithm(header, ALGORITHMS)
    credential = claims.get("vc", claims)
    if not isinstance(credential, dict):
        raise BadgeRefused("MALFORMED", "its credential cannot be read")
    statements.require_type(credential, *TYPES)
    issued, expires = _times(claims, credential, now)
    subject = _subject(credential, email)
    issuer = credential.get("issuer")
    issuer_id = issuer.get("id") if isinstance(issuer, dict) else issuer
    if not isinstance(issuer_id, str) or claims.get("iss", issuer_id) != issuer_id:
        raise BadgeRefused("ISSUER", "it does not say, or says twice, who issued it")
    tokens.require_signature(token, await _key(issuer_id, header, source), header["alg"])
    badge_id = credential.get("id", claims.get("jti"))
    if not isinstance(badge_id, str):
        badge_id = hashlib.sha256(token.encode()).hexdigest()
    await _require_not_revoked(credential, badge_id, issuer_id, source)
    return Badge(_name(subject), _issuer_name(issuer, issuer_id), issuer_id, badge_id, issued, expires)


def _times(
    claims: dict[str, Any], credential: dict[str, Any], now: datetime
) -> tuple[datetime | None, datetime | None]:
    """Token and credential may both say; what is narrower holds."""
    begins = [statements.seconds(claims.get("nbf"))]
    begins += [statements.moment(credential.get(name)) for name in ("validFrom", "issuanceDate")]
    ends = [statements.seconds(claims.get("exp"))]
    ends += [statements.moment(credential.get(name)) for name in ("validUntil", "expirationDate")]
    statements.require_time(begins, ends, now)
    return max(filter(None, begins), default=None), min(filter(None, ends), default=None)


def _subject(credential: dict[str, Any], email: str) -> dict[str, Any]:
    """The one that is about the person. Raises BadgeRefused (RECIPIENT)."""
    for subject in statements.listed(credential.get("credentialSubject")):
        if isinstance(subject, dict) and any(
            _is_identity(one, email) for one in statements.listed(subject.get("identifier"))
        ):
            return subject
    raise BadgeRefused("RECIPIENT", "it is given to another address than that of the account, or to none")


def _is_identity(one: object, email: str) -> bool:
    if not isinstance(one, dict) or one.get("identityType") != "emailAddress":
        return False
    identity = one.get("identityHash")
    if one.get("hashed") and not (isinstance(identity, str) and identity.startswith("sha256$")):
        return False
    return statements.is_about(email, identity, one.get("salt"))


def _name(subject: dict[str, Any]) -> str:
    achievement = subject.get("achievement")
    if not isinstance(achievement, dict):
        raise BadgeRefused("MALFORMED", "it does not say what was achieved")
    return statements.name_of(achievement, "achievement")


def _issuer_name(issuer: object, issuer_id: str) -> str:
    """As it calls itself; by its id where it has no name."""
    if isinstance(issuer, dict) and isinstance(issuer.get("name"), str):
        return statements.name_of(issuer, "issuer")
    return issuer_id


async def _key(issuer_id: str, header: dict[str, Any], source: Source) -> Key:
    """The issuer's: the key that a token brings along proves nothing."""
    kid = header.get("kid")
    if kid is not None and not isinstance(kid, str):
        raise BadgeRefused("KEY", "it does not say which key signed it")
    if issuer_id.startswith(keys.DID_KEY):
        if kid is not None and kid.partition("#")[0] != issuer_id and kid != issuer_id.removeprefix(keys.DID_KEY):
            raise BadgeRefused("KEY", "it names another key than its issuer's")
        return keys.of_did(issuer_id)
    source.require_url(issuer_id)
    home = _origin(issuer_id)
    at_home = kid is not None and _origin(kid) == home
    found = await source.fetch(kid if at_home else home + JWKS_PATH)
    return keys.of_jwk(_chosen(found, kid))


def _chosen(found: dict[str, Any], kid: str | None) -> object:
    """Of a set the key that is meant; a single key is it."""
    if "keys" not in found:
        return found
    published = [one for one in statements.listed(found["keys"]) if isinstance(one, dict)]
    names = {kid, kid.partition("#")[2]} if kid else set()
    meant = [one for one in published if one.get("kid") in names] if kid else published
    if len(meant) != 1:
        raise BadgeRefused("KEY", "its issuer does not publish the key that it names")
    return meant[0]


def _origin(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"


async def _require_not_revoked(credential: dict[str, Any], badge_id: str, issuer_id: str, source: Source) -> None:
    """Fails for a list of a kind that is not known here: what may be revoked is not believed unseen."""
    for status in statements.listed(credential.get("credentialStatus")):
        if not isinstance(status, dict) or REVOCATION_LIST not in statements.listed(status.get("type")):
            raise BadgeRefused("UNCHECKABLE", "whether it was revoked cannot be asked; send another proof to review")
        found = await source.fetch(status.get("id"))
        if found.get("issuer", issuer_id) != issuer_id:
            raise BadgeRefused("UNCHECKABLE", "the list of revoked badges is somebody else's")
        for entry in statements.revoked_in(found, "revokedCredential", "revokedCredentials"):
            revoked = entry.get("id") if isinstance(entry, dict) and entry.get("revoked", True) else entry
            if revoked == badge_id:
                raise BadgeRefused("REVOKED", "its issuer took it back")
