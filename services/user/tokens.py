"""Access tokens (JWT, 10 minutes) and refresh tokens (opaque, stored only as a hash)."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import jwt

from services.user.keys import SigningKey

ACCESS_LIFETIME = timedelta(minutes=10)
REFRESH_LIFETIME = timedelta(days=30)
AUDIENCE = "skillsync"


def access_token(
    key: SigningKey, issuer: str, account_id: UUID, session_id: UUID, roles: Iterable[str], now: datetime
) -> str:
    """A signed JWT. `roles` are names without prefix, lower case, e.g. `recruiter`."""
    claims = {
        "iss": issuer,
        "aud": AUDIENCE,
        "sub": str(account_id),
        "sid": str(session_id),
        "roles": sorted(roles),
        "iat": now,
        "nbf": now,
        "exp": now + ACCESS_LIFETIME,
        "jti": secrets.token_urlsafe(12),
    }
    return jwt.encode(claims, key.private, algorithm="EdDSA", headers={"kid": key.kid})


def new_refresh_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def refresh_token_hash(token: str) -> bytes:
    """What the database keeps. A fast hash is enough: the token is random, not chosen."""
    return hashlib.sha256(token.encode()).digest()
