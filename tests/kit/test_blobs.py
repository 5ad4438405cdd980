"""Files in a real S3 server, and what is said when there is none."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from services.kit.blobs import Blobs
from services.kit.errors import NotFound, Unavailable
from services.kit.settings import Settings
from tests.harness import System

pytestmark = pytest.mark.usefixtures("clean")


@pytest.fixture
def blobs(system: System) -> Blobs:
    return Blobs.open(Settings.of("careerforge", system.environment))


async def test_what_is_put_is_there_until_it_is_deleted(blobs: Blobs) -> None:
    await blobs.put("kit/one", b"first")
    await blobs.copy("kit/one", "kit/two")
    await blobs.delete("kit/one")
    await blobs.delete("kit/one")
    assert await blobs.keys("kit/") == ["kit/two"]
    assert await blobs.get("kit/two") == b"first"


async def test_a_missing_file_is_not_found(blobs: Blobs) -> None:
    with pytest.raises(NotFound):
        await blobs.get("kit/missing")
    with pytest.raises(NotFound):
        await blobs.copy("kit/missing", "kit/other")


async def test_a_bucket_may_be_made_again(blobs: Blobs) -> None:
    await blobs.create_bucket()
    await blobs.check()


async def test_without_a_server_it_is_unavailable(system: System) -> None:
    environment = system.environment | {"SKILLSYNC_S3_ENDPOINT": "http://127.0.0.1:1"}
    blobs = Blobs.open(Settings.of("careerforge", environment))
    with pytest.raises(Unavailable):
        await blobs.put("kit/one", b"x")
    with pytest.raises(Unavailable):
        await blobs.check()


class _Full(BaseHTTPRequestHandler):
    """Whose disk is full, as some servers say it: with no code that we know."""

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(507)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


async def test_whatever_is_wrong_with_the_server_it_is_unavailable(system: System) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Full) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        environment = system.environment | {"SKILLSYNC_S3_ENDPOINT": f"http://127.0.0.1:{server.server_port}"}
        with pytest.raises(Unavailable):
            await Blobs.open(Settings.of("careerforge", environment)).put("kit/one", b"x")
        server.shutdown()
