"""The browser app's own tests, run by the Node that builds it."""

import os
import re
import subprocess
import sys
from pathlib import Path

from gateway.web.build import WEB


def test_the_web_apps_own_tests_pass() -> None:
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["npm", "test"], cwd=WEB, env=environment, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stdout + done.stderr
    passed = re.search(r"^. pass (\d+)$", done.stdout, re.MULTILINE)
    assert passed, done.stdout
    # Node is content with a pattern that fits no file.
    assert int(passed[1]) >= len(list((WEB / "tests").glob("*.test.ts"))) > 0
