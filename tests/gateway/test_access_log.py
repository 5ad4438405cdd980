"""What the gateway writes of a request, and what it never writes."""

import grpc
from skillsync.user.v1 import user_service_pb2 as user
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from tests.gateway.conftest import StartGateway

GET_ME = "/skillsync.user.v1.UserService/GetMe"


async def test_a_rest_call_is_one_line_of_json(start_gateway: StartGateway) -> None:
    async with start_gateway() as gateway:
        answer = await gateway.rest.get("/v1/me", headers=gateway.signed_in())
    (line,) = gateway.logged()
    assert line["request_id"] == answer.headers["x-request-id"]
    assert (line["method"], line["path"], line["rpc"], line["status"]) == ("GET", "/v1/me", GET_ME, 200)
    assert (line["grpc_status"], line["upstream"], line["client"]) == ("OK", "user", "127.0.0.1")
    assert 0 <= line["duration_ms"] < 10_000
    assert line["bytes_out"] == len(answer.content)
    assert line["time"].endswith("Z")


async def test_a_native_call_and_a_refusal_have_their_path_too(start_gateway: StartGateway) -> None:
    async with start_gateway() as gateway, grpc.aio.insecure_channel(str(gateway.edge)) as channel:
        await UserServiceStub(channel).GetMe(user.GetMeRequest(), metadata=tuple(gateway.signed_in().items()))
        await gateway.rest.get("/v1/me?nope=1", headers=gateway.signed_in())
        await gateway.rest.get("/v1/nothing", headers=gateway.signed_in())
    found = {(line["method"], line["path"], line["status"]) for line in gateway.logged()}
    assert found == {("POST", GET_ME, 200), ("GET", "/v1/me", 400), ("GET", "/v1/nothing", 404)}


async def test_what_a_person_sent_is_not_in_the_log(start_gateway: StartGateway) -> None:
    async with start_gateway() as gateway:
        good = gateway.signed_in()
        await gateway.rest.post("/resume/analyze?filename=s3cret.pdf", content=b"s3cret", headers=good)
        await gateway.rest.get("/v1/me?s3cret=1", headers=good)
        await gateway.rest.get("/v1/me?page_size=s3cret", headers={**good, "cookie": "s3cret", "x-mine": "s3cret"})
        await gateway.rest.get("/v1/me", headers={"authorization": "Bearer s3cret.s3cret.s3cret"})
        await gateway.rest.post("/v1/sessions:signIn", json={"email": "s3cret@example.org", "password": "s3cret"})
        await gateway.rest.post("/v1/sessions:signIn", json={"password": {"s3cret": "s3cret"}})
        await gateway.rest.post("/v1/sessions:signIn", content='{"password": s3cret')
        await gateway.rest.post("/v1/sessions:signIn", json={"s3cret": "s3cret"})
    assert len(gateway.logged()) == 8
    everything = gateway.log.read_text()
    assert "s3cret" not in everything
    assert good["authorization"].removeprefix("Bearer ") not in everything
