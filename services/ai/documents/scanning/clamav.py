"""ClamAV's daemon over a plain socket: the INSTREAM command of clamd(8). Whatever is not a clear answer counts as no answer."""

import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

CHUNK_BYTES = 1 << 16
MAX_REPLY_BYTES = 1 << 12


class ScannerDown(Exception):
    """The scanner is configured and gave no verdict: away, too slow, out of memory, or talking nonsense."""


@dataclass(frozen=True, slots=True)
class ClamAV:
    """`address` is `host:port`, or the path of a local socket; `seconds` the longest one file may take."""

    address: str
    seconds: float = 30.0

    def check(self, data: bytes) -> str | None:
        """The name of what was found, None for clean. Raises ScannerDown."""
        reply = self._ask(b"zINSTREAM\0", _chunks(data))
        if reply == "stream: OK":
            return None
        if reply.startswith("stream: ") and reply.endswith(" FOUND"):
            return reply[len("stream: ") : -len(" FOUND")]
        raise ScannerDown(f"clamd at {self.address} answered {reply[:200]!r}")

    def ping(self) -> None:
        """Raises ScannerDown."""
        if (reply := self._ask(b"zPING\0", iter(()))) != "PONG":
            raise ScannerDown(f"clamd at {self.address} answered {reply[:200]!r}")

    def _ask(self, command: bytes, chunks: Iterator[bytes]) -> str:
        deadline = time.monotonic() + self.seconds
        try:
            with self._connected() as connection:
                self._send(connection, command, chunks, deadline)
                return self._reply(connection, deadline)
        except OSError as error:
            raise ScannerDown(f"clamd at {self.address}: {error or type(error).__name__}") from error

    @contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        host, colon, port = self.address.rpartition(":")
        if self.address.startswith("/"):
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(self.seconds)
                connection.connect(self.address)
                yield connection
        elif colon and port.isdecimal():
            with socket.create_connection((host.strip("[]"), int(port)), self.seconds) as connection:
                yield connection
        else:
            raise ScannerDown(f"{self.address!r} is neither host:port nor the path of a socket")

    def _send(self, connection: socket.socket, command: bytes, chunks: Iterator[bytes], deadline: float) -> None:
        """A daemon that stops taking, because its limit is reached, says so before it hangs up: read that instead."""
        try:
            connection.sendall(command)
            for chunk in chunks:
                connection.settimeout(_left(deadline))
                connection.sendall(chunk)
        except (BrokenPipeError, ConnectionResetError):
            return

    def _reply(self, connection: socket.socket, deadline: float) -> str:
        reply = b""
        while not reply.endswith(b"\0") and len(reply) < MAX_REPLY_BYTES:
            connection.settimeout(_left(deadline))
            if not (got := connection.recv(MAX_REPLY_BYTES)):
                break
            reply += got
        if not reply.endswith(b"\0"):
            raise ScannerDown(f"clamd at {self.address} hung up in the middle of {reply[:200]!r}")
        return reply[:-1].decode(errors="replace")


def _chunks(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), CHUNK_BYTES):
        chunk = data[start : start + CHUNK_BYTES]
        yield struct.pack(">I", len(chunk)) + chunk
    yield struct.pack(">I", 0)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("no answer in time")
    return left
