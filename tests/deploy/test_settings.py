"""Every program in docker-compose.yml is given the settings that it reads, and no others."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy.engine import make_url

from gateway.contract import SERVICES
from gateway.target import CERTIFICATES, EDGE_PORT, MESH_PORT, SERVICE_PORT
from services.billing.plans import read
from services.kit.settings import PREFIX, Settings
from services.migrate import OWNER
from services.stack.database import OWNER_URL, SUPERUSER_URL, service_url
from services.stack.prepare import target
from services.workers import WORKS
from tests.deploy.compose import ROOT, compose, environment, secrets, service

# A container and each service whose settings it reads.
PROGRAMS = [*((name, name) for name in SERVICES), *(("worker", name) for name in WORKS)]


def settings(container: str, name: str) -> Settings:
    return Settings.of(name, environment(container))


@pytest.mark.parametrize(("container", "name"), PROGRAMS)
def test_a_program_has_every_setting_with_a_role_and_an_identity_of_its_own(container: str, name: str) -> None:
    found = settings(container, name)
    assert make_url(found.database_url.get_secret_value()).username == name
    assert found.database_url.get_secret_value() == environment("migrate")[service_url(name)]
    assert (found.tls_cert, found.tls_key) == (CERTIFICATES / f"{name}.pem", CERTIFICATES / f"{name}-key.pem")
    assert found.tls_ca == CERTIFICATES / "ca.pem"


@pytest.mark.parametrize(("container", "name"), PROGRAMS)
def test_a_program_is_told_where_the_others_are(container: str, name: str) -> None:
    found = settings(container, name)
    database, redis = (urlsplit(url.get_secret_value()) for url in (found.database_url, found.redis_url))
    assert (database.hostname, redis.hostname, urlsplit(found.s3_endpoint).hostname) == ("postgres", "valkey", "s3")
    assert redis.password == environment("valkey")["REDIS_PASSWORD"]
    assert found.s3_access_key.get_secret_value() == environment("s3")["AWS_ACCESS_KEY_ID"]
    assert found.s3_secret_key.get_secret_value() == environment("s3")["AWS_SECRET_ACCESS_KEY"]
    assert found.mesh_address == f"gateway:{MESH_PORT}"
    assert urlsplit(found.jwks_url)[:2] == ("https", f"gateway:{EDGE_PORT}")


@pytest.mark.parametrize("name", SERVICES)
def test_a_server_listens_where_the_gateway_and_its_health_check_look(name: str) -> None:
    port = settings(name, name).listen.rpartition(":")[2]
    assert port == str(SERVICE_PORT)
    assert service(name)["healthcheck"]["test"][-1] == f"127.0.0.1:{port}"


def test_the_published_port_leads_to_the_edge() -> None:
    assert [port.rpartition(":")[2] for port in service("gateway")["ports"]] == [str(EDGE_PORT)]


def test_all_programs_seal_with_one_key() -> None:
    keys = {settings(container, name).seal_key.get_secret_value() for container, name in PROGRAMS}
    assert keys == {secrets()["SEAL_KEY"]}


def test_the_migration_knows_every_role() -> None:
    found = environment("migrate")
    assert set(found) == {SUPERUSER_URL, OWNER_URL, *map(service_url, SERVICES)}
    assert make_url(found[OWNER_URL]).username == OWNER
    assert make_url(found[SUPERUSER_URL]).password == environment("postgres")["POSTGRES_PASSWORD"]


def test_billing_sells_what_stands_in_the_file_that_is_mounted() -> None:
    (mount,) = [one for one in service("billing")["volumes"] if isinstance(one, dict)]
    assert str(settings("billing", "billing").plans) == mount["target"]
    assert read(ROOT / mount["source"]) == read()


def test_browsers_origins_reach_the_gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (name,) = environment("prepare")
    monkeypatch.setenv(name, r"https://one\.example https://two\.example")
    assert target(tmp_path).origins == (r"https://one\.example", r"https://two\.example")


@pytest.mark.parametrize("container", ["worker", *SERVICES])
def test_every_setting_is_read(container: str) -> None:
    read = {
        prefix + setting.upper()
        for owner, name in PROGRAMS
        if owner == container
        for prefix in (PREFIX, f"{PREFIX}{name.upper()}_")
        for setting in Settings.model_fields
    }
    assert set(environment(container)) <= read


def test_no_other_container_has_settings_of_ours() -> None:
    ours = {"prepare", "migrate", *(container for container, _ in PROGRAMS)}
    others = {name: environment(name) for name in set(compose()["services"]) - ours}
    # What PostgreSQL's image, our line of shell, SeaweedFS and Go read.
    assert {name: set(found) for name, found in others.items()} == {
        "gateway": set(),
        "mailbox": {"SKILLSYNC_DATA"},
        "postgres": {"POSTGRES_PASSWORD", "POSTGRES_INITDB_ARGS"},
        "valkey": {"REDIS_PASSWORD"},
        "s3": {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "GOMEMLIMIT"},
    }
