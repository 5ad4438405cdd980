"""Issuers of Open Badges: keys, assertions and credentials as the two standards want them, and pictures with badges baked in."""

import base64
import hashlib
import json
import struct
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.pages import Pages

EC_KEY, OTHER_EC_KEY = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
RSA_KEY = rsa.generate_private_key(65537, 2048)
WEAK_RSA_KEY = rsa.generate_private_key(65537, 1024)
ED_KEY = ed25519.Ed25519PrivateKey.generate()
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
NAME = "Certified Kubernetes Administrator"
SALT = "deadsea"


def hashed(email: str, salt: str = SALT) -> str:
    return "sha256$" + hashlib.sha256((email + salt).encode()).hexdigest()


def in_days(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def sign(payload: Any, key: Any, algorithm: str, **headers: Any) -> str:
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return jwt.PyJWS().encode(data, key, algorithm=algorithm, headers=headers or None)


def unsigned(payload: Any, alg: str = "none") -> str:
    return ".".join([packed({"alg": alg}), packed(payload), ""])


def packed(found: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(found).encode()).decode().rstrip("=")


def pem(key: Any) -> str:
    return str(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())


@dataclass
class Issuer2:
    """Of Open Badges 2.0, with its pages. What a test changes in them holds once they are published."""

    pages: Pages
    key: Any = EC_KEY
    algorithm: str = "ES256"
    home: str = field(default_factory=lambda: f"/{uuid4()}")
    revoked: list[Any] = field(default_factory=list)

    def url(self, name: str) -> str:
        return f"{self.pages.origin}{self.home}/{name}"

    def publish(self, key: dict[str, Any] | None = None, **profile: Any) -> "Issuer2":
        put = self.pages.put_json
        owner = {
            "type": "CryptographicKey",
            "id": self.url("key"),
            "owner": self.url("issuer"),
            "publicKeyPem": pem(self.key),
        }
        put(f"{self.home}/key", owner | (key or {}))
        put(
            f"{self.home}/badge",
            {"type": "BadgeClass", "id": self.url("badge"), "name": NAME, "issuer": self.url("issuer")},
        )
        shown = {"type": "Issuer", "id": self.url("issuer"), "name": "Example Academy", "publicKey": [self.url("key")]}
        put(f"{self.home}/issuer", shown | {"revocationList": self.url("revoked")} | profile)
        put(
            f"{self.home}/revoked",
            {"type": "RevocationList", "issuer": self.url("issuer"), "revokedAssertions": self.revoked},
        )
        return self

    def assertion(self, email: str, **changes: Any) -> dict[str, Any]:
        return {
            "@context": "https://w3id.org/openbadges/v2",
            "id": f"urn:uuid:{uuid4()}",
            "type": "Assertion",
            "recipient": {"type": "email", "hashed": True, "salt": SALT, "identity": hashed(email)},
            "badge": self.url("badge"),
            "verification": {"type": "SignedBadge", "creator": self.url("key")},
            "issuedOn": in_days(-10),
            "expires": in_days(10),
        } | changes

    def badge(self, email: str, **changes: Any) -> str:
        return sign(self.assertion(email, **changes), self.key, self.algorithm)


@dataclass
class Issuer3:
    """Of Open Badges 3.0. `issuer_id` is a `did:key`, or a URL whose server has a set of keys."""

    key: Any
    algorithm: str
    issuer_id: str

    @classmethod
    def of_did(cls, key: Any, algorithm: str) -> "Issuer3":
        return cls(key, algorithm, did(key))

    def credential(self, email: str, **changes: Any) -> dict[str, Any]:
        identity = {
            "type": "IdentityObject", "identityType": "emailAddress", "hashed": True, "salt": SALT, "identityHash": hashed(email),
        }  # fmt: skip
        return {
            "@context": [
                "https://www.w3.org/ns/credentials/v2",
                "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            ],
            "id": f"urn:uuid:{uuid4()}",
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "issuer": {"id": self.issuer_id, "type": ["Profile"], "name": "Example Academy"},
            "validFrom": in_days(-10),
            "validUntil": in_days(10),
            "credentialSubject": {
                "type": ["AchievementSubject"],
                "identifier": [identity],
                "achievement": {"id": "urn:x", "type": ["Achievement"], "name": NAME},
            },
        } | changes

    def badge(self, email: str, claims: dict[str, Any] | None = None, wrapped: bool = False, **changes: Any) -> str:
        credential = self.credential(email, **changes)
        payload = ({"vc": credential} if wrapped else credential) | {"iss": self.issuer_id} | (claims or {})
        kid = f"{self.issuer_id}#{self.issuer_id.removeprefix('did:key:')}"
        return sign(payload, self.key, self.algorithm, **({"kid": kid} if self.issuer_id.startswith("did:") else {}))


def did(key: Any) -> str:
    public = key.public_key()
    if isinstance(public, ed25519.Ed25519PublicKey):
        raw = b"\xed\x01" + public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    elif isinstance(public, rsa.RSAPublicKey):
        raw = b"\x85\x24" + public.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    else:
        raw = b"\x80\x24" + public.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    number, letters = int.from_bytes(raw, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        letters = BASE58[rest] + letters
    return f"did:key:z{letters}"


def jwk(key: Any, algorithm: str, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True)
    return found | more


def in_png(token: str, keyword: bytes = b"openbadges", packed: bool = False) -> bytes:
    """A picture of one point, with the badge in an iTXt chunk."""
    text = zlib.compress(token.encode()) if packed else token.encode()
    flags = b"\1\0" if packed else b"\0\0"
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"iTXt", keyword + b"\0" + flags + b"\0\0" + text),
        (b"IDAT", zlib.compress(b"\0\0")),
        (b"IEND", b""),
    ]
    chunks = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def in_svg(token: str, version: int = 2, as_text: bool = False) -> str:
    namespace = "http://openbadges.org" if version == 2 else "https://purl.imsglobal.org/ob/v3p0"
    element = "assertion" if version == 2 else "credential"
    inside = (
        f"<openbadges:{element}><![CDATA[ {token} ]]></openbadges:{element}>"
        if as_text
        else f'<openbadges:{element} verify="{token}"/>'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="{namespace}">'
        f'{inside}<circle r="4"/></svg>'
    )
