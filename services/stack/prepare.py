"""`python -m services.stack.prepare FOLDER`: certificates and Envoy's configuration for docker-compose.yml."""

import json
import sys
from pathlib import Path

from gateway.envoy import bootstrap, named_target, repository_contract
from services.stack.certificates import ensure_certificates


def prepare(folder: Path) -> None:
    """Fills `certificates/` and `gateway/` in the folder; what is still good stays."""
    ensure_certificates(folder / "certificates")
    rendering = bootstrap(named_target("compose"), repository_contract())
    (folder / "gateway").mkdir(exist_ok=True)
    (folder / "gateway" / "envoy.json").write_text(json.dumps(rendering, indent=1))


if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
