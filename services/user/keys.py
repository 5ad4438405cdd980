"""The keys that sign access tokens: Ed25519, kept encrypted, two at a time while one replaces the other."""

import base64
import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.kit.seal import decrypt, encrypt

# What the keys are encrypted for; another purpose has another key.
PURPOSE = "signing keys"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """`kid` is the RFC 7638 thumbprint of the public key, so a key always has the same name."""

    kid: str
    private: Ed25519PrivateKey

    @classmethod
    def generate(cls) -> "SigningKey":
        return cls._named(Ed25519PrivateKey.generate())

    @classmethod
    def unseal(cls, sealed: bytes, secret: str) -> "SigningKey":
        raw = decrypt(secret, PURPOSE, sealed)
        return cls._named(Ed25519PrivateKey.from_private_bytes(raw))

    @classmethod
    def _named(cls, private: Ed25519PrivateKey) -> "SigningKey":
        thumbprint = hashlib.sha256(f'{{"crv":"Ed25519","kty":"OKP","x":"{_x(private)}"}}'.encode()).digest()
        return cls(_base64url(thumbprint), private)

    @property
    def x(self) -> str:
        """The public key as a JWK carries it."""
        return _x(self.private)

    def seal(self, secret: str) -> bytes:
        """The private key, encrypted for the database."""
        return encrypt(secret, PURPOSE, self.private.private_bytes_raw())


def _x(private: Ed25519PrivateKey) -> str:
    return _base64url(private.public_key().public_bytes_raw())


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
