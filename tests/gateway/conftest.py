"""Real Envoys, with the laptop's configuration or a change of it, each before five real servers."""

import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.contract import SERVICES, Contract
from gateway.envoy import repository_contract
from gateway.target import Address, Target, laptop
from services.embedded.envoy import envoy
from services.embedded.program import until
from services.kit.certificates import create_authority, issue
from services.stack.ports import choose
from tests.gateway.backends import Backends, running_backends


@dataclass
class Gateway:
    """Where the gateway listens, who is behind it, and what it writes."""

    edge: Address
    mesh: Address
    admin: Address
    backends: Backends
    certificates: Path
    log: Path
    rest: httpx.AsyncClient

    def signed_in(self) -> dict[str, str]:
        """The header of somebody with a good token."""
        return {"authorization": f"Bearer {self.backends.keys.token()}"}

    def logged(self) -> list[dict[str, Any]]:
        """The requests of the edge in the access log; Envoy writes the last ones when it ends."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if line["log"] == "access.edge"]


StartGateway = Callable[..., AbstractAsyncContextManager[Gateway]]


@pytest.fixture(scope="session")
def contract() -> Contract:
    return repository_contract()


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificates")
    create_authority(folder)
    for name in (*SERVICES, "gateway", "edge"):
        issue(folder, name)
    return folder


@pytest.fixture(scope="session")
async def gateway(
    contract: Contract, certificates: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Gateway]:
    """One for all tests that do not need another."""
    folder = tmp_path_factory.mktemp("envoy")
    page = folder / "openapi.yaml"
    page.write_text("openapi: 3.1.0\n")
    async with running_gateway(contract, certificates, folder, public_files={"/openapi.yaml": page}) as found:
        yield found


@pytest.fixture
def start_gateway(contract: Contract, certificates: Path, tmp_path: Path) -> StartGateway:
    """Starts a gateway of the test's own; takes the fields of Target that are to be different."""
    return partial(running_gateway, contract, certificates, tmp_path)


@asynccontextmanager
async def running_gateway(
    contract: Contract, certificates: Path, folder: Path, **changes: Any
) -> AsyncIterator[Gateway]:
    # Names without a preferred port: the one that people type may be wanted by another stack at this moment.
    edge, mesh, admin = (Address("127.0.0.1", port) for port in choose(("one", "two", "three"), {}, {}).values())
    async with running_backends(certificates) as backends:
        usual = laptop(certificates=certificates, upstreams=backends.addresses, edge=edge, mesh=mesh, admin=admin)
        target = replace(usual, **changes)
        program = envoy(target, contract, folder, folder / "envoy.log")
        await program.start()
        try:
            async with _client(target, certificates) as rest:
                await until(partial(_serves, target, rest), seconds=60)
                yield Gateway(target.edge, target.mesh, target.admin, backends, certificates, program.log, rest)
        finally:
            await program.stop()


def _client(target: Target, certificates: Path) -> httpx.AsyncClient:
    scheme = "https" if target.edge_identity else "http"
    authority = ssl.create_default_context(cafile=certificates / "ca.pem")
    return httpx.AsyncClient(base_url=f"{scheme}://{target.edge}", timeout=60, verify=authority)


async def _serves(target: Target, rest: httpx.AsyncClient) -> bool:
    """Every service is healthy and tokens can be checked. Asks nothing that a rate limit counts."""
    fetched = await rest.get(f"http://{target.admin}/stats?filter=jwks_fetch_success")
    return int(fetched.text.split(":")[1]) > 0 and (await rest.get("/readyz")).status_code == 200
