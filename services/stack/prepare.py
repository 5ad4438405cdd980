"""`python -m services.stack.prepare FOLDER`: certificates, Envoy's configuration and its files for docker-compose.yml."""

import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from gateway.envoy import bootstrap, named_target, repository_contract
from gateway.target import Target
from services.stack.certificates import ensure_certificates
from services.stack.servers import OPENAPI, SITE, public_files


def prepare(folder: Path) -> None:
    """Fills `certificates/` and `gateway/` in the folder; certificates that are still good stay."""
    ensure_certificates(folder / "certificates")
    gateway = folder / "gateway"
    gateway.mkdir(exist_ok=True)
    rendering = bootstrap(target(gateway), repository_contract())
    (gateway / "envoy.json").write_text(json.dumps(rendering, indent=1))


def target(gateway: Path) -> Target:
    """With the files that the embedded stack's edge shows too, copied to where Envoy's container sees them."""
    return replace(named_target("compose"), public_files=_copied(public_files(OPENAPI, SITE), gateway / "public"))


def _copied(files: Mapping[str, Path], folder: Path) -> dict[str, Path]:
    """URL path → copy. What an older image left there is gone."""
    shutil.rmtree(folder, ignore_errors=True)
    # What is found under other names too is copied once.
    copies = {
        url: folder / (url.lstrip("/") if url.endswith(file.suffix) else file.name) for url, file in files.items()
    }
    for url, copy in copies.items():
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(files[url], copy)
    return copies


if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
