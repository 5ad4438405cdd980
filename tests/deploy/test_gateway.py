"""The gateway as docker-compose.yml runs it, on other ports: the web app, and the keys that services check tokens with."""

import json
import re
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
from cryptography import x509

from gateway.contract import SERVICES
from gateway.envoy import repository_contract
from gateway.target import CERTIFICATES, Identity
from services.kit.auth import keys_from, verifier_of
from services.kit.certificates import create_authority
from services.kit.settings import Settings
from services.stack.prepare import prepare, target
from services.stack.servers import OPENAPI, SITE, public_files
from tests.deploy.compose import environment, service
from tests.gateway.conftest import Gateway, running_gateway

# Where containers find the gateway, and its place in the address.
JWKS_URL = environment("billing")["SKILLSYNC_JWKS_URL"]
HOST = urlsplit(JWKS_URL).hostname or ""
# Of a target, what says where it is; all else is as in compose.
PLACE = {"identity", "upstreams", "discovery", "edge", "mesh", "admin", "metrics"}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    prepare(folder)
    return folder


@pytest.fixture(scope="module")
async def gateway(prepared: Path) -> AsyncIterator[Gateway]:
    certificates = prepared / "certificates"
    changes: dict[str, Any] = {k: v for k, v in vars(target(prepared / "gateway")).items() if k not in PLACE}
    changes["edge_identity"] = Identity.named("edge", certificates)
    async with running_gateway(repository_contract(), certificates, prepared, **changes) as found:
        yield found


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name leads to this machine, as each container's leads to it."""
    found = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **more: found("127.0.0.1", *rest, **more))


def keys_url(gateway: Gateway, host: str = HOST) -> str:
    """The address that services are given, with the port of this gateway."""
    return re.sub(r"//[^/]+", f"//{host}:{gateway.edge.port}", JWKS_URL)


def names(certificate: Path) -> list[str]:
    """The host names that it is good for."""
    extensions = x509.load_pem_x509_certificate(certificate.read_bytes()).extensions
    found = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return found.get_values_for_type(x509.DNSName)


@pytest.mark.usefixtures("network")
async def test_a_token_is_checked_with_the_keys_behind_the_edge(gateway: Gateway, prepared: Path) -> None:
    own = {"SKILLSYNC_JWKS_URL": keys_url(gateway), "SKILLSYNC_TLS_CA": str(prepared / "certificates" / "ca.pem")}
    verifier = verifier_of(Settings.of("billing", environment("billing") | own))
    account, now = str(uuid4()), int(time.time())
    token = gateway.backends.keys.token(sub=account, sid=str(uuid4()), iat=now, nbf=now)
    assert (await verifier.verify(token))["sub"] == account


@pytest.mark.usefixtures("network")
async def test_keys_of_a_server_with_another_authority_are_refused(gateway: Gateway, tmp_path: Path) -> None:
    create_authority(tmp_path)
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        await keys_from(keys_url(gateway), tmp_path / "ca.pem")()


@pytest.mark.usefixtures("network")
async def test_keys_of_a_server_with_another_name_are_refused(gateway: Gateway, prepared: Path) -> None:
    with pytest.raises(httpx.ConnectError, match="Hostname mismatch"):
        await keys_from(keys_url(gateway, "elsewhere"), prepared / "certificates" / "ca.pem")()


@pytest.mark.parametrize("name", SERVICES)
def test_the_gateways_certificates_have_the_names_that_services_use(prepared: Path, name: str) -> None:
    found = Settings.of(name, environment(name))
    assert urlsplit(found.jwks_url).hostname in names(prepared / "certificates" / "edge.pem")
    assert found.mesh_address.partition(":")[0] in names(prepared / "certificates" / "gateway.pem")


async def test_the_edge_serves_the_web_app_and_the_api_as_the_embedded_stack_does(gateway: Gateway) -> None:
    files = public_files(OPENAPI, SITE)
    assert {"/", "/index.html", "/openapi.yaml", "/showcase/{user_id}"} < set(files)
    for url, file in files.items():
        answer = await gateway.rest.get(url.format(user_id=uuid4()))
        assert (answer.status_code, answer.content) == (200, file.read_bytes()), url


def test_envoy_finds_its_files_in_the_volumes_it_is_given(prepared: Path) -> None:
    volumes = [volume.split(":")[1] for volume in service("gateway")["volumes"]]
    rendering = (prepared / "gateway" / "envoy.json").read_text().replace(str(prepared), str(CERTIFICATES.parent))
    read = set(re.findall(r'"filename": "([^"]+)"', json.dumps(json.loads(rendering))))
    assert [path for path in read if not any(path.startswith(f"{volume}/") for volume in volumes)] == []
    served = {path for path in read if "/public/" in path}
    assert len(served) == len(set(public_files(OPENAPI, SITE).values()))
    assert volumes == [volume.split(":")[1] for volume in service("prepare")["volumes"]]


def test_the_web_app_of_an_older_image_is_gone(tmp_path: Path) -> None:
    old = tmp_path / "public" / "assets" / "index-old.js"
    old.parent.mkdir(parents=True)
    old.touch()
    copies = target(tmp_path).public_files
    assert not old.exists()
    assert all(copy.exists() for copy in copies.values())
