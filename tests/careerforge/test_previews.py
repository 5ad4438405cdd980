"""Previews of links, from real pages over HTTP, hostile ones among them."""

import asyncio

import pytest
from skillsync.careerforge.v1.growth_pb2 import LinkPreview

from services.careerforge import previews, previews_pages
from services.kit import egress
from services.kit.egress import Egress, Fetched
from tests.builders import a_job_seeker
from tests.careerforge.shown import Showing, an_id
from tests.harness import System
from tests.kit.test_egress import connections

READY, FAILED, PENDING = LinkPreview.STATE_READY, LinkPreview.STATE_FAILED, LinkPreview.STATE_PENDING

PAGE = """<!doctype html><html><head><title>Plain title</title>
<meta property="og:title" content="A map of things"><meta name="description" content="plain">
<meta property="og:description" content="It shows   where\n things are &amp; were.">
<meta property="og:image" content="https://img.example.org/map.png"><meta property="og:site_name" content="Maps">
</head><body><h1>no</h1></body></html>"""


@pytest.fixture
async def ada(system: System) -> Showing:
    return Showing(system, await a_job_seeker(system))


async def preview_of(ada: Showing, url: str) -> LinkPreview:
    return await ada.previewed((await ada.show(project_url=url)).id)


def page(content: bytes | str, content_type: str = "text/html; charset=utf-8", status: int = 200) -> Fetched:
    data = content.encode() if isinstance(content, str) else content
    return Fetched("https://example.org/a/b", status, {"content-type": content_type}, data)


async def test_a_worker_fetches_what_the_page_says_of_itself(ada: Showing) -> None:
    url = ada.system.pages.put(f"/{an_id()}", PAGE)
    item = await ada.show(project_url=url)
    assert item.link_preview.state == PENDING
    assert not item.HasField("github_preview")
    found = await ada.previewed(item.id)
    assert (found.state, found.title, found.site_name) == (READY, "A map of things", "Maps")
    assert found.description == "It shows where things are & were."
    assert found.image_url == "https://img.example.org/map.png"
    assert found.HasField("fetch_time")
    (kept,) = await ada.items()
    assert kept.etag == item.etag, "the person changed nothing"


async def test_the_page_of_the_code_has_a_preview_of_its_own(ada: Showing) -> None:
    pages = ada.system.pages
    item = await ada.show(github_url=pages.put(f"/{an_id()}", "<title>The code</title>"))
    found = await ada.previewed(item.id, "github_preview")
    assert (found.title, found.site_name) == ("The code", "127.0.0.1")
    assert not (await ada.items())[0].HasField("link_preview")


async def test_a_link_that_changes_is_fetched_anew_and_one_that_does_not_is_not(ada: Showing) -> None:
    pages, path, other = ada.system.pages, f"/{an_id()}", f"/{an_id()}"
    item = await ada.show(project_url=pages.put(path, "<title>One</title>"))
    assert (await ada.previewed(item.id)).title == "One"
    await ada.update_item(item.id, description="more words")
    changed = await ada.update_item(item.id, project_url=pages.put(other, "<title>Two</title>"))
    assert (changed.link_preview.state, changed.link_preview.title) == (PENDING, "")
    assert (await ada.previewed(item.id)).title == "Two"
    assert (pages.asked[path], pages.asked[other]) == (1, 1)
    assert not (await ada.update_item(item.id, ("project_url",))).HasField("link_preview")


async def test_what_failed_is_fetched_again_when_the_project_changes(ada: Showing) -> None:
    pages, path = ada.system.pages, f"/{an_id()}"
    item = await ada.show(project_url=pages.origin + path)
    assert (await ada.previewed(item.id)).state == FAILED
    pages.put(path, "<title>It is back</title>")
    assert (await ada.update_item(item.id, description="x")).link_preview.state == PENDING
    assert (await ada.previewed(item.id)).title == "It is back"


async def test_what_comes_too_late_is_not_shown_for_another_link(ada: Showing) -> None:
    pages = ada.system.pages
    slow = pages.put(f"/{an_id()}", "<title>Slow</title>", times=2, pause=1.0)
    item = await ada.show(project_url=slow)
    async with asyncio.timeout(60):
        while not pages.asked[slow.removeprefix(pages.origin)]:
            await asyncio.sleep(0.02)
    await ada.update_item(item.id, project_url=pages.put(f"/{an_id()}", "<title>Fast</title>"))
    assert (await ada.previewed(item.id)).title == "Fast"
    async with asyncio.timeout(60):
        while await ada.system.count(
            "careerforge.jobs", "kind = 'fetch_preview' and state <> 'done' and payload->>'user_id' = $1", ada.person.id
        ):
            await asyncio.sleep(0.05)
    assert (await ada.previewed(item.id)).title == "Fast"


@pytest.fixture
async def hostile(ada: Showing) -> dict[str, tuple[str, str]]:
    """URL and what is said of it, by what is wrong."""
    pages, here = ada.system.pages, f"/{an_id()}"
    return {
        "huge": (pages.put(f"{here}/huge", b"<p>" + b"x" * 65_000, times=100), "larger than"),
        "missing": (pages.origin + f"{here}/missing", "answers 404"),
        "broken": (pages.put(f"{here}/broken", PAGE, status=500), "answers 500"),
        "a picture": (pages.put(f"{here}/picture", b"\x89PNG", "image/png"), "no web page"),
        "packed": (pages.put(f"{here}/packed", b"x", headers={"content-encoding": "gzip"}), "compressed"),
        "circle": (pages.redirect(f"{here}/circle", f"{here}/circle"), "redirects more than"),
        "inside by redirect": (pages.redirect(f"{here}/in", "http://169.254.169.254/latest"), "not a public address"),
        "inside by name": (pages.redirect(f"{here}/name", "http://localhost:5432/"), ""),
        "inside": ("http://10.0.0.1/", "not a public address"),
        "metadata": ("http://[fd00:ec2::254]/", "not a public address"),
        "another port": ("http://example.org:6379/", "port 6379"),
    }


async def test_hostile_pages_fail_clearly_and_break_nothing(ada: Showing, hostile: dict[str, tuple[str, str]]) -> None:
    made = {what: await ada.show(project_title=what, project_url=url) for what, (url, _) in hostile.items()}
    for what, (_, why) in hostile.items():
        found = await ada.previewed(made[what].id)
        assert (found.state, found.title) == (FAILED, ""), what
        assert found.failure_message, what
        assert why in found.failure_message, what
    assert {item.project_title for item in await ada.items()} == set(hostile)


async def test_a_slow_page_is_given_up_and_the_request_never_waits_for_it(
    ada: Showing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "SECONDS", 0.5)
    url = ada.system.pages.put(f"/{an_id()}", b"<p>", times=200, pause=0.1)
    async with asyncio.timeout(60):
        item = await ada.show(project_url=url)
    found = await ada.previewed(item.id)
    assert found.state == FAILED
    assert "took longer" in found.failure_message


async def test_workers_knock_at_no_private_door() -> None:
    """The way out that the service's workers have; see tests/kit/test_egress.py for hundreds of ways."""
    with connections() as made:
        for url in ("http://127.0.0.1:9/", "http://169.254.169.254/", "http://localhost/"):
            with pytest.raises(egress.RefusedUrl):
                await Egress(()).fetch(url)
    assert made == []


# Reading, without a server.


@pytest.mark.parametrize(
    ("content", "content_type", "title"),
    [
        ("<title>Größe</title>".encode("latin-1"), "text/html; charset=iso-8859-1", "Größe"),
        ('<meta charset="windows-1252"><title>Größe</title>'.encode("cp1252"), "text/html", "Größe"),
        ("<title>Größe</title>".encode(), "text/html", "Größe"),
        ("<title>Größe</title>".encode("utf-16"), "text/html", "Größe"),
        ("<title>地図</title>".encode("shift_jis"), "text/html; charset=Shift_JIS", "地図"),
        # Not what they say they are.
        ("<title>Gr\xf6\xdfe</title>".encode("latin-1"), "text/html; charset=utf-8", "Gr��e"),
        (b"<title>x</title>", "text/html; charset=no-such", "x"),
        (b"<title>x</title>", "text/html; charset=punycode", "x"),
        (b"<title>x\\u003c</title>", "text/html; charset=unicode_escape", "x\\u003c"),
        (b"<title>x</title>", "text/html; charset=zlib", "x"),
        (b"<ti\0tle>x\0y</title>", "text/html", "xy"),
    ],
)
def test_pages_are_read_in_whatever_letters(content: bytes, content_type: str, title: str) -> None:
    assert previews_pages.read(page(content, content_type)).title == title


def test_what_a_page_says_becomes_plain_text() -> None:
    steering = "a\u202eb\u200bc\x07d\ufeff\u2066e"
    found = previews_pages.read(
        page(
            f"<title>{steering}</title><script>document.title='no'</script>"
            '<meta name="description" content="&lt;script&gt;alert(1)&lt;/script&gt;">'
            '<meta property="og:site_name" content="' + "s" * 500 + '">'
        )
    )
    assert found.title == "abcde"
    assert found.description == "<script>alert(1)</script>", "text, which whoever shows it escapes"
    assert len(found.site_name) == 100
    assert len(previews_pages.read(page("<title>" + "long " * 1000)).title) <= 200


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("/map.png", "https://example.org/map.png"),
        ("//cdn.example.org/a.png", "https://cdn.example.org/a.png"),
        ("https://img.example.org/" + "x" * 3000, ""),
        ("https://[", ""),
        ("", ""),
    ],
)
def test_pictures_are_named_in_full(said: str, kept: str) -> None:
    assert previews_pages.read(page(f'<meta property="og:image" content="{said}">')).image_url == kept


@pytest.mark.parametrize(
    "image", ["javascript:alert(1)", "data:image/png;base64,x", "http://192.168.0.1/a.png", "https://10.0.0.1/a.png",
              "http://img.example.org/a.png", "https://localhost/a.png", "https://user:pw@example.org/a.png"],
)  # fmt: skip
async def test_pictures_lead_no_visitor_inside(ada: Showing, image: str) -> None:
    url = ada.system.pages.put(f"/{an_id()}", f'<title>x</title><meta property="og:image" content="{image}">')
    found = await preview_of(ada, url)
    assert (found.state, found.image_url) == (READY, "")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 1000,
        b"<" * 100_000,
        b"<title>" * 50_000,
        b"<div>" * 200_000,
        b'<meta property="og:title" content="' + b"x" * 1_000_000,
        b"<!--" * 100_000,
        b"<!DOCTYPE html [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><title>&b;</title>",
        b"<?xml version='1.0' encoding='utf-16'?><title>x</title>",
        bytes(range(256)) * 1000,
    ],
)
def test_no_page_breaks_the_reader(content: bytes) -> None:
    try:
        found = previews_pages.read(page(content))
    except previews_pages.NoPage:
        return
    assert len(found.title) <= 200
