"""A real browser: the Chromium that gateway/web/package-lock.json pins, so that tests need none installed."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from gateway.web.build import WEB
from services.kit.settings import Settings
from tests.harness import System

UNPACK = 'import("@sparticuz/chromium").then(async (m) => console.log(await m.default.executablePath()))'
# As root there is no sandbox of its own; and it is to speak with nobody but the gateway.
OPTIONS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
MILLISECONDS = 15_000


def chromium(folder: Path) -> tuple[Path, Path]:
    """The program, unpacked once, and the libraries that it comes with."""
    folder.mkdir(parents=True, exist_ok=True)
    # The name of a runtime makes the package unpack its libraries too.
    environment = os.environ | {"TMPDIR": str(folder), "AWS_LAMBDA_JS_RUNTIME": "nodejs22.x"}
    node = [str(Path(sys.executable).parent / "node"), "-e", UNPACK]
    done = subprocess.run(node, cwd=WEB, env=environment, capture_output=True, text=True, timeout=60, check=True)
    return Path(done.stdout.strip()), folder / "al2023" / "lib"


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    program, libraries = chromium(WEB / "node_modules" / ".cache" / "chromium")
    environment: dict[str, str | float | bool] = {**os.environ, "LD_LIBRARY_PATH": str(libraries)}
    expect.set_options(timeout=MILLISECONDS)
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=program, args=OPTIONS, env=environment)
        yield started
        await started.close()


@contextmanager
def no_faults(page: Page) -> Iterator[None]:
    """The page throws nothing and breaks no rule of its Content-Security-Policy. Refused requests are no faults."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
    yield
    assert faults == []


@pytest.fixture
async def page(system: System, browser: Browser) -> AsyncIterator[Page]:
    """A new visitor."""
    context = await browser.new_context(
        base_url=Settings.of("user", system.environment).public_url, reduced_motion="reduce"
    )
    context.set_default_timeout(MILLISECONDS)
    opened = await context.new_page()
    with no_faults(opened):
        yield opened
    await context.close()
