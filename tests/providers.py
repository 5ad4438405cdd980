"""Somebody who vouches for people, on this machine: a real OpenID Connect provider, and a server that speaks as GitHub does."""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from oidc_provider_mock import run_server_in_thread

CLIENT, SECRET = "skillsync", "a secret of this installation"


@dataclass
class OpenId:
    """`acme`. Its own page asks who somebody is; `vouch` answers that."""

    url: str

    def person(self, uid: str, **claims: Any) -> None:
        httpx.put(f"{self.url}/users/{uid}", json=claims, trust_env=False).raise_for_status()

    def vouch(self, authorization_url: str, uid: str) -> dict[str, str]:
        """What the browser comes back with, after `uid` agreed."""
        answer = httpx.post(authorization_url, data={"sub": uid}, trust_env=False)
        return _query(answer.headers["location"])


@dataclass
class GitHubLike:
    """`github`, with PKCE checked."""

    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    codes: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    url: str = ""

    def vouch(self, authorization_url: str, uid: str) -> dict[str, str]:
        code, query = secrets.token_urlsafe(8), _query(authorization_url)
        self.codes[code] = (uid, query)
        return {"code": code, "state": query["state"]}

    def trade(self, form: dict[str, str]) -> dict[str, str]:
        uid, asked = self.codes.pop(form["code"], ("", {}))
        challenge = (
            base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        )
        good = (
            asked.get("code_challenge") == challenge
            and asked["redirect_uri"] == form["redirect_uri"]
            and (form["client_id"], form["client_secret"]) == (CLIENT, SECRET)
        )
        return {"access_token": uid} if good else {"error": "bad_verification_code"}


@dataclass
class Providers:
    openid: OpenId
    github: GitHubLike

    @property
    def setting(self) -> str:
        """SKILLSYNC_OIDC_PROVIDERS."""
        client = {"client_id": CLIENT, "client_secret": SECRET}
        acme = {"name": "acme", "display_name": "Acme", "issuer": self.openid.url}
        return json.dumps([acme | client, {"name": "github", "issuer": self.github.url} | client])


@contextmanager
def running_providers() -> Iterator[Providers]:
    with run_server_in_thread(require_nonce=True) as openid, _running_github() as github:
        yield Providers(OpenId(f"http://localhost:{openid.server_port}"), github)


@contextmanager
def _running_github() -> Iterator[GitHubLike]:
    github = GitHubLike()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/login/oauth/access_token"
            form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
            self._answer(github.trade({key: values[0] for key, values in form.items()}))

        def do_GET(self) -> None:
            person = github.people[self.headers["authorization"].removeprefix("Bearer ")]
            self._answer({"/api/v3/user": person["user"], "/api/v3/user/emails": person["emails"]}[self.path])

        def _answer(self, value: Any) -> None:
            body = json.dumps(value).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    github.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield github
    server.shutdown()
    server.server_close()


def _query(url: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
