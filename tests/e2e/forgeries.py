"""Access tokens that are not ours, or not any more, or not for here.

Made from a good one and the public keys, as an attacker could, and with our own key, as a mistake of ours could.
"""

import base64
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from services.user.keys import SigningKey

EDGE, SERVICES = "edge", "services"
BOTH = frozenset({EDGE, SERVICES})


@dataclass(frozen=True)
class Forgery:
    """`refused_by`: who must refuse it. The gateway does not read some claims that the services read."""

    what: str
    token: str
    refused_by: frozenset[str] = BOTH


def forgeries(good: str, ours: SigningKey) -> Iterator[Forgery]:
    header, claims = jwt.get_unverified_header(good), jwt.decode(good, options={"verify_signature": False})
    forge = _Forge(header, claims, ours)
    yield from forge.without_signature(good)
    yield from forge.with_public_key_as_secret()
    yield from forge.with_keys_of_others()
    yield from forge.with_keys_in_the_header()
    yield from forge.with_other_kids()
    yield from forge.with_wrong_claims()
    yield from forge.in_pieces(good)
    yield from forge.with_flipped_bits(good)


class _Forge:
    def __init__(self, header: dict[str, Any], claims: dict[str, Any], ours: SigningKey) -> None:
        self.header, self.claims, self.ours = header, claims, ours
        self.own = ed25519.Ed25519PrivateKey.generate()

    def without_signature(self, good: str) -> Iterator[Forgery]:
        body, signature = good.rsplit(".", 1)
        payload = body.split(".")[1]
        for algorithm in ("none", "None", "NONE", "nOnE", "", None, "null", "n\u006fne ", "NoNe"):
            for kid in (self.header["kid"], None):
                head = _encoded({"typ": "JWT", "alg": algorithm} | ({"kid": kid} if kid else {}))
                for what, ending in (("empty", ""), ("old", signature), ("some", _b64(b"x" * 64))):
                    yield Forgery(f"alg {algorithm!r}, {what} signature, kid {bool(kid)}", f"{head}.{payload}.{ending}")
        yield Forgery("no alg at all", f"{_encoded({'typ': 'JWT'})}.{payload}.{signature}")

    def with_public_key_as_secret(self) -> Iterator[Forgery]:
        public = self.ours.private.public_key()
        pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        jwk = {"kty": "OKP", "crv": "Ed25519", "x": self.ours.x}
        secrets = {
            "PEM": pem,
            "PEM without newline": pem.strip(),
            "DER": public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo),
            "raw": public.public_bytes_raw(),
            "x": self.ours.x.encode(),
            "JWK": json.dumps(jwk).encode(),
            "compact JWK": json.dumps(jwk, separators=(",", ":")).encode(),
            "kid": self.header["kid"].encode(),
            "nothing": b"",
            "a word": b"secret",
        }
        for algorithm, digest in (("HS256", hashes.SHA256()), ("HS384", hashes.SHA384()), ("HS512", hashes.SHA512())):
            for what, secret in secrets.items():
                signing = self._signing({"alg": algorithm})
                mac = hmac.HMAC(secret, digest)
                mac.update(signing.encode())
                yield Forgery(f"{algorithm} with {what} of the public key", f"{signing}.{_b64(mac.finalize())}")

    def with_keys_of_others(self) -> Iterator[Forgery]:
        small, curve = rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP256R1())
        for algorithm in ("RS256", "RS384", "RS512", "PS256", "ES256", "EdDSA", "Ed25519", "ES384", "ES256K"):
            signing = self._signing({"alg": algorithm})
            signatures = {
                "an RSA key": small.sign(signing.encode(), padding.PKCS1v15(), hashes.SHA256()),
                "an EC key": curve.sign(signing.encode(), ec.ECDSA(hashes.SHA256())),
                "an Ed25519 key": self.own.sign(signing.encode()),
            }
            for what, signature in signatures.items():
                yield Forgery(f"{algorithm} by {what} under our kid", f"{signing}.{_b64(signature)}")
        for algorithm in ("RS256", "ES256", "HS256", "none", "eddsa", "EDDSA", "Ed448", "EdDSA "):
            yield Forgery(f"our signature, called {algorithm}", self._ours({"alg": algorithm}))

    def with_keys_in_the_header(self) -> Iterator[Forgery]:
        x = _b64(self.own.public_key().public_bytes_raw())
        jwk = {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": self.header["kid"], "alg": "EdDSA", "use": "sig"}
        for extra in (
            {"jwk": jwk}, {"jwk": jwk, "kid": "own"}, {"jku": "http://127.0.0.1:1/jwks"}, {"jku": "https://example.org/jwks"},
            {"x5u": "https://example.org/cert"}, {"x5c": [x]}, {"x5t": x}, {"x5t#S256": x}, {"jwks": {"keys": [jwk]}},
            {"crit": ["exp"]}, {"crit": []}, {"b64": False, "crit": ["b64"]}, {"zip": "DEF"}, {"cty": "JWT"},
            {"alg": ["EdDSA", "none"]}, {"alg": {"name": "EdDSA"}}, {"typ": "at+jwt"},
        ):  # fmt: skip
            signing = self._signing(extra)
            yield Forgery(f"own key, header {extra}", f"{signing}.{_b64(self.own.sign(signing.encode()))}")

    def with_other_kids(self) -> Iterator[Forgery]:
        kids: list[Any] = [
            "unknown", "", "0", "../../../../dev/null", "/etc/passwd", "' or '1'='1", "x' union select 'key", "file:///dev/null",
            "https://example.org/jwks", "a" * 1000, "\u0000", "%00", "$(id)", "{{7*7}}", self.header["kid"] + "x", self.header["kid"][:-1],
            self.header["kid"].swapcase(), self.header["kid"] + "\u0000",
        ]  # fmt: skip
        for kid in kids:
            signing = self._signing({"kid": kid})
            yield Forgery(f"own key, kid {kid[:30]!r}", f"{signing}.{_b64(self.own.sign(signing.encode()))}")
            # The gateway tries all keys where no kid is named; only we could have signed it.
            yield Forgery(
                f"our key, kid {kid[:30]!r}", self._ours({"kid": kid}), BOTH if kid else frozenset({SERVICES})
            )
        for odd in (1, None, ["x"], {"x": 1}, True):
            signing = self._signing({"kid": odd})
            yield Forgery(f"own key, kid {odd!r}", f"{signing}.{_b64(self.own.sign(signing.encode()))}")

    def with_wrong_claims(self) -> Iterator[Forgery]:
        """Signed with our own key."""
        now = int(time.time())
        for issuer in (
            "",
            "skillsync ",
            "Skillsync",
            "skillsync2",
            "https://accounts.google.com",
            None,
            1,
            ["skillsync"],
            "skill",
        ):
            yield Forgery(f"iss {issuer!r}", self._ours(claims={"iss": issuer}))
        for audience in (
            "",
            "other",
            "SkillSync",
            "skillsync2",
            "skill",
            [],
            ["other"],
            ["a", "b"],
            None,
            1,
            {"skillsync": 1},
        ):
            yield Forgery(f"aud {audience!r}", self._ours(claims={"aud": audience}))
        for seconds in (0, 1, -1, now - 6, now - 60, now - 86_400, now - 10**9):
            yield Forgery(f"exp {seconds}", self._ours(claims={"exp": seconds}))
            yield Forgery(
                f"exp {seconds}.5", self._ours(claims={"exp": seconds + 0.5 if seconds < now - 7 else seconds - 1.5})
            )
        # None so soon that a slow machine has come there by then.
        for seconds in (now + 600, now + 3600, now + 86_400, now + 10**9):
            yield Forgery(f"nbf in {seconds - now} s", self._ours(claims={"nbf": seconds}))
            yield Forgery(f"iat in {seconds - now} s", self._ours(claims={"iat": seconds}), frozenset({SERVICES}))
        for odd in ("soon", "", None, [], {}):
            yield Forgery(f"exp {odd!r}", self._ours(claims={"exp": odd}), frozenset({SERVICES}))
            yield Forgery(f"nbf {odd!r}", self._ours(claims={"nbf": odd}), frozenset({SERVICES}))
            yield Forgery(f"sub {odd!r}", self._ours(claims={"sub": odd}), frozenset({SERVICES}))
            yield Forgery(f"sid {odd!r}", self._ours(claims={"sid": odd}), frozenset({SERVICES}))
        for missing in ("iss", "aud", "exp"):
            yield Forgery(f"no {missing}", self._ours(without=missing))
        for missing in ("nbf", "iat", "sub", "sid"):
            yield Forgery(f"no {missing}", self._ours(without=missing), frozenset({SERVICES}))

    def in_pieces(self, good: str) -> Iterator[Forgery]:
        head, payload, signature = good.split(".")
        raised = _encoded(self.claims | {"roles": ["ops"]})
        other = _encoded(self.claims | {"sub": "0190f3a0-0000-7000-8000-000000000000"})
        longer = _encoded(self.claims | {"exp": self.claims["exp"] + 86_400})
        odd = (
            "x", ".", "..", "...", "a.b.c", "null", "{}", "e30.e30.e30", head, f"{head}.{payload}", f"{head}.{payload}.",
            f".{payload}.{signature}", f"{head}..{signature}", f"{head}.{payload}.{signature}.{signature}",
            f"{payload}.{head}.{signature}", f"{signature}.{payload}.{head}",
            f"{head}.{payload}.{signature}.e30.e30", f"{head}{payload}{signature}", f"{head}.{raised}.{signature}",
            f"{head}.{other}.{signature}", f"{head}.{longer}.{signature}", f"{head}.{raised}.",
            f"{head}.{_b64(b'not JSON')}.{signature}", f"{_b64(b'not JSON')}.{payload}.{signature}",
            f"{head}.{_encoded({'jwt': good})}.{signature}",
            base64.b64encode(good.encode()).decode(), good.swapcase(), good[::-1], f"{good[:-3]}", good[1:],
        )  # fmt: skip
        yield from (Forgery(f"pieces {text[:20]}… ({len(text)})", text) for text in odd)
        around = (f"{good}%00", f"{good},{good}", f"{good}=", f"{good}!x", f"%{good}", f"{head}.{payload}..{signature}")
        for number, text in enumerate(around):
            # The gateway leaves out what no token can hold, finds a good one, and passes on what came: the service refuses it.
            yield Forgery(f"a good token with something around ({number})", text, frozenset({SERVICES}))
        for length in range(0, 64, 4):
            cut = base64.urlsafe_b64decode(signature + "==")[:length]
            yield Forgery(f"signature of {length} bytes", f"{head}.{payload}.{_b64(cut)}")
        for length in (1, 2, 32, 64):
            grown = base64.urlsafe_b64decode(signature + "==") + b"\0" * length
            yield Forgery(f"signature with {length} bytes more", f"{head}.{payload}.{_b64(grown)}")

    def with_flipped_bits(self, good: str) -> Iterator[Forgery]:
        chance = random.Random(11)
        parts = [base64.urlsafe_b64decode(part + "==") for part in good.split(".")]
        for place, part in enumerate(parts):
            for _ in range(70):
                bit = chance.randrange(len(part) * 8)
                flipped = bytearray(part)
                flipped[bit // 8] ^= 1 << bit % 8
                changed = [*parts[:place], bytes(flipped), *parts[place + 1 :]]
                yield Forgery(f"bit {bit} of part {place} flipped", ".".join(map(_b64, changed)))

    def _signing(self, header: dict[str, Any], claims: dict[str, Any] | None = None) -> str:
        return f"{_encoded(self.header | header)}.{_encoded(claims or self.claims)}"

    def _ours(
        self, header: dict[str, Any] | None = None, claims: dict[str, Any] | None = None, without: str | None = None
    ) -> str:
        said = {name: value for name, value in (self.claims | (claims or {})).items() if name != without}
        signing = self._signing(header or {}, said)
        return f"{signing}.{_b64(self.ours.private.sign(signing.encode()))}"


def _encoded(value: Any) -> str:
    return _b64(json.dumps(value, separators=(",", ":")).encode())


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
