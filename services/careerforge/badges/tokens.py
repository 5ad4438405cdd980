"""Compact JSON Web Signatures: what they say, and whether a key made them."""

import base64
import binascii
import json
from collections.abc import Collection
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from services.careerforge.badges.verdict import BadgeRefused

Key = RSAPublicKey | EllipticCurvePublicKey | Ed25519PublicKey

LEAST_RSA_BITS = 2048


def unsigned(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and payload, whoever signed them. Raises BadgeRefused (MALFORMED)."""
    parts = token.split(".")
    if len(parts) != 3:
        raise BadgeRefused("MALFORMED", "it is not a signed text")
    return _object(parts[0]), _object(parts[1])


def require_algorithm(header: dict[str, Any], algorithms: Collection[str]) -> None:
    """Raises BadgeRefused (ALGORITHM): what the token says of itself chooses among safe ones, and no more."""
    if header.get("alg") not in algorithms:
        raise BadgeRefused("ALGORITHM", f"its algorithm is none of {', '.join(sorted(algorithms))}")
    if "crit" in header:
        raise BadgeRefused("ALGORITHM", "it demands an extension that is not known here")


def require_signature(token: str, key: Key, algorithm: str) -> None:
    """Raises BadgeRefused: KEY for one that does not fit the algorithm or is too weak, SIGNATURE."""
    if _algorithm_of(key) != algorithm:
        raise BadgeRefused("KEY", "the issuer's key is not one for its algorithm")
    if isinstance(key, RSAPublicKey) and key.key_size < LEAST_RSA_BITS:
        raise BadgeRefused("KEY", f"the issuer's key is shorter than {LEAST_RSA_BITS} bits")
    try:
        jwt.PyJWS(algorithms=[algorithm]).decode_complete(token, key, algorithms=[algorithm])
    except jwt.PyJWTError:
        raise BadgeRefused("SIGNATURE", "the issuer's key did not sign it, or it was changed since") from None


def _algorithm_of(key: Key) -> str:
    if isinstance(key, RSAPublicKey):
        return "RS256"
    if isinstance(key, EllipticCurvePublicKey):
        return "ES256" if isinstance(key.curve, SECP256R1) else ""
    return "EdDSA"


def _object(part: str) -> dict[str, Any]:
    try:
        found = json.loads(base64.b64decode(part + "=" * (-len(part) % 4), altchars="-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        raise BadgeRefused("MALFORMED", "it cannot be read") from None
    if not isinstance(found, dict):
        raise BadgeRefused("MALFORMED", "it cannot be read")
    return found
