"""Regenerates gen/ and gateway/openapi.yaml from protos/ (`make gen`). With --check: fails if they are stale (`make lint`)."""

import argparse
import filecmp
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import google.rpc
from google.protobuf import descriptor_pb2, duration_pb2, field_mask_pb2, timestamp_pb2
from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet
from protovalidate._gen.buf.validate import validate_pb

ROOT = Path(__file__).resolve().parent.parent
GOOGLE = Path(next(iter(google.rpc.__path__))).parent.parent
BIN = Path(sys.executable).parent
WEB = ROOT / "gateway" / "web"

# Written by hand, among what is generated.
KEPT = {"pyproject.toml", "README.md"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when something is stale")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch)
        generate(fresh / "gen", fresh / "openapi.yaml")
        stale = differences(fresh / "gen", ROOT / "gen")
        if not filecmp.cmp(fresh / "openapi.yaml", ROOT / "gateway" / "openapi.yaml", shallow=False):
            stale.append("gateway/openapi.yaml")
        if check and stale:
            sys.exit("stale: " + ", ".join(stale[:10]) + "\nRun `make gen` and commit the result.")
        if not check:
            install(fresh)


def generate(target: Path, openapi: Path) -> None:
    """Everything, into an empty folder."""
    target.mkdir(parents=True)
    validate = validate_descriptors(target.parent / "validate.binpb")
    sources = sorted(str(p.relative_to(ROOT / "protos")) for p in (ROOT / "protos").rglob("*.proto"))
    python = [
        f"--python_out={target}",
        f"--grpc_python_out={target}",
        f"--mypy_out=quiet:{target}",
        f"--mypy_grpc_out=quiet,generate_concrete_servicer_stubs:{target}",
    ]
    plugins = [
        f"--plugin=protoc-gen-mypy={BIN / 'protoc-gen-mypy'}",
        f"--plugin=protoc-gen-mypy_grpc={BIN / 'protoc-gen-mypy_grpc'}",
    ]
    protoc(validate, *plugins, *python, *sources, "buf/validate/validate.proto")
    for empty in target.glob("buf/validate/validate_pb2_grpc.py*"):
        empty.unlink()
    # Without error_details.proto the gateway could not put errors into JSON.
    image(
        validate,
        target / "skillsync" / "descriptors.binpb",
        [*sources, "google/rpc/error_details.proto", "google/rpc/status.proto"],
    )
    (target / "skillsync" / "py.typed").touch()
    (target / "buf" / "py.typed").touch()
    typescript(validate, target / "ts", sources)
    commented = target.parent / "commented.binpb"
    image(validate, commented, sources, "--include_source_info")
    command = [sys.executable, "-m", "gateway.openapi", str(commented), str(openapi)]
    subprocess.run(command, check=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(target)})


def typescript(validate: Path, target: Path, sources: list[str]) -> None:
    """Messages for the browser app, by @bufbuild/protoc-gen-es."""
    target.mkdir()
    plugin = WEB / "node_modules" / "@bufbuild" / "protoc-gen-es" / "bin" / "protoc-gen-es"
    if not plugin.exists():
        sys.exit("The TypeScript generator is missing: run `make setup` first.")
    launcher = target.parent.parent / "protoc-gen-es"
    launcher.write_text(f'#!/bin/sh\nexec "{BIN / "node"}" "{plugin}"\n')
    launcher.chmod(0o755)
    imported = [f"google/api/{name}.proto" for name in ("annotations", "field_behavior", "http", "httpbody")]
    options = "target=ts,import_extension=none"
    everything = [*sources, *imported, "google/rpc/code.proto", "buf/validate/validate.proto"]
    protoc(validate, f"--plugin=protoc-gen-es={launcher}", f"--es_out={target}", f"--es_opt={options}", *everything)


def validate_descriptors(path: Path) -> Path:
    """The rules' own proto: the wheel of protovalidate carries its descriptor, not its source."""
    own = FileDescriptorProto.FromString(validate_pb._DESC.proto.to_binary())
    everything = FileDescriptorSet()
    for module in (descriptor_pb2, duration_pb2, field_mask_pb2, timestamp_pb2):
        module.DESCRIPTOR.CopyToProto(everything.file.add())
    everything.file.append(own)
    path.write_bytes(everything.SerializeToString())
    return path


def image(validate: Path, target: Path, sources: list[str], *options: str, protos: Path = ROOT / "protos") -> None:
    """A descriptor set with all imports."""
    protoc(validate, "--include_imports", *options, f"--descriptor_set_out={target}", *sources, protos=protos)


def protoc(validate: Path, *arguments: str, protos: Path = ROOT / "protos") -> None:
    command = [
        sys.executable,
        "-m",
        "grpc_tools.protoc",
        f"-I{protos}",
        f"-I{GOOGLE}",
        f"--descriptor_set_in={validate}",
    ]
    if subprocess.run([*command, *arguments], check=False).returncode:
        sys.exit("protoc failed; its message stands above.")


def differences(fresh: Path, current: Path) -> list[str]:
    """Paths that are missing, changed or too many in `current`."""
    wanted, found = files(fresh), files(current)
    changed = {p for p in wanted & found if (fresh / p).read_bytes() != (current / p).read_bytes()}
    return sorted(f"gen/{p}" for p in (wanted ^ found) | changed)


def files(folder: Path) -> set[Path]:
    found = {p.relative_to(folder) for p in folder.rglob("*") if p.is_file()}
    return {p for p in found if p.name not in KEPT and not {"__pycache__", "build"} & set(p.parts)}


def install(fresh: Path) -> None:
    for old in ("skillsync", "buf", "ts"):
        shutil.rmtree(ROOT / "gen" / old, ignore_errors=True)
    shutil.copytree(fresh / "gen", ROOT / "gen", dirs_exist_ok=True)
    shutil.copy(fresh / "openapi.yaml", ROOT / "gateway" / "openapi.yaml")
    print("gen/ and gateway/openapi.yaml are new.")


if __name__ == "__main__":
    main()
