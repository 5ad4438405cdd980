"""The parts of a zipped document, opened within bounds."""

import io
import zipfile
import zlib
from typing import Any

from services.ai.documents.document import DocumentError

Element = Any
"""An element of lxml, which has no types."""

# No part of a resume but a picture is larger unpacked, and pictures are not read here.
MOST_PART_BYTES = 24 << 20
MOST_BYTES = 64 << 20
MOST_PARTS = 2000
# Office puts a document with a password into an OLE file, in a stream of this name.
_OLE, _ENCRYPTED_STREAM = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "EncryptedPackage".encode("utf-16-le")


class Parts:
    """Raises DocumentError: FILE_ENCRYPTED, FILE_UNREADABLE for damage and for what is too large."""

    def __init__(self, data: bytes) -> None:
        if data.startswith(_OLE) and _ENCRYPTED_STREAM in data:
            raise _encrypted()
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
            self.names = frozenset(self._archive.namelist())
        # Besides BadZipFile, zipfile lets through what foreign bytes make of names, versions and offsets.
        except Exception:
            raise damaged() from None
        if len(self._archive.infolist()) > MOST_PARTS:
            raise DocumentError("FILE_UNREADABLE", f"the file has more than {MOST_PARTS} parts; save it again as a PDF")
        if any(part.flag_bits & 1 for part in self._archive.infolist()):
            raise _encrypted()
        self._left = MOST_BYTES

    def read(self, name: str) -> bytes:
        most = min(MOST_PART_BYTES, self._left)
        try:
            with self._archive.open(name) as part:
                data = part.read(most + 1)
        # A part that is not there, or of which contents, checksum or packing do not hold.
        except (
            KeyError,
            ValueError,
            OSError,
            EOFError,
            NotImplementedError,
            RuntimeError,
            zipfile.BadZipFile,
            zlib.error,
        ):
            raise damaged() from None
        if len(data) > most:
            raise DocumentError(
                "FILE_UNREADABLE",
                f"a part of the file is larger than {MOST_PART_BYTES >> 20} MB; save it again as a PDF",
            )
        self._left -= len(data)
        return data

    def xml(self, name: str) -> Element:
        """The root of a part. No document type, no entities, no depth beyond lxml's 256."""
        from lxml import etree

        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(self.read(name), parser)
        except etree.XMLSyntaxError:
            raise damaged() from None
        if root.getroottree().docinfo.doctype:
            raise damaged()
        return root


def _encrypted() -> DocumentError:
    return DocumentError("FILE_ENCRYPTED", "the document needs a password; save it without one")


def damaged() -> DocumentError:
    return DocumentError("FILE_UNREADABLE", "the document is damaged; save it again, or export it as a PDF")
