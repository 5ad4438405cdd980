"""docker-compose.yml starts what the embedded stack starts, and as safely."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.contract import SERVICES
from services.embedded.envoy import envoy_arguments
from services.stack.certificates import ensure_certificates
from services.stack.prepare import prepare

ROOT = Path(__file__).parent.parent.parent
COMMANDS = {
    "migrate": ["skillsync", "migrate"],
    "worker": ["skillsync", "work"],
    "gateway": envoy_arguments("/run/skillsync/gateway/envoy.json"),
    "prepare": ["python", "-m", "services.stack.prepare", "/run/skillsync"],
    **{service: ["python", "-m", f"services.{service}"] for service in SERVICES},
}
OURS = sorted({*COMMANDS} - {"gateway"})


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


@pytest.mark.parametrize("name", COMMANDS)
def test_the_command_is_the_stacks(compose: dict[str, Any], name: str) -> None:
    assert compose["services"][name]["command"] == COMMANDS[name]


def test_every_container_is_hardened(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["user"].split(":")[0] not in ("", "0", "root"), name


def test_what_runs_has_a_health_check(compose: dict[str, Any]) -> None:
    once = {"prepare", "migrate"}
    # A worker has no port; its jobs return to the queue when it dies.
    without = {name for name, service in compose["services"].items() if "healthcheck" not in service}
    assert without == once | {"worker"}


def test_only_the_gateway_is_published(compose: dict[str, Any]) -> None:
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["gateway"]


def test_our_programs_run_from_one_image(compose: dict[str, Any]) -> None:
    assert len({compose["services"][name]["image"] for name in OURS}) == 1


def test_no_secret_is_in_the_file(compose: dict[str, Any]) -> None:
    env = subprocess.run(["python3", str(ROOT / "deploy" / "compose_env.py")], capture_output=True, text=True).stdout
    names = {line.partition("=")[0] for line in env.splitlines()}
    text = (ROOT / "docker-compose.yml").read_text()
    assert len(names) == 11
    assert not [name for name in names if f"${{{name}:?" not in text]


def test_docker_compose_takes_the_file(tmp_path: Path) -> None:
    docker = shutil.which("docker-compose")
    if not docker:
        pytest.skip("needs docker-compose")
    environment = tmp_path / "env"
    environment.write_bytes(subprocess.check_output(["python3", str(ROOT / "deploy" / "compose_env.py")]))
    command = [docker, "-f", str(ROOT / "docker-compose.yml"), "--env-file", str(environment), "config", "--quiet"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_prepare_leaves_good_certificates_alone(tmp_path: Path) -> None:
    prepare(tmp_path)
    before = (tmp_path / "certificates" / "gateway.pem").read_bytes()
    ensure_certificates(tmp_path / "certificates")
    assert (tmp_path / "certificates" / "gateway.pem").read_bytes() == before
    assert (tmp_path / "gateway" / "envoy.json").exists()
