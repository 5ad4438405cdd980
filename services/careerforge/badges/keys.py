"""Public keys as issuers publish them: PEM, JSON Web Keys, and `did:key`, which is the key itself."""

from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key, load_pem_public_key

from services.careerforge.badges.tokens import Key
from services.careerforge.badges.verdict import BadgeRefused

DID_KEY = "did:key:"
# An RSA key of 8,192 bits.
MOST_DID = 1600
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
# Multicodec prefixes.
_ED25519, _P256, _RSA = b"\xed\x01", b"\x80\x24", b"\x85\x24"


def of_pem(pem: object) -> Key:
    """Raises BadgeRefused (KEY)."""
    if not isinstance(pem, str):
        raise _unreadable()
    try:
        return _known(load_pem_public_key(pem.encode()))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _unreadable() from None


def of_jwk(jwk: object) -> Key:
    """Raises BadgeRefused (KEY); for a private or a shared key too."""
    if not isinstance(jwk, dict) or jwk.get("kty") not in ("RSA", "EC", "OKP"):
        raise _unreadable()
    public: dict[str, Any] = {name: jwk[name] for name in ("kty", "crv", "x", "y", "n", "e") if name in jwk}
    try:
        return _known(jwt.PyJWK(public, algorithm={"RSA": "RS256", "EC": "ES256", "OKP": "EdDSA"}[public["kty"]]).key)
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        raise _unreadable() from None


def of_did(did: str) -> Key:
    """Raises BadgeRefused (KEY)."""
    name = did.removeprefix(DID_KEY)
    if not did.startswith(DID_KEY) or name[:1] != "z" or len(name) > MOST_DID:
        raise _unreadable()
    packed = _base58(name[1:])
    prefix, rest = packed[:2], packed[2:]
    try:
        if prefix == _ED25519:
            return Ed25519PublicKey.from_public_bytes(rest)
        if prefix == _P256:
            return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), rest)
        if prefix == _RSA:
            return _known(load_der_public_key(rest))
    except (ValueError, UnsupportedAlgorithm):
        raise _unreadable() from None
    raise _unreadable()


def _base58(text: str) -> bytes:
    number = 0
    for letter in text:
        place = _BASE58.find(letter)
        if place < 0:
            raise _unreadable()
        number = number * 58 + place
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def _known(key: object) -> Key:
    if not isinstance(key, RSAPublicKey | EllipticCurvePublicKey | Ed25519PublicKey):
        raise _unreadable()
    return key


def _unreadable() -> BadgeRefused:
    return BadgeRefused("KEY", "the issuer's key cannot be read; known are RSA, P-256 and Ed25519")
