"""What `make lint` asks of the contracts: gen/ is fresh, buf lint finds nothing, buf breaking finds no break since the last release."""

import io
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from generate import BIN, ROOT, image, validate_descriptors

BUF = str(BIN / "buf")


def main() -> None:
    subprocess.run([sys.executable, ROOT / "protos" / "generate.py", "--check"], check=True)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        validate = validate_descriptors(scratch / "validate.binpb")
        now = scratch / "now.binpb"
        image(validate, now, sources(ROOT / "protos"), "--include_source_info")
        run("lint", str(now), *ours(ROOT / "protos"))
        if (release := last_release()) is None:
            print("No release and no main to compare with: breaking changes were not looked for.")
            return
        before, protos = scratch / "before.binpb", checkout(release, scratch / "before")
        image(validate, before, sources(protos), "--include_source_info", protos=protos)
        run("breaking", str(now), "--against", str(before), *ours(protos))
        print(f"The contracts are fresh, well-formed and compatible with {release}.")


def run(verb: str, *arguments: str) -> None:
    done = subprocess.run([BUF, verb, *arguments, "--config", str(ROOT / "buf.yaml")], check=False, cwd=ROOT)
    if done.returncode:
        sys.exit(f"buf {verb} found something; it stands above.")


def sources(protos: Path) -> list[str]:
    return sorted(str(path.relative_to(protos)) for path in protos.rglob("*.proto"))


def ours(protos: Path) -> list[str]:
    """Options that leave out what we import from others."""
    return [option for source in sources(protos) for option in ("--path", source)]


def last_release() -> str | None:
    """The newest release tag, else main as others have it."""
    tag = git("describe", "--tags", "--abbrev=0", "--match", "v*")
    return tag or next((ref for ref in ("origin/main", "main") if git("rev-parse", "--verify", "--quiet", ref)), None)


def git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def checkout(ref: str, target: Path) -> Path:
    """The protos of another revision."""
    archive = subprocess.run(["git", "archive", ref, "protos"], cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(target, filter="data")
    return target / "protos"


if __name__ == "__main__":
    main()
