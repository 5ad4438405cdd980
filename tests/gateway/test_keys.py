"""Keys that come and go while the gateway runs."""

from datetime import timedelta
from functools import partial

from gateway.target import compose
from services.embedded.program import until
from services.user.keyring import PUBLISH_BEFORE_SIGNING, REFRESH
from tests.gateway.conftest import Gateway, StartGateway
from tests.refusals import refused_json


async def test_a_new_key_is_taken_and_a_removed_one_no_longer(start_gateway: StartGateway) -> None:
    async with start_gateway() as gateway:
        keys = gateway.backends.keys
        keys.add("second")
        old, new = keys.token("first"), keys.token("second")
        await until(partial(is_let_in, gateway, new), seconds=60)
        assert await is_let_in(gateway, old)
        keys.remove("first")
        await until(partial(is_refused, gateway, old), seconds=60)
        assert await is_let_in(gateway, new)


def test_every_gateway_knows_a_key_before_it_signs() -> None:
    assert timedelta(seconds=compose().keys_seconds) + REFRESH < PUBLISH_BEFORE_SIGNING


async def is_let_in(gateway: Gateway, token: str) -> bool:
    answer = await gateway.rest.get("/v1/me", headers={"authorization": f"Bearer {token}"})
    return answer.status_code == 200


async def is_refused(gateway: Gateway, token: str) -> bool:
    answer = await gateway.rest.get("/v1/me", headers={"authorization": f"Bearer {token}"})
    if answer.status_code == 200:
        return False
    refused_json(answer, 401, "TOKEN_INVALID")
    return True
