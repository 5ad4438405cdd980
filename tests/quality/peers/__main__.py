"""`python -m tests.quality.peers --install`: the environments of the parsers that we compare with."""

import argparse
import subprocess
import sys

from tests.quality.peers.environments import PEERS, install


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.quality.peers", description=__doc__)
    parser.add_argument("--install", action="store_true", required=True)
    parser.parse_args()
    failed = []
    for peer in PEERS:
        try:
            install(peer)
        except subprocess.CalledProcessError as error:
            failed.append(f"{peer.label} does not install: {error}")
    sys.exit("\n".join(failed) or None)


if __name__ == "__main__":
    main()
