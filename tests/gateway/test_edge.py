"""What browsers and strangers meet at the edge."""

import asyncio
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.gateway.conftest import Gateway
from tests.refusals import refused_json

POSITION = "01890000-0000-7000-8000-000000000000"


async def test_a_public_method_needs_no_token(gateway: Gateway) -> None:
    answer = await gateway.rest.get("/v1/.well-known/jwks.json")
    assert answer.json()["keys"][0]["crv"] == "Ed25519"


async def test_a_good_token_is_let_in_and_passed_on(gateway: Gateway) -> None:
    answer = await gateway.rest.get("/v1/me", headers=gateway.signed_in())
    assert answer.json()["id"] == "me"
    assert gateway.backends.metadata["GetMe"]["authorization"] == gateway.signed_in()["authorization"]


async def test_no_token_is_refused_json(gateway: Gateway) -> None:
    refused_json(await gateway.rest.get("/v1/me"), 401, "TOKEN_MISSING")


async def test_an_expired_token_is_refused_json(gateway: Gateway) -> None:
    old = gateway.backends.keys.token(exp=1_700_000_000)
    refused_json(await gateway.rest.get("/v1/me", headers={"authorization": f"Bearer {old}"}), 401, "TOKEN_EXPIRED")


@pytest.mark.parametrize("claims", [{"iss": "somebody"}, {"aud": "another"}])
async def test_a_token_of_another_platform_is_refused_json(gateway: Gateway, claims: dict[str, str]) -> None:
    token = gateway.backends.keys.token(**claims)
    refused_json(await gateway.rest.get("/v1/me", headers={"authorization": f"Bearer {token}"}), 401, "TOKEN_INVALID")


async def test_a_token_signed_by_somebody_else_is_refused_json(gateway: Gateway) -> None:
    token = gateway.backends.keys.token(key=Ed25519PrivateKey.generate())
    refused_json(await gateway.rest.get("/v1/me", headers={"authorization": f"Bearer {token}"}), 401, "TOKEN_INVALID")


async def test_what_is_no_token_is_refused_json(gateway: Gateway) -> None:
    refused_json(await gateway.rest.get("/v1/me", headers={"authorization": "Bearer a.b.c"}), 401, "TOKEN_INVALID")


async def test_an_unsigned_token_is_refused_json(gateway: Gateway) -> None:
    token = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJza2lsbHN5bmMiLCJhdWQiOiJza2lsbHN5bmMiLCJleHAiOjQwMDAwMDAwMDB9."
    refused_json(await gateway.rest.get("/v1/me", headers={"authorization": f"Bearer {token}"}), 401, "TOKEN_INVALID")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "a@b.example", "nope": 1}, "nope"),
        ({"email": "a@b.example", "password": "x", "deep": {"er": 1}}, "deep"),
    ],
)
async def test_an_unknown_field_is_named(gateway: Gateway, body: dict[str, Any], field: str) -> None:
    found = refused_json(await gateway.rest.post("/v1/sessions:signIn", json=body), 400, "MALFORMED_REQUEST")
    assert found["field"] == field
    assert field in found["message"]


async def test_an_unknown_field_inside_another_is_named(gateway: Gateway) -> None:
    body = {"title": "Engineer", "start": {"year": 2020, "nope": 1}}
    answer = await gateway.rest.post("/v1/profile/experiences", json=body, headers=gateway.signed_in())
    assert refused_json(answer, 400, "MALFORMED_REQUEST")["field"] == "start.nope"


async def test_both_spellings_of_a_field_are_known(gateway: Gateway) -> None:
    for name in ("secondFactorCode", "second_factor_code"):
        body = {"email": "a@b.example", "password": "x", name: "123456"}
        refused_json(await gateway.rest.post("/v1/sessions:signIn", json=body), 401, "CREDENTIALS_INVALID")


async def test_a_wrong_type_is_named(gateway: Gateway) -> None:
    answer = await gateway.rest.post("/v1/sessions:signIn", json={"email": 5})
    assert "email" in refused_json(answer, 400, "MALFORMED_REQUEST")["message"]


@pytest.mark.parametrize("body", ['{"email": "a"', '{"email":}', "[]", "nonsense"])
async def test_broken_json_is_refused_json(gateway: Gateway, body: str) -> None:
    refused_json(await gateway.rest.post("/v1/sessions:signIn", content=body), 400, "MALFORMED_REQUEST")


async def test_deep_json_is_refused_and_harms_nobody(gateway: Gateway) -> None:
    body = '{"email":' + "[" * 100_000 + "]" * 100_000 + "}"
    refused_json(await gateway.rest.post("/v1/sessions:signIn", content=body), 400, "MALFORMED_REQUEST")


async def test_an_unknown_query_parameter_is_named(gateway: Gateway) -> None:
    answer = await gateway.rest.get("/v1/me?nope=1", headers=gateway.signed_in())
    assert "nope" in refused_json(answer, 400, "MALFORMED_REQUEST")["message"]


@pytest.mark.parametrize("path", ["/v1/nothing", "/", "/v1/me/more", "/skillsync.user.v1.UserService/GetMe"])
async def test_an_unknown_path_is_refused_json(gateway: Gateway, path: str) -> None:
    refused_json(await gateway.rest.get(path, headers=gateway.signed_in()), 404, "METHOD_UNKNOWN")


async def test_a_method_of_the_mesh_is_not_there(gateway: Gateway) -> None:
    answer = await gateway.rest.get("/v1/candidates:watch", headers=gateway.signed_in())
    refused_json(answer, 404, "METHOD_UNKNOWN")


async def test_errors_of_a_service_arrive_whole(gateway: Gateway) -> None:
    answer = await gateway.rest.post("/v1/sessions:signIn", json={"email": "a@b.example", "password": "x"})
    assert refused_json(answer, 401, "CREDENTIALS_INVALID")["a"] == "b"


async def test_a_stream_arrives_as_events_while_it_goes_on(gateway: Gateway) -> None:
    url = f"/v1/positions/{POSITION}/matches:stream"
    async with gateway.rest.stream("GET", url, headers=gateway.signed_in()) as answer:
        assert answer.headers["content-type"] == "text/event-stream"
        lines = answer.aiter_lines()
        events = [line async for line in _first(lines, 6) if line]
    assert [json.loads(event.removeprefix("data: "))["resumeToken"] for event in events] == [
        "token 0",
        "token 1",
        "token 2",
    ]
    for _ in range(100):
        if gateway.backends.open_streams == 0:
            break
        await asyncio.sleep(0.02)
    assert gateway.backends.open_streams == 0, "the service goes on for a reader that has left"


async def test_a_file_is_streamed_to_the_service(gateway: Gateway) -> None:
    for path in ("/resume/analyze", "/v1/resumes:analyze"):
        answer = await gateway.rest.post(
            f"{path}?filename=cv.pdf",
            content=b"x" * 5_000_000,
            headers={**gateway.signed_in(), "content-type": "application/pdf"},
        )
        assert answer.json()["id"] == "cv.pdf of 5000000 bytes"


async def test_a_file_far_over_the_limit_is_refused_unread(gateway: Gateway) -> None:
    reader, writer = await asyncio.open_connection(gateway.edge.host, gateway.edge.port)
    writer.write(b"POST /resume/analyze HTTP/1.1\r\nHost: edge\r\nContent-Length: 200000000\r\n\r\n")
    answer = await asyncio.wait_for(reader.readuntil(b"}]"), timeout=60)
    writer.close()
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"FILE_TOO_LARGE" in answer
    assert b"20971520" in answer


async def test_a_file_over_the_limit_reaches_the_service_that_refuses_it(gateway: Gateway) -> None:
    headers = {**gateway.signed_in(), "content-type": "application/pdf"}
    answer = await gateway.rest.post("/resume/analyze", content=b"x" * 22_000_000, headers=headers)
    assert answer.json()["id"] == " of 22000000 bytes"


async def test_a_large_body_is_refused_json(gateway: Gateway) -> None:
    content = b'{"email":"' + b"a" * 1_200_000 + b'"}'
    refused_json(await gateway.rest.post("/v1/sessions:signIn", content=content), 413, "MALFORMED_REQUEST")


async def test_a_large_body_without_length_is_refused_json(gateway: Gateway) -> None:
    async def chunks() -> Any:
        yield b'{"email":"'
        for _ in range(20):
            yield b"a" * 100_000

    refused_json(await gateway.rest.post("/v1/sessions:signIn", content=chunks()), 413, "MALFORMED_REQUEST")


async def test_health_and_public_files_are_answered_by_the_gateway(gateway: Gateway) -> None:
    assert (await gateway.rest.get("/healthz")).status_code == 200
    assert (await gateway.rest.get("/readyz")).status_code == 200
    page = await gateway.rest.get("/openapi.yaml")
    assert (page.text, page.headers["content-type"]) == ("openapi: 3.1.0\n", "application/yaml")


@pytest.mark.parametrize("path", ["/v1/%2e%2e%2fadmin", "/v1/me%2f"])
async def test_tricky_paths_are_refused_json(gateway: Gateway, path: str) -> None:
    answer = await gateway.rest.get(path, headers=gateway.signed_in())
    assert answer.status_code in (400, 404)


async def _first(lines: Any, count: int) -> Any:
    async for line in lines:
        yield line
        count -= 1
        if not count:
            return
