"""What a PDF would do or carry besides being read: actions, scripts, attachments, media, forms that are programs. Runs in a child only.

Names as in ISO 32000-2, 12.6.4 (actions), 7.11.4 (embedded files), 12.5.6.15 (attachments), 12.7 (forms), 13 (media).
"""

import io
import re
import zlib
from collections.abc import Iterator

import pikepdf

from services.ai.documents.document import DocumentError

# Keys that hold a script, a file or a program wherever they stand.
ACTIVE_KEYS = {
    "/JS": "JavaScript",
    "/JavaScript": "JavaScript",
    "/EmbeddedFiles": "an embedded file",
    "/EF": "an embedded file",
    "/XFA": "an XFA form",
    "/RichMediaContent": "rich media",
    "/RichMediaSettings": "rich media",
}
# Values of /S (actions) and /Subtype (annotations) that run, open or send something.
ACTIVE_ACTIONS = {
    "/JavaScript": "JavaScript",
    "/Launch": "an action that starts a program",
    "/ImportData": "an action that imports data",
    "/SubmitForm": "an action that sends data",
    "/GoToE": "an action that opens an embedded file",
    "/Rendition": "an action that plays media",
    "/Movie": "an action that plays media",
    "/GoTo3DView": "a 3D model",
    "/RichMediaExecute": "rich media",
}
ACTIVE_SUBTYPES = {
    "/FileAttachment": "an attached file",
    "/RichMedia": "rich media",
    "/Movie": "a film",
    "/Screen": "media",
    "/3D": "a 3D model",
}
# Actions that nobody may start but a reader's own click.
BY_CLICK_ONLY = {"/URI": "opens a page by itself", "/GoToR": "opens another file by itself"}
MAX_OBJECTS, MAX_DEPTH = 500_000, 64
MAX_STREAMS, STREAM_BYTES, ALL_STREAMS_BYTES = 512, 1 << 20, 32 << 20
# One Flate inflates a thousandfold at most, and flat pictures do; Flate in Flate has no honest use at any size.
BOMB_BYTES, CHUNK_BYTES, MAX_LAYERS = 64 << 20, 1 << 16, 4
FLATE = frozenset({"/FlateDecode", "/Fl"})
# Objects without any of these names need no closer look. qpdf writes names without escapes.
SUSPECT = re.compile(
    b"|".join(
        re.escape(name.encode()) for name in ("/AA", "/OpenAction", *ACTIVE_KEYS, *ACTIVE_ACTIONS, *ACTIVE_SUBTYPES)
    )
)


def inspect(data: bytes) -> list[tuple[str, bytes]]:
    """The beginnings of its decoded streams. Raises DocumentError: FILE_ENCRYPTED, FILE_MALICIOUS naming the finding, FILE_UNREADABLE."""
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
            for found in _active(pdf):
                raise DocumentError("FILE_MALICIOUS", f"the PDF has {found}; print it to a new PDF and send that")
            return list(_parts(pdf))
    except pikepdf.PasswordError:
        raise DocumentError("FILE_ENCRYPTED", "the PDF needs a password; save it without one") from None
    # RuntimeError: a tree of pages that contradicts itself, or nests without end.
    except (pikepdf.PdfError, ValueError, RuntimeError):
        raise DocumentError("FILE_UNREADABLE", "the PDF is damaged; save or print it as a PDF again") from None


def _active(pdf: pikepdf.Pdf) -> Iterator[str]:
    if len(pdf.objects) > MAX_OBJECTS:
        raise DocumentError(
            "FILE_MALICIOUS", "the PDF has far more objects than a resume; print it to a new PDF and send that"
        )
    for item in pdf.objects:
        dictionary = item.stream_dict if isinstance(item, pikepdf.Stream) else item
        if isinstance(dictionary, pikepdf.Object) and SUSPECT.search(dictionary.unparse(resolved=True)):
            yield from _in(dictionary, 0)


def _in(item: pikepdf.Object, depth: int) -> Iterator[str]:
    """In this object and what stands in it; what it refers to has its own turn."""
    if depth > MAX_DEPTH:
        raise DocumentError(
            "FILE_MALICIOUS", "the PDF nests objects to break readers; print it to a new PDF and send that"
        )
    inner = list(item) if isinstance(item, pikepdf.Array) else []
    if isinstance(item, pikepdf.Dictionary):
        for key, value in item.items():
            yield from _at(key, value)
            inner.append(value)
    for value in inner:
        if isinstance(value, pikepdf.Object) and not value.is_indirect:
            yield from _in(value, depth + 1)


def _at(key: str, value: object) -> Iterator[str]:
    if key in ACTIVE_KEYS:
        yield ACTIVE_KEYS[key]
    elif key == "/S" and str(value) in ACTIVE_ACTIONS:
        yield ACTIVE_ACTIONS[str(value)]
    elif key == "/Subtype" and str(value) in ACTIVE_SUBTYPES:
        yield ACTIVE_SUBTYPES[str(value)]
    elif key == "/OpenAction":
        yield from _by_itself(value, 0)
    elif key == "/AA" and isinstance(value, pikepdf.Dictionary):
        for action in value.values():
            yield from _by_itself(action, 0)


def _by_itself(action: object, depth: int) -> Iterator[str]:
    """An action that nobody clicks. Going to a page is what many programs write; scripts are found wherever they stand."""
    if not isinstance(action, pikepdf.Dictionary) or depth > MAX_DEPTH:
        return
    if str(action.get("/S")) in BY_CLICK_ONLY:
        yield f"an action that {BY_CLICK_ONLY[str(action.get('/S'))]}"
    following = action.get("/Next")
    for after in list(following) if isinstance(following, pikepdf.Array) else [following]:
        yield from _by_itself(after, depth + 1)


def _parts(pdf: pikepdf.Pdf) -> Iterator[tuple[str, bytes]]:
    """Decoded streams but for pictures in their own formats, each up to 1 MiB."""
    left = ALL_STREAMS_BYTES
    streams = (item for item in pdf.objects if isinstance(item, pikepdf.Stream))
    for number, stream in enumerate(streams):
        content = _decoded(stream)
        if number < MAX_STREAMS and len(content) <= left:
            left -= len(content)
            yield f"stream {number}", content


def _decoded(stream: pikepdf.Stream) -> bytes:
    """Nothing where another filter than Flate comes first; what another filter has left where one comes later."""
    found = stream.get("/Filter")
    filters = [str(name) for name in found] if isinstance(found, pikepdf.Array) else [str(found)] * (found is not None)
    flates = next((n for n, name in enumerate(filters) if name not in FLATE), len(filters))
    if filters and not flates:
        return b""
    content = stream.read_raw_bytes()
    if flates > 1:
        _count(content, flates)
    for layer in range(flates):
        content = _inflated(content, STREAM_BYTES if layer == flates - 1 else BOMB_BYTES)
    return content[:STREAM_BYTES]


def _inflated(content: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(content, most)
    except zlib.error:
        return b""


def _count(content: bytes, layers: int) -> None:
    """Raises DocumentError when Flate in Flate grows beyond a bound, which takes no memory to find out."""
    if layers > MAX_LAYERS:
        raise _bomb()
    stack = [zlib.decompressobj() for _ in range(layers)]
    total = 0
    for start in range(0, len(content), CHUNK_BYTES):
        total += _through(stack, content[start : start + CHUNK_BYTES], BOMB_BYTES - total)
        if total >= BOMB_BYTES:
            raise _bomb()


def _through(stack: list["zlib._Decompress"], chunk: bytes, most: int) -> int:
    """How many bytes come out of the last of `stack` for `chunk`, counted up to `most`."""
    if not stack:
        return len(chunk)
    first, rest, total = stack[0], stack[1:], 0
    try:
        while chunk and total < most:
            total += _through(rest, first.decompress(chunk, CHUNK_BYTES), most - total)
            chunk = first.unconsumed_tail
    except zlib.error:
        return total
    return total


def _bomb() -> DocumentError:
    return DocumentError(
        "FILE_MALICIOUS", "the PDF unpacks to far more than a resume; print it to a new PDF and send that"
    )
