"""What a file is, and that none harms who reads it."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.careerforge.exchange import Import, export_json, read_profile
from services.kit.errors import InvalidArgument
from tests.careerforge.exchange.files import CANDIDATE, LINKEDIN, PASSPORT, zipped
from tests.careerforge.exchange.people import person

FILES = {
    "json_resume": export_json(person(1)[0]),
    "linkedin": zipped(LINKEDIN),
    "europass": CANDIDATE.encode(),
    "passport": PASSPORT.encode(),
}


def refusal_of(data: bytes) -> InvalidArgument:
    with pytest.raises(InvalidArgument) as refusal:
        read_profile(data)
    return refusal.value


@pytest.mark.parametrize("data", [b"", b" \n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_says_so_and_what_is_possible(data: bytes) -> None:
    error = refusal_of(data)
    assert error.reason == "FILE_EMPTY"
    assert "JSON Resume, a LinkedIn data export (ZIP) or Europass XML" in str(error)


@pytest.mark.parametrize("data", [b"Dear Sir or Madam", b"\x89PNG\r\n\x1a\n", b"<svg/>", b"%PDF-1.4\nnothing"])
def test_a_file_of_another_kind_is_named_as_unsupported(data: bytes) -> None:
    assert refusal_of(data).reason == "FILE_TYPE_UNSUPPORTED"


def test_a_file_larger_than_the_contract_takes_is_refused_unread() -> None:
    error = refusal_of(b"{" + b" " * (1 << 20))
    assert "1,048,577 bytes, 1,048,576 are possible" in str(error)
    assert error.metadata["limit"] == "1048576"


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_ends_too_early_is_refused_or_read_in_part_but_breaks_nothing(name: str) -> None:
    whole = FILES[name]
    for end in range(1, len(whole), max(1, len(whole) // 60)):
        with suppress(InvalidArgument):
            assert isinstance(read_profile(whole[:end]), Import)


def test_json_and_xml_that_are_cut_off_are_called_truncated() -> None:
    assert refusal_of(b'{"basics": {').reason == "FILE_TRUNCATED"
    assert refusal_of(b"<Candidate><CandidatePerson>").reason == "FILE_TRUNCATED"


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(FILES)), st.integers(0, 1 << 20), st.binary(min_size=1, max_size=6))
def test_damage_anywhere_is_a_finding_or_a_refusal(name: str, place: int, damage: bytes) -> None:
    data = bytearray(FILES[name])
    at = place % len(data)
    data[at : at + len(damage)] = damage
    with suppress(InvalidArgument):
        found = read_profile(bytes(data))
        assert read_profile(export_json(found.profile)).profile == found.profile


@settings(max_examples=60)
@given(st.sampled_from((b"", b"{", b"[", b"<", b"PK\x03\x04", b"%PDF-")), st.binary(max_size=200))
def test_noise_is_refused(start: bytes, noise: bytes) -> None:
    with suppress(InvalidArgument):
        read_profile(start + noise)


def test_the_same_file_makes_the_same_profile() -> None:
    for data in FILES.values():
        assert read_profile(data) == read_profile(data)
