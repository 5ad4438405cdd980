"""Headers: what every answer carries, what services are told, and which pages may read."""

from pathlib import Path

import httpx
import pytest

from gateway.routes import SITE_POLICY
from gateway.target import Identity
from tests.gateway.conftest import Gateway, StartGateway

ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
}
OVER_TLS = ALWAYS | {"strict-transport-security": "max-age=31536000; includeSubDomains"}
PAGE = "http://localhost:5173"


def missing(answer: httpx.Response, headers: dict[str, str]) -> dict[str, str]:
    return dict(headers.items() - answer.headers.items())


@pytest.mark.parametrize(
    ("path", "status"), [("/v1/me", 200), ("/v1/me?nope=1", 400), ("/v1/nothing", 404), ("/v1/me%2f", 400)]
)
async def test_every_answer_has_its_headers(gateway: Gateway, path: str, status: int) -> None:
    answer = await gateway.rest.get(path, headers=gateway.signed_in())
    assert (answer.status_code, missing(answer, ALWAYS)) == (status, {})
    assert "x-envoy-upstream-service-time" not in answer.headers
    assert "strict-transport-security" not in answer.headers, "a laptop speaks plain HTTP"


async def test_a_refusal_has_its_headers_too(gateway: Gateway) -> None:
    answer = await gateway.rest.get("/v1/me")
    assert (answer.status_code, missing(answer, ALWAYS)) == (401, {})
    assert answer.headers["x-request-id"]


async def test_over_tls_browsers_are_told_to_stay_there(start_gateway: StartGateway, certificates: Path) -> None:
    async with start_gateway(edge_identity=Identity.named("edge", certificates)) as gateway:
        for headers in (gateway.signed_in(), {}):
            assert missing(await gateway.rest.get("/v1/me", headers=headers), OVER_TLS) == {}


async def test_a_page_may_load_what_is_its_own_and_no_more(gateway: Gateway) -> None:
    answer = await gateway.rest.get("/openapi.yaml")
    page = ALWAYS | {"content-security-policy": SITE_POLICY, "cache-control": "no-cache"}
    assert missing(answer, page) == {}
    assert {"default-src 'self'", "frame-ancestors 'none'"} <= set(SITE_POLICY.split("; "))


async def test_a_stranger_cannot_set_what_only_the_gateway_says(gateway: Gateway) -> None:
    forged = {
        "x-forwarded-client-cert": "URI=spiffe://skillsync/matching",
        "x-skillsync-account": "admin",
        "x-envoy-original-path": "/elsewhere",
        "x-forwarded-for": "203.0.113.9",
        "x-envoy-upstream-rq-timeout-ms": "1",
    }
    await gateway.rest.get("/v1/me", headers={**gateway.signed_in(), **forged})
    seen = gateway.backends.metadata["GetMe"]
    assert "x-forwarded-client-cert" not in seen
    assert "x-skillsync-account" not in seen
    assert seen["x-forwarded-for"] == "127.0.0.1"
    assert seen["x-envoy-original-path"] == "/v1/me"


@pytest.mark.parametrize(("hops", "client"), [(0, "127.0.0.1"), (1, "198.51.100.7"), (2, "203.0.113.9")])
async def test_only_proxies_of_ours_say_where_a_client_is(start_gateway: StartGateway, hops: int, client: str) -> None:
    said = {"x-forwarded-for": "192.0.2.1, 203.0.113.9, 198.51.100.7"}
    async with start_gateway(trusted_hops=hops) as gateway:
        await gateway.rest.get("/v1/me", headers=gateway.signed_in() | said)
        assert gateway.backends.metadata["GetMe"]["x-forwarded-for"] == client
    assert [line["client"] for line in gateway.logged()] == [client]


async def test_the_request_id_reaches_the_service(gateway: Gateway) -> None:
    answer = await gateway.rest.get("/v1/me", headers=gateway.signed_in())
    assert gateway.backends.metadata["GetMe"]["x-request-id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (PAGE, True),
        ("https://evil.example", False),
        ("http://localhost.evil.example", False),
        ("http://evil.example/http://localhost", False),
        ("null", False),
    ],
)
async def test_only_known_origins_may_read(gateway: Gateway, origin: str, allowed: bool) -> None:
    asked = {"origin": origin, "access-control-request-method": "GET"}
    preflight = await gateway.rest.options("/v1/me", headers=asked)
    answer = await gateway.rest.get("/v1/me", headers={"origin": origin})
    assert (preflight.headers.get("access-control-allow-origin") == origin) is allowed
    assert (answer.headers.get("access-control-allow-origin") == origin) is allowed


@pytest.mark.parametrize("path", ["/v1/me", "/skillsync.user.v1.UserService/GetMe"])
async def test_a_page_may_ask_whatever_the_web_app_asks(gateway: Gateway, path: str) -> None:
    """A preflight carries no token, and no service hears of it."""
    gateway.backends.metadata.clear()
    asked = {
        "origin": PAGE,
        "access-control-request-method": "PATCH",
        "access-control-request-headers": "authorization",
    }
    answer = await gateway.rest.options(path, headers=asked)
    assert answer.status_code == 200
    assert listed(answer, "access-control-allow-methods") >= {"GET", "POST", "PUT", "PATCH", "DELETE"}
    assert listed(answer, "access-control-allow-headers") >= {"authorization", "content-type", "x-grpc-web"}
    assert "GetMe" not in gateway.backends.metadata


async def test_a_page_may_read_what_a_refusal_says(gateway: Gateway) -> None:
    answer = await gateway.rest.get("/v1/me", headers={"origin": PAGE})
    read = listed(answer, "access-control-expose-headers")
    assert read >= {"grpc-status", "grpc-message", "grpc-status-details-bin", "retry-after", "x-request-id"}
    assert "access-control-allow-credentials" not in answer.headers, "tokens travel in a header, not in cookies"


def listed(answer: httpx.Response, header: str) -> set[str]:
    return set(answer.headers[header].split(", "))
