"""What becomes of letters once they are written: versions, edits, lists, files."""

import io
import zipfile
from itertools import pairwise

import pypdfium2
import pytest
from skillsync.billing.v1.plan_pb2 import FEATURE_EXPORT
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.growth_pb2 import CoverLetter

from services.ai.documents import Kind, extract
from tests.builders import Person, a_job_seeker, a_position, a_recruiter, an_analysis
from tests.careerforge.lettering import Letters, an_id, texts
from tests.harness import System
from tests.refusals import refused


@pytest.fixture(scope="module")
async def position_id(system: System) -> str:
    return (await a_position(system, await a_recruiter(system))).id


@pytest.fixture(scope="module")
async def author(system: System) -> Person:
    person = await a_job_seeker(system)
    await an_analysis(system, person)
    return person


@pytest.fixture
async def letters(system: System, author: Person) -> Letters:
    # Each test writes letters; the credits of one plan are not what is tested here.
    await system.database.execute(
        "update billing.feature_usage set cover_letter_credits = 10, export_credits = 2, used = used - 'cover_letter' - 'export'"
    )
    return Letters(system, author)


@pytest.fixture
async def letter(letters: Letters, position_id: str) -> CoverLetter:
    return await letters.write(position_id)


async def test_unchanged_sentences_keep_what_they_rest_on(letters: Letters, letter: CoverLetter) -> None:
    old = texts(letter)
    changed = await letters.change(letter.id, *old[:2], "I also keep bees.", *old[3:])
    assert (changed.version_number, changed.etag != letter.etag) == (2, True)
    assert texts(changed) == [*old[:2], "I also keep bees.", *old[3:]]
    assert [one.edited for one in changed.sentences] == [False, False, True, *[False] * len(old[3:])]
    for before, after in zip(letter.sentences, changed.sentences, strict=True):
        kept = () if after.edited else (before.resume_spans, before.position_spans)
        assert after.paragraph == before.paragraph
        assert (after.resume_spans, after.position_spans) == (kept or ([], []))
    assert await letters.get(letter.id) == changed


async def test_a_sentence_that_comes_in_between_joins_the_paragraph_before_it(
    letters: Letters, letter: CoverLetter
) -> None:
    old = texts(letter)
    changed = await letters.change(letter.id, old[0], old[1], "One more.", *old[2:])
    assert changed.sentences[2].paragraph == changed.sentences[1].paragraph
    dropped = await letters.change(letter.id, *old[1:])
    assert [one.paragraph for one in dropped.sentences] == [one.paragraph for one in letter.sentences[1:]]
    turned = await letters.change(letter.id, *reversed(old))
    assert all(a.paragraph <= b.paragraph for a, b in pairwise(turned.sentences))


async def test_paragraphs_may_be_said(letters: Letters, letter: CoverLetter) -> None:
    changed = await letters.change(letter.id, "One.", "Two.", "Three.", paragraphs=[0, 0, 1])
    assert [one.paragraph for one in changed.sentences] == [0, 0, 1]
    for paragraphs in ([0, 1], [1, 0, 2]):
        with refused("INVALID_ARGUMENT", field="paragraphs"):
            await letters.change(letter.id, "One.", "Two.", "Three.", paragraphs=paragraphs)
    with refused("INVALID_ARGUMENT", field="sentences[1]"):
        await letters.change(letter.id, "One.", " \n ")


async def test_versions_are_kept_and_an_old_one_can_come_back_with_its_spans(
    letters: Letters, letter: CoverLetter
) -> None:
    await letters.change(letter.id, "Other.")
    await letters.change(letter.id, "Other.", "And more.")
    request = pb.ListCoverLetterVersionsRequest(letter_id=letter.id, page_size=2)
    first = await letters.ask("ListCoverLetterVersions", request)
    request.page_token = first.next_page_token
    second = await letters.ask("ListCoverLetterVersions", request)
    shown = [(one.number, one.edited, one.sentence_count) for one in (*first.versions, *second.versions)]
    assert shown == [(3, True, 2), (2, True, 1), (1, False, len(letter.sentences))]
    assert (len(first.versions), second.next_page_token) == (2, "")
    assert list((await letters.get(letter.id, 1)).sentences) == list(letter.sentences)
    assert texts(await letters.get(letter.id, 2)) == ["Other."]
    with refused("NOT_FOUND"):
        await letters.get(letter.id, 4)
    back = await letters.change(letter.id, *texts(letter), paragraphs=[one.paragraph for one in letter.sentences])
    assert (back.version_number, list(back.sentences)) == (4, list(letter.sentences))


async def test_of_many_versions_the_first_and_the_last_are_kept(
    letters: Letters, letter: CoverLetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.careerforge.letters.MOST_VERSIONS", 4)
    for number in range(7):
        await letters.change(letter.id, f"Number {number}.")
    found = await letters.ask("ListCoverLetterVersions", pb.ListCoverLetterVersionsRequest(letter_id=letter.id))
    assert [one.number for one in found.versions] == [8, 7, 6, 1]


async def test_who_read_an_older_state_changes_nothing(letters: Letters, letter: CoverLetter) -> None:
    changed = await letters.change(letter.id, "Mine.", etag=letter.etag)
    with refused("ETAG_MISMATCH"):
        await letters.change(letter.id, "Theirs.", etag=letter.etag)
    assert texts(await letters.get(letter.id)) == ["Mine."]
    assert texts(await letters.change(letter.id, "Ours.", etag=changed.etag)) == ["Ours."]


async def test_the_same_change_happens_once(letters: Letters, letter: CoverLetter) -> None:
    request_id = an_id()
    first = await letters.change(letter.id, "Once.", etag=letter.etag, request_id=request_id)
    assert await letters.change(letter.id, "Once.", etag=letter.etag, request_id=request_id) == first
    assert await letters.change(letter.id, "Once.") == first, "and what is so already is no other version"
    assert (await letters.get(letter.id)).version_number == 2


async def test_letters_are_listed_newest_first_without_their_sentences(
    system: System, author: Person, letters: Letters, position_id: str
) -> None:
    await system.database.execute("delete from careerforge.cover_letters")
    made = [await letters.write(position_id, length="short") for _ in range(3)]
    request = pb.ListCoverLettersRequest(page_size=2)
    first = await letters.ask("ListCoverLetters", request)
    request.page_token = first.next_page_token
    second = await letters.ask("ListCoverLetters", request)
    assert [one.id for one in (*first.letters, *second.letters)] == [one.id for one in reversed(made)]
    made[0].ClearField("sentences")
    assert second.letters[0] == made[0]
    request.page_token = "x" + first.next_page_token
    with refused("PAGE_TOKEN_INVALID"):
        await letters.ask("ListCoverLetters", request)


async def test_a_deleted_letter_is_gone_with_its_versions(
    system: System, letters: Letters, letter: CoverLetter
) -> None:
    await letters.change(letter.id, "Other.")
    await letters.ask("DeleteCoverLetter", pb.DeleteCoverLetterRequest(letter_id=letter.id))
    assert await system.count("careerforge.cover_letter_versions", "letter_id = $1", letter.id) == 0
    with refused("NOT_FOUND", resource="cover letter"):
        await letters.get(letter.id)


async def test_anothers_letter_is_as_one_that_is_not_there(system: System, letter: CoverLetter) -> None:
    stranger = Letters(system, await a_job_seeker(system))
    calls = {
        "GetCoverLetter": pb.GetCoverLetterRequest(letter_id=letter.id),
        "ListCoverLetterVersions": pb.ListCoverLetterVersionsRequest(letter_id=letter.id),
        "UpdateCoverLetter": pb.UpdateCoverLetterRequest(letter_id=letter.id, sentences=["Mine now."]),
        "ExportCoverLetter": pb.ExportCoverLetterRequest(letter_id=letter.id, format="pdf"),
        "DeleteCoverLetter": pb.DeleteCoverLetterRequest(letter_id=letter.id),
    }
    for method, request in calls.items():
        with refused("NOT_FOUND", resource="cover letter", id=letter.id):
            await stranger.ask(method, request)
    assert not (await stranger.ask("ListCoverLetters", pb.ListCoverLettersRequest())).letters
    assert await stranger.credits(FEATURE_EXPORT) == 2


@pytest.mark.parametrize("format_", ["pdf", "docx"])
async def test_a_letter_is_exported_for_one_credit(letters: Letters, letter: CoverLetter, format_: str) -> None:
    before = await letters.credits(FEATURE_EXPORT)
    request = pb.ExportCoverLetterRequest(letter_id=letter.id, format=format_)
    body = await letters.ask("ExportCoverLetter", request)
    document = extract(body.data, Kind(body.content_type))
    words = " ".join(document.text.split())
    assert all(" ".join(text.split()) in words for text in texts(letter))
    assert words.startswith("Ada Example ada@example.org")
    assert await letters.credits(FEATURE_EXPORT) == before - 1


async def test_the_same_letter_makes_the_same_files(letters: Letters, letter: CoverLetter) -> None:
    request = pb.ExportCoverLetterRequest(letter_id=letter.id, format="docx")
    one, other = [await letters.ask("ExportCoverLetter", request) for _ in range(2)]
    assert one.data == other.data
    with zipfile.ZipFile(io.BytesIO(one.data)) as archive:
        assert "word/document.xml" in archive.namelist()
    with refused("QUOTA_EXCEEDED", quota="export"):
        await letters.ask("ExportCoverLetter", request)


async def test_an_exported_pdf_has_one_page(letters: Letters, position_id: str) -> None:
    letter = await letters.write(position_id, length="long")
    body = await letters.ask("ExportCoverLetter", pb.ExportCoverLetterRequest(letter_id=letter.id, format="pdf"))
    assert len(pypdfium2.PdfDocument(body.data)) == 1
