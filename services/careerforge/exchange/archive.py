"""ZIP archives from outside: only parts we name are read, and none beyond its limit."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath

from services.careerforge.exchange.findings import refused, shown

MOST_PARTS = 2000
MOST_PART_BYTES, MOST_BYTES = 4 << 20, 16 << 20
# Others can pack a part of nothing into next to nothing, and LinkedIn uses none.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_AGAIN = "request and download the archive again"


def parts(data: bytes, wanted: Mapping[str, str]) -> dict[str, bytes]:
    """Contents by the values of `wanted`, whose keys are names of files in lower case, in whatever folder. Raises InvalidArgument."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = archive.infolist()
    # Besides BadZipFile, zipfile lets through what foreign bytes make of names, versions and offsets.
    except Exception:
        raise refused("", f"the ZIP file is damaged or ends too early; {_AGAIN}", "FILE_TRUNCATED") from None
    if len(infos) > MOST_PARTS:
        raise refused(
            "",
            f"the ZIP file has {len(infos):,} parts, {MOST_PARTS:,} are possible; take the smaller archive",
            limit=str(MOST_PARTS),
        )
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    for info in infos:
        key = wanted.get(PurePosixPath(info.filename.replace("\\", "/")).name.lower())
        if key is None or info.is_dir():
            continue
        if key in found:
            raise refused(shown(info.filename), f"stands twice in the ZIP file; {_AGAIN}")
        found[key] = _read(archive, info, min(MOST_PART_BYTES, left))
        left -= len(found[key])
    return found


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    name = shown(info.filename)
    if info.flag_bits & 0x1:
        raise refused(name, "is protected by a password; pack the files again without one")
    if info.compress_type not in _METHODS:
        raise refused(name, f"is packed in a way that LinkedIn does not use; {_AGAIN}")
    try:
        with archive.open(info) as part:
            # What the directory says of its size may be a lie.
            content = part.read(most + 1)
    # Of which contents, checksum or packing do not hold.
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError):
        raise refused(name, f"is damaged; {_AGAIN}", "FILE_TRUNCATED") from None
    if len(content) > most:
        raise refused(name, f"unpacks to more than {most:,} bytes; no profile is as long: {_AGAIN}", limit=str(most))
    return content
