"""Files of a person beside the resumes."""

import asyncio
import json
import zipfile
from typing import Any

import grpc
import pytest
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.growth_pb2 import Document
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from services.ai.documents import ClamAV, File, scan_file
from services.careerforge import documents as use_cases
from services.careerforge import tasks
from services.kit.blobs import Blobs
from tests.builders import a_job_seeker, a_pdf
from tests.careerforge.shown import Showing, an_id
from tests.careerforge.test_scanner import EICAR
from tests.harness import System
from tests.refusals import refused
from tests.user.known_people import erased, exported

LETTER = "Dear reader,\nAda Example worked with us from 2016 to 2019, and we miss her.\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="4"/></svg>'


@pytest.fixture
async def ada(system: System) -> Showing:
    return Showing(system, await a_job_seeker(system))


def blobs_of(system: System) -> Blobs:
    return system.blobs


async def keys_of(ada: Showing) -> list[str]:
    return [key for key in await blobs_of(ada.system).keys() if ada.person.id in key]


async def until_gone(ada: Showing, *prefixes: str) -> None:
    async with asyncio.timeout(60):
        while [key for key in await keys_of(ada) if key.startswith(prefixes)]:
            await asyncio.sleep(0.05)


async def test_a_document_is_scanned_then_handed_out_as_it_came(ada: Showing) -> None:
    data = a_pdf(LETTER)
    begun = await ada.upload(data, filename="reference.pdf", kind="reference")
    assert (begun.kind, begun.filename, begun.content_type) == ("reference", "reference.pdf", "application/pdf")
    assert (begun.byte_size, begun.clean, begun.state) == (len(data), False, Document.STATE_SCANNING)
    document = await ada.scanned(begun)
    assert (document.state, document.clean) == (Document.STATE_CLEAN, True)
    file = await ada.download(document.id)
    assert (file.data, file.content_type) == (data, "application/pdf")
    await until_gone(ada, "quarantine/")
    assert await keys_of(ada) == [f"documents/{ada.person.id}/{document.id}"]


async def test_over_rest_the_body_is_the_file(ada: Showing) -> None:
    path = "/v1/documents:upload?filename=letter.txt&kind=letter"
    answer = await ada.system.rest.post(path, content=LETTER, headers=ada.person.headers)
    assert answer.status_code == 200, answer.text
    document = await ada.scanned(Document(id=answer.json()["id"]))
    answer = await ada.system.rest.get(f"/v1/documents/{document.id}:download", headers=ada.person.headers)
    assert (answer.text, answer.headers["content-type"]) == (LETTER, "text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_nothing_is_handed_out_before_it_was_scanned(ada: Showing, monkeypatch: pytest.MonkeyPatch) -> None:
    def without_scanner(file: File, clamav: object, **rest: Any) -> None:
        scan_file(file, ClamAV("127.0.0.1:9", seconds=1), **rest)

    monkeypatch.setattr(tasks, "scan_file", without_scanner)
    begun = await ada.upload(LETTER)
    async with asyncio.timeout(60):
        while not await ada.system.count(
            "careerforge.jobs", "kind = 'scan_document' and payload->>'document_id' = $1 and error <> ''", begun.id
        ):
            await asyncio.sleep(0.05)
    with refused("WRONG_STATE", state="QUARANTINED"):
        await ada.download(begun.id)
    monkeypatch.undo()
    assert (await ada.scanned(begun)).state == Document.STATE_CLEAN
    assert (await ada.download(begun.id)).data == LETTER.encode()


async def test_a_file_that_does_harm_is_gone_and_its_row_says_why(ada: Showing) -> None:
    document = await ada.scanned(await ada.upload(f"{LETTER}\n{EICAR}\n"))
    assert (document.state, document.failure_reason, document.clean) == (
        Document.STATE_REFUSED, "FILE_MALICIOUS", False,
    )  # fmt: skip
    assert "scanner" in document.failure_message
    with refused("WRONG_STATE", state="REFUSED"):
        await ada.download(document.id)
    await until_gone(ada, "quarantine/", "documents/")
    await ada.delete_document(document.id)
    assert await ada.documents() == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "FILE_EMPTY"),
        (b"   \n", "FILE_EMPTY"),
        (b"GIF89a" + b"\0" * 50, "FILE_TYPE_UNSUPPORTED"),
        (b"MZ\x90\0" + b"\0" * 100, "FILE_TYPE_UNSUPPORTED"),
        (b"%PDF-1.7\n1 0 obj\n", "FILE_TRUNCATED"),
        (SVG.replace("<circle", "<script>alert(1)</script><circle").encode(), "FILE_MALICIOUS"),
        (SVG.encode()[:-10], "FILE_TRUNCATED"),
    ],
)
async def test_what_cannot_be_kept_is_refused_and_leaves_nothing(ada: Showing, data: bytes, reason: str) -> None:
    with refused(reason, field="file"):
        await ada.upload(data)
    assert await ada.documents() == []
    assert await keys_of(ada) == []


async def test_a_file_over_the_limit_is_refused(ada: Showing) -> None:
    with refused("FILE_TOO_LARGE", limit_bytes=str(20 * 2**20)):
        await ada.upload(b"x" * (20 * 2**20 + 1))
    assert await keys_of(ada) == []


async def test_the_same_request_makes_one_document_even_at_once(ada: Showing, monkeypatch: pytest.MonkeyPatch) -> None:
    request_id, put = an_id(), Blobs.put

    async def put_slowly(self: Blobs, *rest: Any) -> None:
        """So that none has a row before all have a file."""
        await asyncio.sleep(1)
        await put(self, *rest)

    monkeypatch.setattr(Blobs, "put", put_slowly)
    async with asyncio.timeout(60):
        made = await asyncio.gather(*(ada.upload(LETTER, request_id=request_id) for _ in range(4)))
    assert len({one.id for one in made}) == 1
    await ada.scanned(made[0])
    await until_gone(ada, "quarantine/")
    assert len(await keys_of(ada)) == len(await ada.documents()) == 1


async def test_there_is_a_limit_to_how_many(ada: Showing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(use_cases, "MOST_DOCUMENTS", 2)
    first, _ = [await ada.upload(LETTER) for _ in range(2)]
    with refused("INVALID_ARGUMENT", field="file", limit="2"):
        await ada.upload(LETTER)
    await ada.delete_document(first.id)
    await ada.upload(LETTER)


async def test_an_upload_that_dies_on_the_way_leaves_nothing(ada: Showing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between file and row."""

    async def die(*_: Any) -> None:
        raise RuntimeError("no row")

    monkeypatch.setattr(use_cases, "_keep", die)
    with refused("INTERNAL"):
        await ada.upload(LETTER)
    monkeypatch.undo()
    await until_gone(ada, "quarantine/")
    assert await ada.documents() == []


async def test_a_deleted_document_is_gone_with_its_file_whenever_it_is_deleted(ada: Showing) -> None:
    kept = await ada.a_document(LETTER)
    waiting = await ada.upload(a_pdf(LETTER))
    await ada.delete_document(waiting.id)
    await ada.delete_document(kept.id)
    with refused("NOT_FOUND", resource="document"):
        await ada.delete_document(kept.id)
    await until_gone(ada, "quarantine/", "documents/")
    assert await ada.documents() == []


async def test_nobody_gets_the_documents_of_others(ada: Showing) -> None:
    document = await ada.a_document(LETTER)
    eve = Showing(ada.system, await a_job_seeker(ada.system))
    for ask in (eve.download, eve.delete_document):
        with refused("NOT_FOUND", resource="document"):
            await ask(document.id)
    assert await eve.documents() == []
    assert (await ada.download(document.id)).data == LETTER.encode()


async def test_documents_are_listed_newest_first_in_pages(ada: Showing) -> None:
    made = [(await ada.upload(f"{LETTER}{number}")).id for number in range(3)]
    first = await ada.ask("ListDocuments", pb.ListDocumentsRequest(page_size=2))
    rest = await ada.ask("ListDocuments", pb.ListDocumentsRequest(page_size=2, page_token=first.next_page_token))
    assert [one.id for one in (*first.documents, *rest.documents)] == made[::-1]
    assert not rest.next_page_token
    with refused("PAGE_TOKEN_INVALID", code=grpc.StatusCode.INVALID_ARGUMENT):
        await ada.ask("ListPortfolio", pb.ListPortfolioRequest(page_token=first.next_page_token))


async def test_documents_are_handed_over_and_erased_with_everything_else(system: System, ada: Showing) -> None:
    document = await ada.a_document(LETTER, filename="letter.txt", kind="letter")
    user = UserServiceStub(system.direct("user"))
    archive: zipfile.ZipFile = await exported(system, user, ada.person)
    rows = json.loads(archive.read("careerforge/documents.json"))
    assert [row["filename"] for row in rows] == ["letter.txt"]
    assert archive.read(f"careerforge/files/{document.id}/letter.txt") == LETTER.encode()
    await erased(user, ada.person)
    assert await keys_of(ada) == []


@pytest.mark.parametrize(
    "inside",
    [
        "<script>1</script>",
        '<s:script xmlns:s="http://www.w3.org/2000/svg">1</s:script>',
        '<circle onload="x()"/>',
        '<a href="java&#10;script:x()"><circle/></a>',
        '<a xlink:href=" JavaScript:x()" xmlns:xlink="http://www.w3.org/1999/xlink"/>',
        '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>',
        '<image href="data:image/svg+xml;base64,AAAA"/>',
        '<animate attributeName="href" to="javascript:x()"/>',
        "<?xml-stylesheet href='x.xsl'?>",
    ],
)
async def test_pictures_that_act_are_refused(ada: Showing, inside: str) -> None:
    for head in ("", '<?xml version="1.0"?>\n', "<!-- a picture -->"):
        with refused("FILE_MALICIOUS"):
            await ada.upload(head + SVG.replace("<circle", f"{inside}<circle", 1))


async def test_entities_do_not_smuggle_a_script_into_a_picture(ada: Showing) -> None:
    smuggled = '<!DOCTYPE svg [<!ENTITY x "<script>1</script>">]>' + SVG.replace("<circle", "&x;<circle")
    elsewhere = smuggled.replace('"<script>1</script>"', 'SYSTEM "file:///etc/passwd"')
    for picture in (smuggled, elsewhere, smuggled.replace("&x;", "")):
        with refused("FILE_MALICIOUS"):
            await ada.upload(picture)
    assert (await ada.a_document('<?xml version="1.0" encoding="UTF-8"?>\n' + SVG)).content_type == "image/svg+xml"
