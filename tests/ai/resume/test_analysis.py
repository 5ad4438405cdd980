"""What an analysis says, on records whose truth is known."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ai.credentials import EducationLevel
from services.ai.documents import Concealed, Concealment, Document, Line
from services.ai.documents.document import from_lines
from services.ai.months import YearMonth
from services.ai.resume import Contact, Education, Experience, ParsedResume, SkillEvidence, SkillUse, Value
from services.ai.resume.analysis import Analysis, analyse
from services.ai.resume.analysis_gaps import gaps, overlaps
from services.ai.resume.analysis_impact import review
from services.ai.resume.analysis_industries import industries
from services.ai.resume.analysis_stages import career_stage
from services.ai.resume.analysis_words import Words
from services.ai.spans import Span

AS_OF = date(2026, 3, 15)


def a_value(text: str, start: int = 0) -> Value:
    return Value(text, Span(start, start + len(text), 1, text), 0.9)


def a_role(
    title: str | None = "Developer",
    start: str | None = "2020-01",
    end: str | None = "2021-12",
    at: int = 0,
    **fields: object,
) -> Experience:
    """`end` None: it lasts."""
    values = {
        "title": a_value(title) if title else None,
        "employer": a_value("Example Works"),
        "start": a_month(start),
        "end": a_month(end),
        "current": end is None and start is not None,
        "bullets": (),
        "skill_ids": (),
        "span": Span(at, at + 10, 1, f"role at {at:02d}"),
    }
    return Experience(**(values | fields))  # type: ignore[arg-type]


def a_month(text: str | None) -> YearMonth | None:
    return YearMonth(*map(int, text.split("-"))) if text else None


def a_resume(*roles: Experience, years: float = 3.0, **fields: object) -> ParsedResume:
    values = {
        "contact": Contact(
            a_value("Ada"), (a_value("ada@example.org"),), (a_value("+49 170 1"),), (), a_value("Berlin")
        ),
        "summary": a_value("Writes programs."),
        "experiences": roles,
        "educations": (Education(a_value("TU"), a_value("MSc"), EducationLevel.MASTER, Span(0, 1, 1, "M")),),
        "skills": tuple(a_skill(f"s{i}", SkillEvidence.USED_IN_ROLE) for i in range(10)),
        "languages": (),
        "certifications": (),
        "sections": (a_value("Experience"), a_value("Education")),
        "years_of_experience": years,
        "as_of": AS_OF,
    }
    return ParsedResume(**(values | fields))  # type: ignore[arg-type]


def a_skill(skill_id: str, evidence: SkillEvidence = SkillEvidence.STATED) -> SkillUse:
    return SkillUse(skill_id, skill_id, evidence, (Span(0, 2, 1, skill_id),), 0.0, None)


def a_document(
    lines: Sequence[tuple[str, Line]] = (("Ada", Line(0, 0)),), pages: int = 1, **fields: object
) -> Document:
    return replace(from_lines(list(lines), pages, ((595.0, 842.0),) * pages), **fields)  # type: ignore[arg-type]


def found(resume: ParsedResume, document: Document | None = None) -> Analysis:
    return analyse(document or a_document(), resume)


GOOD = ("Led 12 engineers through a release", "Cut run time of all jobs by 40%")
BARE = ("Responsible for various things at work", "Some of the systems there")


def with_bullets(*texts: str) -> tuple[Value, ...]:
    return tuple(a_value(text, 100 * number) for number, text in enumerate(texts))


def test_the_parts_add_up_and_the_best_resume_has_a_hundred() -> None:
    best = found(a_resume(a_role(bullets=with_bullets(*GOOD))))
    assert best.strength == sum(p.points for p in best.parts) == sum(p.max_points for p in best.parts) == 100
    assert best.suggestions == ()
    assert best.missing_sections == ()


EMPTY = Contact(None, (), (), (), None)


def test_an_empty_resume_has_no_points_and_every_part_is_suggested() -> None:
    bare = found(a_resume(contact=EMPTY, summary=None, educations=(), skills=(), sections=()))
    assert bare.strength == 0
    assert {s.part for s in bare.suggestions} == {"contact", "summary", "experience", "skills", "education"}
    assert bare.missing_sections == ("contact", "summary", "experience", "education", "skills")
    assert all(s.spans == () for s in bare.suggestions)


def fix_contact(resume: ParsedResume, **fields: object) -> ParsedResume:
    return replace(resume, contact=replace(resume.contact, **fields))  # type: ignore[arg-type]


def fix_roles(resume: ParsedResume, change: Callable[[Experience], Experience]) -> ParsedResume:
    return replace(resume, experiences=tuple(map(change, resume.experiences)))


def fix_bullets(resume: ParsedResume, change: Callable[[str], str]) -> ParsedResume:
    return fix_roles(
        resume, lambda role: replace(role, bullets=tuple(a_value(change(b.span.text)) for b in role.bullets))
    )


# What a person would do, written down in the resume.
DONE: dict[str, Callable[[ParsedResume], ParsedResume]] = {
    "contact_name": lambda r: fix_contact(r, name=a_value("Ada Example")),
    "contact_email": lambda r: fix_contact(r, emails=(a_value("ada@example.org"),)),
    "contact_phone": lambda r: fix_contact(r, phones=(a_value("+49 170 1234567"),)),
    "contact_location": lambda r: fix_contact(r, location=a_value("Berlin")),
    "summary": lambda r: replace(r, summary=a_value("I write programs.")),
    "role_title": lambda r: fix_roles(r, lambda role: replace(role, title=role.title or a_value("Developer"))),
    "role_employer": lambda r: fix_roles(r, lambda role: replace(role, employer=role.employer or a_value("Works"))),
    "role_dates": lambda r: fix_roles(
        r, lambda role: role if role.months else replace(role, start=YearMonth(2018, 2), end=YearMonth(2019, 1))
    ),
    "role_lines": lambda r: fix_roles(
        r, lambda role: replace(role, bullets=(role.bullets + with_bullets(*GOOD))[: max(2, len(role.bullets))])
    ),
    "bullet_quantity": lambda r: fix_bullets(r, lambda t: t if any(c.isdigit() for c in t) else f"{t}, 12 times"),
    "bullet_action_verb": lambda r: fix_bullets(r, lambda t: t if t.startswith(("Led", "Cut")) else f"Led {t}"),
    "bullet_vagueness": lambda r: fix_bullets(
        r, lambda t: t.replace("Responsible for various", "Things and").replace("helped with", "was in")
    ),
    "bullet_first_person": lambda r: fix_bullets(r, lambda t: t.replace("my", "the")),
    "bullet_too_long": lambda r: fix_bullets(r, lambda t: " ".join(t.split()[:30])),
    "bullet_too_short": lambda r: fix_bullets(r, lambda t: t if len(t.split()) > 3 else f"{t} for the whole house"),
    "skills": lambda r: replace(r, skills=r.skills + tuple(a_skill(f"new {i}") for i in range(10 - named(r)))),
    "skills_used": lambda r: replace(
        r,
        skills=tuple(
            replace(s, evidence=SkillEvidence.USED_IN_ROLE) if i in stated(r)[:5] else s for i, s in enumerate(r.skills)
        ),
    ),
    "experience": lambda r: replace(r, experiences=(a_role(),)),
    "education": lambda r: replace(r, educations=a_resume().educations),
    "education_degree": lambda r: replace(r, educations=(replace(r.educations[0], level=EducationLevel.MASTER),)),
    "education_school": lambda r: replace(r, educations=(replace(r.educations[0], institution=a_value("TU")),)),
}


def named(resume: ParsedResume) -> int:
    return sum(s.evidence is not SkillEvidence.IMPLIED for s in resume.skills)


def stated(resume: ParsedResume) -> list[int]:
    return [i for i, s in enumerate(resume.skills) if s.evidence is SkillEvidence.STATED]


LONG = "Led " + "one thing and then " * 12 + "another"
TEXTS = (*GOOD, *BARE, "It helped with all of that there", "Built my own tool for the team", LONG, "Fund")
roles = st.builds(
    lambda title, employer, dated, texts: a_role(
        title,
        "2020-01" if dated else None,
        "2021-12" if dated else None,
        employer=a_value("Works") if employer else None,
        bullets=with_bullets(*texts),
    ),
    st.sampled_from(["Developer", None]), st.booleans(), st.booleans(), st.lists(st.sampled_from(TEXTS), max_size=5),
)  # fmt: skip
skills = st.lists(st.sampled_from(SkillEvidence), max_size=14).map(
    lambda kinds: tuple(a_skill(f"s{i}", kind) for i, kind in enumerate(kinds))
)
contacts = st.builds(
    lambda name, emails, phones, place: Contact(
        a_value("Ada") if name else None,
        (a_value("a@b.org"),) * emails,
        (a_value("1"),) * phones,
        (),
        a_value("X") if place else None,
    ),
    st.booleans(), st.integers(0, 1), st.integers(0, 1), st.booleans(),
)  # fmt: skip
educations = st.lists(
    st.builds(
        lambda school, level: Education(a_value("TU") if school else None, None, level, Span(0, 1, 1, "M")),
        st.booleans(), st.sampled_from([EducationLevel.UNKNOWN, EducationLevel.MASTER]),
    ),
    max_size=1,
).map(tuple)  # fmt: skip
resumes = st.builds(
    lambda rs, ss, contact, summary, schools: a_resume(
        *rs, skills=ss, contact=contact, summary=a_value("x") if summary else None, educations=schools
    ),
    st.lists(roles, max_size=4), skills, contacts, st.booleans(), educations,
)  # fmt: skip


@given(resumes)
@settings(max_examples=150)
def test_doing_what_is_suggested_brings_exactly_what_was_said(resume: ParsedResume) -> None:
    before = found(resume)
    assert 0 <= before.strength <= 100
    gains = [s.max_gain for s in before.suggestions]
    assert gains == sorted(gains, reverse=True)
    for suggestion in before.suggestions:
        assert suggestion.max_gain > 0
        after = found(DONE[suggestion.topic](resume))
        assert after.strength - before.strength == suggestion.max_gain, suggestion
    assert found(resume) == before


def test_a_suggestion_quotes_nothing_that_the_resume_does_not_say() -> None:
    resume = a_resume(a_role(None, bullets=with_bullets(*BARE)), a_role(employer=None))
    said = {b.span for r in resume.experiences for b in r.bullets} | {r.span for r in resume.experiences}
    spans = [span for s in found(resume).suggestions for span in s.spans]
    assert spans
    assert set(spans) <= said


ISSUES = [
    ("en", "Cut run time by 40%", []),
    ("en", "Co-authored 3 papers on compilers", []),
    ("en", "Responsible for the payroll of the house", ["NO_ACTION_VERB", "NO_QUANTITY", "VAGUE"]),
    ("en", "Built a tool that I use in 2019", ["NO_QUANTITY", "FIRST_PERSON"]),
    ("en", "Managed budgets", ["NO_QUANTITY", "TOO_SHORT"]),
    ("en", "Grew revenue from $2M to $5.5M in two years", []),
    ("en", "The system was large and slow", ["NO_ACTION_VERB", "NO_QUANTITY"]),
    ("de", "Entwicklung von 3 Diensten für den Vertrieb", []),
    ("de", "Verantwortlich für die Buchhaltung der Firma", ["NO_ACTION_VERB", "NO_QUANTITY", "VAGUE"]),
    ("fr", "Développement de 12 services pour les clients", []),
    ("fr", "Responsable de la gestion des comptes", ["NO_ACTION_VERB", "NO_QUANTITY", "VAGUE"]),
    ("es", "Lideré un equipo de 8 personas", []),
    ("es", "Encargado de las ventas de la tienda", ["NO_QUANTITY", "VAGUE"]),
]
SAMPLES = {
    "en": "the team and the systems of the company with the people for whom they were",
    "de": "der Dienst und die Leute von der Firma mit dem Geld für das Haus",
    "fr": "le service et les gens du bureau pour les clients avec une équipe dans la ville",
    "es": "el servicio y los clientes del banco para las personas con una tienda",
}


@pytest.mark.parametrize(("language", "text", "issues"), ISSUES)
def test_lines_are_judged_in_four_languages(language: str, text: str, issues: list[str]) -> None:
    words = Words.of(SAMPLES[language])
    assert words.language == language
    assert [issue.value for issue in review(a_value(text), words).issues] == issues


def test_quantities_stand_where_they_are_said() -> None:
    line = Value("", Span(100, 143, 1, "Cut costs by 12% and €1.2M in 3 months, 2019"), 1.0)
    assert [q.text for q in review(line, Words.of("")).quantities] == ["12%", "€1.2M", "3 months"]
    assert all(line.span.text[q.start - 100 : q.end - 100] == q.text for q in review(line, Words.of("")).quantities)


def test_a_gap_is_over_six_months_between_all_that_was_done() -> None:
    roles_ = (a_role(start="2018-01", end="2019-03", at=10), a_role(start="2019-11", end="2020-12", at=30))
    one, last = gaps(a_resume(*roles_, educations=()))
    assert (str(one.start), str(one.end), one.months) == ("2019-04", "2019-10", 7)
    assert (one.before, one.after) == (roles_[0].span, roles_[1].span)
    assert (str(last.start), str(last.end), last.months, last.after) == ("2021-01", "2026-03", 63, None)
    study = Education(
        None, None, EducationLevel.MASTER, Span(0, 1, 1, "M"), None, YearMonth(2019, 4), YearMonth(2019, 10)
    )
    assert [g.months for g in gaps(a_resume(*roles_, educations=(study,)))] == [63]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (("2018-01", "2019-03"), ("2019-10", None), []),  # six months, and it lasts
        (("2014", "2017"), ("2018", None), []),  # may be adjacent
        (("2014", "2016"), ("2018", None), [12]),  # all of 2017
        (("2018-01", None), ("2014-01", "2015-01"), [35]),  # whatever the order on the page
    ],
)
def test_only_what_is_certain_is_a_gap(
    first: tuple[str, str | None], second: tuple[str, str | None], expected: list[int]
) -> None:
    resume = a_resume(a_role("A", *first), a_role("B", *second), educations=())
    assert [g.months for g in gaps(resume)] == expected


def test_roles_held_at_once_overlap_from_the_second_month() -> None:
    resume = a_resume(
        a_role("A", "2018-01", "2020-06", 10), a_role("B", "2020-01", None, 30), a_role("C", "2017-01", "2018-01", 50)
    )
    (one,) = overlaps(resume)
    assert (str(one.start), str(one.end), one.months) == ("2020-01", "2020-06", 6)
    assert (one.first.start, one.second.start) == (10, 30)
    assert overlaps(a_resume(a_role("A", "2018", "2020"), a_role("B", "2020", "2021"))) == ()


@pytest.mark.parametrize(
    ("title", "years", "stage"),
    [
        ("Developer", 0.5, "ENTRY"),
        ("Developer", 3, "MID"),
        ("Developer", 6, "SENIOR"),
        ("Developer", 12, "EXPERT"),
        ("Senior Developer", 2.5, "SENIOR"),
        ("Head of Engineering", 6, "EXPERT"),
        ("Head of Engineering", 3, "SENIOR"),
        ("Software Engineering Intern", 0.8, "ENTRY"),
        ("Praktikantin", 2.5, "MID"),
        ("Junior Developer", 6, "MID"),
        ("Teamleiterin", 3, "SENIOR"),
    ],
)
def test_the_stage_follows_from_years_and_the_last_titles(title: str, years: float, stage: str) -> None:
    resume = a_resume(
        a_role(title, "2024-01", None),
        a_role("Clerk", "2020-01", "2021-01"),
        a_role("Chief", "2001-01", "2001-02"),
        years=years,
    )
    assert career_stage(resume)[0] == stage


def test_the_focus_is_where_most_months_were_spent() -> None:
    resume = a_resume(
        a_role("Registered Nurse", "2010-01", "2018-12"),
        a_role("Software Developer", "2019-01", "2021-12"),
        a_role("Cook", "2009-01", "2009-03"),
    )
    assert industries(resume) == ("Health care", "Information technology")
    assert industries(a_resume(skills=(a_skill("software testing"),))) == ("Information technology",)


def a_line(
    text: str, box: tuple[float, float, float, float] = (50, 100, 300, 112), page: int = 1, **fields: object
) -> tuple[str, Line]:
    return text, Line(0, 0, page, box, **fields)  # type: ignore[arg-type]


def regions(resume: ParsedResume, document: Document, name: str) -> list[tuple[int, object, str]]:
    (check,) = [c for c in found(resume, document).checks if c.name == name]
    assert not check.passed
    return [(r.page, r.box, r.span.text if r.span else "") for r in check.regions]


def test_what_a_machine_cannot_read_is_shown_where_it_stands() -> None:
    right, left = (300.0, 100.0, 500.0, 300.0), (50.0, 100.0, 250.0, 300.0)
    columns = a_document([a_line("left", left, block=1), a_line("right", right, block=2)], columns=2)
    assert regions(a_resume(), columns, "columns") == [(1, right, "")]
    rows = [a_line(f"a\tb\tc{i}", (50, 100 + 20 * i, 300, 112 + 20 * i)) for i in range(3)]
    assert [r[0] for r in regions(a_resume(), a_document(rows), "tables")] == [1, 1, 1]
    top = (50.0, 10.0, 300.0, 22.0)
    mail = "ada@example.org"
    headed = a_resume(contact=Contact(None, (a_value(mail),), (), (), None))
    assert regions(headed, a_document([a_line(mail, top)]), "header_footer") == [(1, top, mail)]
    odd = a_document([a_line("\uf0b7 item", edges=(50, 60, 65, 70, 75, 80, 85))])
    assert regions(a_resume(), odd, "symbols") == [(1, (50, 100, 60, 112), "\uf0b7")]
    assert regions(a_resume(), a_document([a_line("small", size=5.0)]), "letter_size")[0][2] == "small"
    blank = a_document([a_line("text")], 2)
    assert regions(a_resume(), blank, "pictures") == [(2, (0.0, 0.0, 595.0, 842.0), "")]
    guessed = a_document([a_line("sure"), a_line("unsvre", confidence=0.4)], recognised=True)
    assert [r[2] for r in regions(a_resume(), guessed, "text_layer")] == ["unsvre"]
    undated = a_resume(a_role(start=None, end=None, span=Span(0, 4, 1, "text")))
    assert regions(undated, a_document([a_line("text")]), "dates")[0][2] == "text"
    white = Concealed("Python Python", Concealment.LOW_CONTRAST, 1, top)
    title = Concealed("My resume", Concealment.METADATA)
    assert regions(a_resume(), a_document(concealed=(white, title)), "hidden_text") == [(1, top, "")]


def test_a_plain_resume_passes_every_check() -> None:
    lines = [
        a_line(f"Line {i} with words enough to count", (50, 60 + 14 * i, 300, 72 + 14 * i), size=10.0)
        for i in range(30)
    ]
    resume = a_resume(a_role(bullets=with_bullets(*GOOD)))
    assert [c.name for c in found(resume, a_document(lines)).checks if not c.passed] == []
    assert [c.name for c in analyse(a_document(lines), resume, 6 << 20).checks if not c.passed] == ["file_size"]
