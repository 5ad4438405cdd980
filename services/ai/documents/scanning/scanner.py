"""Whether a file may leave quarantine: its structure by a sandboxed child, YARA always, ClamAV if there is one; whole and in parts."""

from pathlib import Path

from services.ai.documents.document import DocumentError, Kind
from services.ai.documents.kinds import polyglot
from services.ai.documents.sandbox import File, Pool, default_pool
from services.ai.documents.scanning import yara
from services.ai.documents.scanning.clamav import ClamAV


def scan(
    data: bytes, kind: Kind, clamav: ClamAV | None = None, *, rules: Path | None = None, pool: Pool | None = None
) -> None:
    """`scan_file` of a file of which nothing else is asked. `pool` is this process's own when None."""
    with (pool or default_pool()).open(data, kind) as file:
        scan_file(file, clamav, rules=rules)


def scan_file(file: File, clamav: ClamAV | None = None, *, rules: Path | None = None) -> None:
    """Returns when nothing was found. `rules` is a folder of an operator's own `*.yar`. Blocks.

    Raises DocumentError: FILE_MALICIOUS naming what was found, FILE_ENCRYPTED, FILE_UNREADABLE. Raises ScannerDown when ClamAV gave no
    verdict, SandboxDown, BadRules: then nothing is known, and the file is as suspect as before.
    """
    polyglot.check(file.data, file.kind)
    contents = (file.data, *(content for _, content in file.inspect()))
    for content in contents:
        if found := yara.match(content, rules):
            raise _malicious(found)
    if clamav:
        for content in contents:
            if found := clamav.check(content):
                raise _malicious(found)


def _malicious(found: str) -> DocumentError:
    return DocumentError(
        "FILE_MALICIOUS", f"a scanner found {found} in the file; nobody will open it, send another file"
    )
