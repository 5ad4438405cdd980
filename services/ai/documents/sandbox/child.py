"""The sandbox's processes: one that has the readers loaded and sees nobody's file, and its forks, each of which has one file and ends.

The first speaks with the pool over a socket: 9 bytes a message, a letter and the number of a child. `F` comes with a socket of the new
child's own; `K` ends a child; `N` gives it the time for a new task. It ends with its pool, however that ends, and its children with it.

A child is sent its file first, once, and then a letter for each task.
"""

import gc
import importlib
import io
import json
import os
import signal
import socket
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from types import ModuleType

from services.ai.documents.document import DocumentError, Kind
from services.ai.documents.sandbox import answers, confinement

ORDER = struct.Struct("<cQ")
FORK, KILL, RENEW = b"F", b"K", b"N"
FILE = struct.Struct("<16pQ")
READ, INSPECT = b"R", b"I"
ANSWER = struct.Struct("<cQ")
DOCUMENT, PARTS, ERROR, TO_RECOGNITION = b"D", b"P", b"E", b"R"
READY = b"!"

# Loaded in the process for recognition only: they weigh more than everything else together.
RECOGNITION_PACKAGES = ("rapidocr", "onnxruntime")


def main(descriptor: int, reader_name: str, recognition: bool) -> None:
    """Says once what the kernel lacks, as a line of JSON; then forks and kills as it is told."""
    control = socket.socket(fileno=descriptor)
    lacking = confinement.leave_network()
    reader = warm(reader_name, recognition)
    mapped = confinement.mapped_bytes()
    lacking += confinement.leave_files(("services.ai", reader_name))
    if not recognition:
        for name in RECOGNITION_PACKAGES:
            sys.modules.setdefault(name, None)  # type: ignore[arg-type]
    gc.collect()
    gc.freeze()
    control.sendall(json.dumps({"lacking": lacking, "locked": _can_lock()}).encode() + b"\n")
    limits = confinement.limits(recognition)
    obey(control, limits, lambda connection: serve(connection, reader, limits, mapped))


def warm(reader_name: str, recognition: bool) -> ModuleType:
    """Does now what every child would do first."""
    reader = importlib.import_module(reader_name)
    reader.preload()
    if recognition:
        # Models are loaded when the first letters are read; these are ours.
        with suppress(DocumentError):
            reader.read(_some_letters(), Kind.PNG)
    return reader


def _some_letters() -> bytes:
    from PIL import Image, ImageDraw

    image, stream = Image.new("L", (400, 120), 255), io.BytesIO()
    ImageDraw.Draw(image).text((20, 30), "SkillSync", fill=0, font_size=48)
    image.save(stream, "PNG")
    return stream.getvalue()


def _can_lock() -> bool:
    confinement.prepare()
    pid = os.fork()
    if not pid:
        with suppress(OSError):
            confinement.lock()
            os._exit(0)
        os._exit(1)
    return os.waitpid(pid, 0)[1] == 0


def obey(control: socket.socket, limits: confinement.Limits, serve_one: Callable[[socket.socket], None]) -> None:
    """Until the other side is gone. A number stands for a child until that is reaped here, so no foreign process is ever hit."""
    children: dict[int, int] = {}
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, ORDER.size, 1)
        _reap(children)
        if len(message) < ORDER.size:
            return
        order, number = ORDER.unpack(message)
        if order == FORK:
            connection = socket.socket(fileno=descriptors[0])
            children[number] = _fork(control, connection, serve_one)
            connection.close()
        elif order == KILL and number in children:
            os.kill(children[number], signal.SIGKILL)
        elif number in children:
            confinement.renew(children[number], limits)


def _reap(children: dict[int, int]) -> None:
    for number, pid in list(children.items()):
        if os.waitpid(pid, os.WNOHANG)[0]:
            del children[number]


def _fork(control: socket.socket, connection: socket.socket, serve_one: Callable[[socket.socket], None]) -> int:
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        confinement.end_with(parent)
        control.close()
        serve_one(connection)
        status = 0
    finally:
        os._exit(status)


def serve(connection: socket.socket, reader: ModuleType, limits: confinement.Limits, mapped: int) -> None:
    """One file: limits first, then the file, then an answer to each task."""
    gc.disable()
    _silence(connection)
    connection.sendall(READY)
    head = receive(connection, FILE.size)
    if not head:
        return
    kind_name, length = FILE.unpack(head)
    kind = Kind[kind_name.decode()]
    confinement.limit(limits, mapped)
    confinement.lock()
    data = receive(connection, length)
    for _ in range(limits.tasks):
        if task := receive(connection, 1):
            send(connection, _answer(task, kind, data, reader))


def _silence(connection: socket.socket) -> None:
    """No descriptor is left but the connection: libraries complain on standard error, and a log is no place for a file's words."""
    for descriptor in (1, 2):
        os.dup2(0, descriptor)
    own = connection.fileno()
    os.closerange(3, own)
    os.closerange(own + 1, 1024)


def receive(connection: socket.socket, length: int) -> bytes:
    """Exactly so many bytes; none when the other side has gone. By plain reading: the calls for sockets are refused by now."""
    data = bytearray(length)
    view = memoryview(data)
    place = 0
    while place < length:
        got = os.readv(connection.fileno(), [view[place:]])
        if not got:
            return b""
        place += got
    return bytes(data)


def send(connection: socket.socket, answer: bytes) -> None:
    rest = memoryview(answer)
    while rest:
        rest = rest[os.write(connection.fileno(), rest) :]


def _answer(task: bytes, kind: Kind, data: bytes, reader: ModuleType) -> bytes:
    letter, content = _done(task, kind, data, reader)
    return ANSWER.pack(letter, len(content)) + content


def _done(task: bytes, kind: Kind, data: bytes, reader: ModuleType) -> tuple[bytes, bytes]:
    try:
        if task == INSPECT:
            return PARTS, answers.pack_parts(reader.inspect(data, kind))
        return DOCUMENT, answers.pack_document(reader.read(data, kind))
    except DocumentError as error:
        return ERROR, answers.pack_error(error)
    except MemoryError:
        return ERROR, answers.pack_error(
            DocumentError("FILE_UNREADABLE", "the file needs more memory than a resume should")
        )
    except ImportError as error:
        if any(name in str(error) for name in RECOGNITION_PACKAGES):
            return TO_RECOGNITION, b""
        raise
    # What a library raises at foreign bytes is anything; the file is at fault, and this process ends with it.
    except Exception:
        return ERROR, answers.pack_error(DocumentError("FILE_UNREADABLE", answers.DAMAGED))
