"""Certificates of our own authority, as strict clients check them."""

import asyncio
import ssl
from pathlib import Path

import pytest
from cryptography import x509

from services.kit.certificates import create_authority, issue


def context(folder: Path, purpose: ssl.Purpose) -> ssl.SSLContext:
    found = ssl.create_default_context(purpose, cafile=folder / "ca.pem")
    found.verify_flags |= ssl.VERIFY_X509_STRICT
    found.verify_mode = ssl.CERT_REQUIRED
    return found


async def connect(ours: Path, theirs: Path) -> None:
    """To a server with a certificate from `theirs`, as a client of `ours`; each shows one."""
    server, client = context(theirs, ssl.Purpose.CLIENT_AUTH), context(ours, ssl.Purpose.SERVER_AUTH)
    server.load_cert_chain(theirs / "edge.pem", theirs / "edge-key.pem")
    client.load_cert_chain(ours / "user.pem", ours / "user-key.pem")
    async with await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=server) as listening:
        port = listening.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=client, server_hostname="localhost")
        await reader.read()
        writer.close()


@pytest.fixture
def authorities(tmp_path: Path) -> tuple[Path, Path]:
    folders = (tmp_path / "one", tmp_path / "other")
    for folder in folders:
        create_authority(folder)
        for name in ("user", "edge"):
            issue(folder, name)
    return folders


async def test_a_strict_client_and_server_trust_each_other(authorities: tuple[Path, Path]) -> None:
    await connect(authorities[0], authorities[0])


async def test_another_authority_is_not_trusted(authorities: tuple[Path, Path]) -> None:
    with pytest.raises(ssl.SSLError):
        await connect(*authorities)


def test_a_certificate_names_its_identity_and_its_key_is_private(authorities: tuple[Path, Path]) -> None:
    certificate = x509.load_pem_x509_certificate((authorities[0] / "user.pem").read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.UniformResourceIdentifier) == ["spiffe://skillsync/user"]
    assert (authorities[0] / "user-key.pem").stat().st_mode & 0o777 == 0o600
