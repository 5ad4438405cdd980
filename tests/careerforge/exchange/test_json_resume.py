"""JSON Resume in both directions."""

import json
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.ai.months import YearMonth
from services.careerforge.exchange import export_json, read_profile
from services.careerforge.exchange.profile import (
    Award,
    Certification,
    Education,
    Experience,
    Language,
    Location,
    Profile,
    Project,
    Publication,
    Skill,
)
from services.careerforge.exchange.texts import one_line, paragraphs
from services.kit.errors import InvalidArgument
from tests.careerforge.exchange.people import person

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "json_resume_1.0.0.json").read_text())
VALIDATOR = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker())

raw = st.text(max_size=30)
lines = raw.map(one_line)
names = lines.filter(bool)
# What looks like a tag is taken for rich text.
prose = st.lists(st.one_of(raw, raw.map("• {}".format)), max_size=4).map(
    lambda all_: paragraphs("\n".join(all_).replace("<", ""))
)
months = st.one_of(st.none(), st.builds(YearMonth, st.integers(1900, 2200), st.integers(0, 12)))
urls = st.one_of(
    st.just(""),
    st.from_regex(r"https?://[a-z]{1,9}\.(org|com)(/[a-z0-9]{0,9})?", fullmatch=True),
    st.just("https://github.com/a/b"),
)
ranges = st.tuples(months, months).map(lambda m: (m[0], m[1]) if _in_order(*m) else (m[1], m[0]))


def _in_order(start: YearMonth | None, end: YearMonth | None) -> bool:
    return start is None or end is None or (start.year, start.month or 1) <= (end.year, end.month or 12)


def unique(strategy: st.SearchStrategy[Any], key: Any, most: int = 3) -> st.SearchStrategy[Any]:
    return st.lists(strategy, max_size=most, unique_by=key).map(tuple)


@st.composite
def experiences(draw: Any) -> Experience:
    start, end = draw(ranges)
    current = draw(st.booleans())
    return Experience(draw(names), draw(lines), draw(lines), start, None if current else end, current, draw(prose))


profiles = st.builds(
    Profile,
    name=lines,
    headline=lines,
    summary=prose,
    emails=unique(st.from_regex(r"[a-z]{1,5}@[a-z]{1,5}\.(org|de)", fullmatch=True), str.lower),
    phones=unique(st.from_regex(r"\+[0-9]{4,12}", fullmatch=True), str),
    links=unique(urls.filter(bool), str),
    location=st.builds(Location, lines, lines, st.sampled_from(("", "DE", "GB"))),
    experiences=st.lists(experiences(), max_size=3).map(tuple),
    educations=st.lists(st.tuples(names, lines, lines, ranges).map(lambda e: Education(*e[:3], *e[3])), max_size=3).map(
        tuple
    ),
    skills=unique(st.builds(Skill, names, lines, st.sampled_from((0.0, 1.5, 80.0))), lambda s: s.name.casefold(), 5),
    languages=unique(
        st.builds(Language, names, st.sampled_from(("", "A1", "C2", "NATIVE"))), lambda one: one.name.casefold()
    ),
    certifications=st.lists(st.builds(Certification, names, lines, months, urls), max_size=3).map(tuple),
    projects=st.lists(
        st.tuples(names, prose, unique(names, str), urls, urls, ranges).map(lambda p: Project(*p[:5], *p[5])),
        max_size=3,
    ).map(tuple),
    publications=st.lists(st.builds(Publication, names, lines, months, urls), max_size=3).map(tuple),
    awards=st.lists(st.builds(Award, names, lines, months), max_size=3).map(tuple),
)


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(profiles)
def test_what_was_exported_is_valid_and_comes_back_as_it_was(profile: Profile) -> None:
    exported = export_json(profile)
    VALIDATOR.validate(json.loads(exported))
    read_back = read_profile(exported)
    assert read_back.profile == profile
    assert read_back.findings == ()
    assert export_json(profile) == exported


@pytest.mark.parametrize(
    "profile",
    [
        Profile(),
        *(
            Profile(experiences=(Experience("A", description=text),))
            for text in ("a\n\n• b", "• a\nb", "• a", "a\n• b\n• c")
        ),
        Profile(experiences=(Experience("A", start=YearMonth(2020)), Experience("B", current=True))),
        Profile(certifications=(Certification("A", date=YearMonth(2020)), Certification("B", date=YearMonth(2020, 2)))),
        Profile(
            projects=(Project("A", project_url="https://github.com/a/b"), Project("B", github_url="https://x.org/c"))
        ),
        Profile(emails=("a@b.co", "c@d.ee"), phones=("+491", "+492"), links=("https://a.org", "https://b.org")),
    ],
)
def test_what_the_schema_has_no_place_for_comes_back_too(profile: Profile) -> None:
    exported = export_json(profile)
    VALIDATOR.validate(json.loads(exported))
    assert read_profile(exported).profile == profile


@pytest.mark.parametrize("seed", range(8))
def test_realistic_people_come_back_as_they_were(seed: int) -> None:
    profile, _ = person(seed)
    assert read_profile(export_json(profile)).profile == profile


def imported(**resume: Any) -> Any:
    return read_profile(json.dumps(resume).encode())


def test_forms_before_the_schema_had_a_version_are_read() -> None:
    profile = imported(
        basics={
            "firstName": "Ada",
            "lastName": "King",
            "website": "ada.example.org",
            "bio": "Counts.",
            "location": "London",
        },
        work=[{"company": "Engines", "position": "Analyst", "startDate": "January 1840", "endDate": "Present"}],
        education=[{"institution": "Home", "gpa": 4.0, "startDate": 2001, "endDate": "2003-06-30"}],
        skills=["Python", {"name": "Web", "level": "Master", "keywords": ["HTML", "python"]}],
        languages=[{"name": "French", "level": "Native Speaker"}],
        publications=[{"name": "Notes", "website": "https://example.org/n", "releaseDate": "1943-09"}],
    )
    assert profile.profile.name == "Ada King"
    assert profile.profile.links == ("https://ada.example.org",)
    assert profile.profile.summary == "Counts."
    assert profile.profile.location == Location("London")
    assert profile.profile.experiences == (Experience("Analyst", "Engines", current=True),)
    assert profile.profile.educations == (Education("Home", start=YearMonth(2001), end=YearMonth(2003, 6)),)
    assert [skill.name for skill in profile.profile.skills] == ["Python", "Web", "HTML"]
    assert profile.profile.languages == (Language("French", "NATIVE"),)
    assert profile.profile.publications == (Publication("Notes", "", YearMonth(1943, 9), "https://example.org/n"),)
    # 1840 is before the contract's first year.
    assert [finding.place for finding in profile.findings] == ["work[0].startDate"]


def test_unpaid_work_is_a_role_and_highlights_are_items() -> None:
    profile = imported(
        volunteer=[
            {"organization": "Shelter", "position": "Cook", "summary": "Cooks.", "highlights": ["Soup", "Bread"]}
        ]
    )
    assert profile.profile.experiences == (Experience("Cook", "Shelter", description="Cooks.\n• Soup\n• Bread"),)


@pytest.mark.parametrize(
    ("resume", "place", "words"),
    [
        ({"work": [{"position": "A", "startDate": "2020-13"}]}, "work[0].startDate", "'2020-13' is no date"),
        ({"work": [{"position": "A", "endDate": "soon"}]}, "work[0].endDate", "write year and month"),
        (
            {"work": [{"position": "A", "startDate": "2020", "endDate": "2019-01"}]},
            "work[0].endDate",
            "before it begins",
        ),
        ({"work": [{"name": "Acme"}]}, "work[0].position", "is missing"),
        ({"work": {"position": "A"}}, "work", "a list is needed"),
        ({"work": [7, {"position": ["A"]}]}, "work[0]", "is a number"),
        ({"education": [{"area": "Art"}]}, "education[0].institution", "is missing"),
        ({"basics": {"email": "nobody"}}, "basics.email", "no e-mail address"),
        ({"basics": {"email": f"{'a' * 250}@b.org"}}, "basics.email", "no e-mail address"),
        ({"basics": {"url": "javascript:alert(1)"}}, "basics.url", "no web address"),
        ({"basics": {"url": "ftp://files.example.org"}}, "basics.url", "no web address"),
        ({"basics": {"phone": "x"}}, "basics.phone", "no telephone number"),
        ({"basics": {"name": "N" * 201}}, "basics.name", "201 characters, 200 are possible"),
        ({"basics": ["x"]}, "basics", "an object is needed"),
        ({"languages": [{"language": "German", "fluency": "splendid"}]}, "languages[0].fluency", "write A1 to C2"),
        ({"skills": [{"name": "x" * 101}]}, "skills[0].name", "longer than 100"),
        (
            {"projects": [{"name": "P", "keywords": [str(i) for i in range(60)]}]},
            "projects[0].keywords",
            "50 are possible",
        ),
        ({"certificates": [{"issuer": "x"}]}, "certificates[0].name", "is missing"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_path(resume: dict[str, Any], place: str, words: str) -> None:
    found = imported(**resume).findings
    assert place in [finding.place for finding in found]
    assert any(words in finding.why for finding in found)


def test_the_rest_of_an_entry_with_a_bad_date_is_kept() -> None:
    profile = imported(
        work=[{"position": "Cook", "name": "Inn", "startDate": "32.13.2020", "endDate": "2021-02"}]
    ).profile
    assert profile.experiences == (Experience("Cook", "Inn", end=YearMonth(2021, 2)),)


def test_fields_that_nobody_knows_are_no_findings() -> None:
    assert imported(basics={"name": "A", "aura": 7}, work=[{"position": "B", "mood": []}], astrology=[1]).findings == ()


def test_controls_and_halves_of_letters_are_left_out() -> None:
    profile = read_profile(
        b'{"basics": {"name": "A\\u0000da\\ud800 \\u202eKing\\u2028", "summary": "a\\r\\nb\\u0007"}}'
    ).profile
    assert profile.name == "Ada King"
    assert profile.summary == "a\nb"
    export_json(profile).decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"basics": {"name": "A"', "line 1, column 24 is no JSON"),
        (b'{"basics": NaN}', "NaN is no number"),
        (b'{"basics": ' + b"1" * 5000 + b"}", "is no JSON"),
        (b'{"work": ' + b"[" * 30 + b"]" * 30 + b"}", "nests deeper than 20 levels"),
        (b'{"work": ' + b"[" * 500_000, "nests deeper than 20 levels"),
        (b'{"basics": {"name": "\xff"}}', "byte 22 is no UTF-8; save the file as UTF-8"),
        (b'{"menu": {}}', "is no JSON Resume"),
        (b"[1, 2]", "is no JSON Resume"),
    ],
)
def test_what_is_no_resume_is_refused_with_place_and_remedy(data: bytes, words: str) -> None:
    with pytest.raises(InvalidArgument) as refusal:
        read_profile(data)
    assert words in str(refusal.value)


def test_more_entries_than_a_profile_holds_are_refused() -> None:
    work = [{"position": f"Job {i}"} for i in range(501)]
    with pytest.raises(InvalidArgument, match="experiences are 501, 500 are possible"):
        imported(work=work)
    assert len(imported(work=work[:500]).profile.experiences) == 500


def test_a_file_that_is_wrong_throughout_tells_so_in_few_words() -> None:
    found = imported(work=[{"position": "A", "startDate": "never"}] * 450).findings
    assert len(found) == 201
    assert found[-1].why == "250 more places could not be taken over"


@pytest.mark.parametrize("piece", ['\\"', '"', "<p ", "<!--", "a@", " \\n"])
def test_a_megabyte_of_one_piece_takes_no_time(piece: str) -> None:
    data = (
        '{"basics": {"email": "' + "a@" * 1000 + '", "summary": "<p>' + piece * (900_000 // len(piece)) + '"}}'
    ).encode()
    before = time.process_time()
    with suppress(InvalidArgument):
        read_profile(data)
    assert time.process_time() - before < 3


def test_a_text_that_never_ends_takes_no_time() -> None:
    before = time.process_time()
    with pytest.raises(InvalidArgument):
        read_profile(b'{"basics": {"name": "' + rb"\"" * 30_000)
    assert time.process_time() - before < 1
