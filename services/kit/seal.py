"""Tokens that clients carry and cannot change: page tokens and resume tokens. And secrets that the database keeps and cannot read."""

import base64
import hashlib
import hmac
import json

from cryptography.fernet import Fernet

_MAC_BYTES = 16


def seal(key: str, purpose: str, value: object) -> str:
    """`value` (JSON-able) as an opaque token that only `unseal` with the same key and purpose opens."""
    body = json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_mac(key, purpose, body) + body).rstrip(b"=").decode()


def unseal(key: str, purpose: str, token: str) -> object | None:
    """The sealed value; None for a token that was forged, cut, or sealed for another purpose."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(key, purpose, body)):
        return None
    value: object = json.loads(body)
    return value


def encrypt(key: str, purpose: str, secret: bytes) -> bytes:
    """For the database: only `decrypt` with the same key and purpose reads it."""
    return _cipher(key, purpose).encrypt(secret)


def decrypt(key: str, purpose: str, encrypted: bytes) -> bytes:
    """Raises cryptography's InvalidToken for what was not encrypted so."""
    return _cipher(key, purpose).decrypt(encrypted)


def pseudonym(key: str, purpose: str, value: str) -> bytes:
    """32 bytes that stand for a value: always the same ones, and without the key nobody finds out for which."""
    return hmac.new(key.encode(), f"{purpose}/{value}".encode(), hashlib.sha256).digest()


def _cipher(key: str, purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"{purpose}/{key}".encode()).digest()))


def _mac(key: str, purpose: str, body: bytes) -> bytes:
    message = len(purpose).to_bytes(2) + purpose.encode() + body
    return hmac.new(key.encode(), message, hashlib.sha256).digest()[:_MAC_BYTES]
