"""A real Envoy with the laptop's configuration before five real servers."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from gateway.contract import SERVICES, Contract
from gateway.envoy import repository_contract
from gateway.target import Address, laptop
from services.embedded.envoy import envoy, serves_all
from services.embedded.program import until
from services.kit.certificates import create_authority, issue
from services.stack.ports import choose
from tests.gateway.backends import Backends, running_backends


@dataclass
class Gateway:
    """Where the gateway listens and who is behind it."""

    edge: Address
    mesh: Address
    backends: Backends
    certificates: Path
    rest: httpx.AsyncClient

    def signed_in(self) -> dict[str, str]:
        """The header of somebody with a good token."""
        return {"authorization": f"Bearer {self.backends.keys.token()}"}


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
    folder = tmp_path_factory.mktemp("envoy")
    page = folder / "openapi.yaml"
    page.write_text("openapi: 3.1.0\n")
    ports = {name: Address("127.0.0.1", port) for name, port in choose(("edge", "mesh", "admin"), {}, {}).items()}
    async with running_backends(certificates) as backends:
        target = laptop(
            certificates=certificates,
            upstreams=backends.addresses,
            public_files={"/openapi.yaml": page},
            **ports,
        )
        program = envoy(target, contract, folder, folder / "envoy.log")
        await program.start()
        await until(lambda: serves_all(target.edge), seconds=10)
        async with httpx.AsyncClient(base_url=f"http://{target.edge}", timeout=10) as rest:
            yield Gateway(target.edge, target.mesh, backends, certificates, rest)
        await program.stop()
