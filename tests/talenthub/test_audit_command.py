"""`skillsync bias-audit` against a running gateway."""

import asyncio
from pathlib import Path

from click.testing import CliRunner, Result

from services.cli import main
from tests.builders import PASSWORD, a_position, a_recruiter
from tests.harness import System


async def run(system: System, *arguments: str) -> Result:
    """Beside the servers, which are in this process."""
    call = ["bias-audit", "--url", system.url, *arguments]
    return await asyncio.to_thread(CliRunner().invoke, main, call)


async def test_it_writes_the_page_for_who_signs_in(system: System, tmp_path: Path) -> None:
    admin = await a_recruiter(system)
    organization = (await a_position(system, admin, publish=False)).organization_id
    out = tmp_path / "page.html"
    asked = ["--organization", organization, "--out", str(out)]
    done = await run(system, *asked, "--email", admin.email, "--password", PASSWORD, "--since", "2026-01-31")
    assert done.exit_code == 0, done.output
    assert "0 people told nothing" in done.output
    assert out.read_text().startswith("<!doctype html>")
    assert "Applications from 2026-01-31" in out.read_text()
    done = await run(system, *asked, "--token", admin.token)
    assert done.exit_code == 0, done.output


async def test_who_may_not_is_told_and_no_file_is_touched(system: System, tmp_path: Path) -> None:
    admin, stranger = await a_recruiter(system), await a_recruiter(system)
    organization = (await a_position(system, admin, publish=False)).organization_id
    out = tmp_path / "page.html"
    out.write_text("mine")
    for who, why in (
        (["--token", stranger.token], "no organization"),
        (["--email", admin.email, "--password", "x"], ""),
    ):
        done = await run(system, "--organization", organization, "--out", str(out), *who)
        assert done.exit_code == 1
        assert why in done.output
    assert out.read_text() == "mine"
    assert (await run(system, "--organization", organization, "--out", str(out))).exit_code == 2
