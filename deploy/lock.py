"""Resolves pyproject.toml into the locks that `make setup` installs from (`make lock`, some minutes).

torch is the one package with two builds under one version. PyPI's Linux build needs CUDA libraries that the CPU build does not. So
there are three files: `requirements.lock` with everything but those libraries, `requirements-cuda.lock` with them, and
`requirements-cpu.lock` with the CPU build of torch alone. `make setup` tries that build first; where the index has none, PyPI's and
its libraries are installed.
"""

import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
GPU_ONLY = re.compile(r"(nvidia-|cuda-|triton\b)")

# The build without CUDA: CPython 3.11, Linux x86_64.
TORCH_CPU = "torch==2.13.0+cpu --hash=sha256:6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b"


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        entries = resolve(Path(scratch))
    write("requirements.lock", [e for e in entries if not GPU_ONLY.match(e)])
    write("requirements-cpu.lock", [TORCH_CPU])
    write("requirements-cuda.lock", [e for e in entries if GPU_ONLY.match(e)])


def wanted() -> list[str]:
    """Every dependency of every group, as written in pyproject.toml, except our own contracts."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    return [line for group in groups for line in group if not line.startswith("skillsync")]


def resolve(scratch: Path) -> list[str]:
    source, target = scratch / "wanted.in", scratch / "resolved.txt"
    source.write_text("\n".join(wanted()))
    options = "--generate-hashes --allow-unsafe --no-header --strip-extras --no-annotate --no-emit-index-url --no-emit-find-links"
    command = [sys.executable, "-m", "piptools", "compile", *options.split(), "-q", "-o", str(target), str(source)]
    # No local pip configuration: what one machine has on disk must not decide what others install.
    environment = {k: v for k, v in os.environ.items() if k != "PIP_FIND_LINKS"} | {"PIP_CONFIG_FILE": os.devnull}
    subprocess.run(command, check=True, env=environment)
    return re.split(r"\n(?=\S)", target.read_text().strip())


def write(name: str, entries: list[str]) -> None:
    (ROOT / name).write_text("\n".join(entries) + "\n")
    print(f"{name}: {len(entries)} packages")


if __name__ == "__main__":
    main()
