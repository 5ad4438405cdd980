"""docker-compose.yml starts what the embedded stack starts, and as safely."""

import re
from pathlib import Path

import pytest
import yaml
from compose_spec import PyCompose

from gateway.contract import SERVICES
from gateway.target import CERTIFICATES
from services.embedded import postgres, s3
from services.embedded.envoy import envoy_arguments
from services.stack import commands
from services.stack.certificates import ensure_certificates
from services.stack.environment import BUCKET
from services.stack.prepare import prepare
from tests.deploy.compose import FILE, compose, environment, secrets, service

# Where the containers share certificates and what Envoy reads.
SHARED = CERTIFICATES.parent
OURS = {
    "migrate": commands.MIGRATE,
    "worker": commands.WORKER,
    "prepare": ("python", "-m", prepare.__module__, str(SHARED)),
    # The stack has its mailbox within itself.
    "mailbox": ("skillsync", "mailbox"),
    **commands.SERVER,
}
OTHERS = {
    "gateway": envoy_arguments(str(SHARED / "gateway" / "envoy.json")),
    "postgres": [
        "postgres",
        *(word for name, value in postgres.SETTINGS.items() for word in ("-c", f"{name}={value}")),
    ],
    "s3": ["weed", "mini", "-dir=/data", f"-bucket={BUCKET}", "-s3.port=8333", *s3.OFF],
}
COMMANDS = {name: list(command) for name, command in {**OURS, **OTHERS}.items()}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_command_is_the_stacks(name: str) -> None:
    assert service(name)["command"] == COMMANDS[name]


def test_the_cluster_is_made_as_the_stacks() -> None:
    assert environment("postgres")["POSTGRES_INITDB_ARGS"].split() == [*postgres.INITDB]


def test_every_command_is_compared() -> None:
    # That of Valkey is a line of shell: it is run instead.
    assert set(compose()["services"]) == {*COMMANDS, "valkey"}
    assert set(SERVICES) < set(COMMANDS)


def test_every_container_is_hardened() -> None:
    for name, found in compose()["services"].items():
        assert found["read_only"] is True, name
        assert found["cap_drop"] == ["ALL"], name
        assert found["security_opt"] == ["no-new-privileges:true"], name
        assert found["user"].split(":")[0] not in ("", "0", "root"), name


def test_what_runs_has_a_health_check() -> None:
    once = {"prepare", "migrate"}
    # A worker has no port; its jobs return to the queue when it dies.
    without = {name for name, found in compose()["services"].items() if "healthcheck" not in found}
    assert without == once | {"worker"}


def test_only_the_gateway_is_published() -> None:
    assert [name for name, found in compose()["services"].items() if "ports" in found] == ["gateway"]


def test_only_the_gateway_and_who_asks_others_can_reach_out() -> None:
    assert compose()["networks"]["inside"] == {"internal": True}
    networks = {name: found["networks"] for name, found in compose()["services"].items()}
    for name in ("gateway", "worker", "user", "careerforge", "talenthub", "billing"):
        assert networks.pop(name) == ["inside", "outside"]
    # An empty list would mean compose's default network, which leads outside.
    assert set(map(tuple, networks.values())) == {("inside",)}


def test_a_new_configuration_or_web_app_reaches_a_running_gateway() -> None:
    assert service("gateway")["depends_on"]["prepare"]["restart"] is True


def test_our_programs_run_from_one_image() -> None:
    assert len({service(name)["image"] for name in OURS}) == 1


def test_no_secret_is_in_the_file() -> None:
    text = FILE.read_text()
    assert len(secrets()) == 11
    assert not [name for name in secrets() if f"${{{name}:?" not in text]


def test_the_file_is_what_the_compose_specification_takes() -> None:
    """Keys, types, units, networks; merged and with its variables, as compose reads it."""
    filled = yaml.safe_dump(compose(), width=10_000)
    assert not re.search(r"\$\{", filled)
    PyCompose.from_yaml(filled).validate()


def test_what_services_name_is_defined() -> None:
    services = compose()["services"]
    for name, found in services.items():
        assert set(found.get("depends_on", ())) <= set(services), name
        volumes = [volume for volume in found.get("volumes", ()) if isinstance(volume, str)]
        assert {volume.split(":")[0] for volume in volumes} <= set(compose()["volumes"]), name


def test_prepare_leaves_good_certificates_alone(tmp_path: Path) -> None:
    prepare(tmp_path)
    before = (tmp_path / "certificates" / "gateway.pem").read_bytes()
    ensure_certificates(tmp_path / "certificates")
    assert (tmp_path / "certificates" / "gateway.pem").read_bytes() == before
    assert (tmp_path / "gateway" / "envoy.json").exists()
