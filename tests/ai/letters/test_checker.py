"""Whatever writes, a sentence that the sources do not support does not get through."""

from dataclasses import replace

import pytest

from services.ai.letters import (
    LANGUAGES,
    Checker,
    DefaultWriter,
    Deleted,
    Fault,
    Length,
    Options,
    Sentence,
    Tone,
    letter,
)
from services.ai.skills import load
from tests.ai.letters.examples import RESUMES, linker, sources
from tests.ai.letters.statements import FALSE, TRUE


def checked(text: str, language: str = "en", resume: str = "", position: str = "") -> Sentence | Deleted:
    return Checker(sources(resume or language, position), language, linker()).check(Sentence(text))


def faults(text: str, language: str = "en") -> set[Fault]:
    found = checked(text, language)
    return {objection.fault for objection in found.objections} if isinstance(found, Deleted) else set()


@pytest.mark.parametrize(("language", "text"), [(language, text) for language in LANGUAGES for text in FALSE[language]])
def test_a_false_sentence_is_deleted_with_a_reason(language: str, text: str) -> None:
    found = checked(text, language)
    assert isinstance(found, Deleted)
    assert all(objection.words for objection in found.objections)


@pytest.mark.parametrize(("language", "text"), [(language, text) for language in LANGUAGES for text in TRUE[language]])
def test_a_true_sentence_stays(language: str, text: str) -> None:
    found = checked(text, language)
    assert isinstance(found, Sentence), [str(one) for one in found.objections]
    assert found.text == text


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("At Google I built pipelines.", Fault.ENTITY),
        ("I trained 26 colleagues.", Fault.NUMBER),
        ("I trained twenty-six colleagues.", Fault.NUMBER),
        ("I have been in logistics since 2011 and in freight since 2017.", Fault.DATE),
        ("I deploy with kubernetes.", Fault.SKILL),
        ("I hold a PhD.", Fault.CREDENTIAL),
        ("I have never used Python.", Fault.DENIAL),
        ("At Harbour Insurance I used Apache Airflow.", Fault.ASSIGNMENT),
        ("I have experience in beekeeping.", Fault.CLAIM),
        ("Dear [hiring manager],", Fault.FORM),
        ("Dear {name},", Fault.FORM),
        ("I enclose <the certificate>.", Fault.FORM),
        ("**I work with Python.**", Fault.FORM),
        ("## My work", Fault.FORM),
        ("- I work with Python.", Fault.FORM),
        ("Sure, I am happy to help!", Fault.FORM),
        ("Below is the cover letter for this position:", Fault.FORM),
        ("Feel free to adjust it.", Fault.FORM),
        ("Let me know if you'd like me to change the tone.", Fault.FORM),
        ("As a language model, I can say that Python is used daily.", Fault.FORM),
    ],
)
def test_the_reason_names_what_is_wrong(text: str, fault: Fault) -> None:
    assert fault in faults(text)


@pytest.mark.parametrize("title", ["Data Platform Engineer [m/f/d]", "**Data Engineer**", "C# Developer <Remote>"])
def test_marks_in_the_title_of_the_position_are_its_own(title: str) -> None:
    from_ = sources("en")
    from_ = replace(from_, vacancy=replace(from_.vacancy, title=title))
    made = list(letter(DefaultWriter(load()), from_, Options(), linker()))
    assert [one for one in made if isinstance(one, Deleted)] == []


def test_a_title_that_ends_in_specialist_claims_no_speciality() -> None:
    text = RESUMES["en"].replace("Senior Data Engineer", "HR Specialist")
    said = "I currently work as an HR Specialist at Northwind Freight Ltd, a post I have held since March 2019."
    assert isinstance(Checker(sources("en", text=text), "en", linker()).check(Sentence(said)), Sentence)


def test_a_reason_can_be_shown_to_people() -> None:
    found = checked("I deploy with kubernetes.")
    assert isinstance(found, Deleted)
    assert [str(one) for one in found.objections] == ["a skill that the resume does not show: kubernetes"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("resume", LANGUAGES)
@pytest.mark.parametrize("tone", list(Tone))
def test_the_default_writer_s_own_letters_pass_whole(language: str, resume: str, tone: Tone) -> None:
    options = Options(tone, Length.LONG, language)
    made = list(letter(DefaultWriter(load()), sources(resume), options, linker()))
    assert [one for one in made if isinstance(one, Deleted)] == []


def test_a_number_of_the_position_is_no_number_of_the_person() -> None:
    assert isinstance(checked("You ask for 15 years."), Sentence)
    assert isinstance(checked("I bring the 15 years that you ask for."), Deleted)


def test_a_figure_must_count_what_the_resume_counts() -> None:
    assert isinstance(checked("I trained 25 colleagues."), Sentence)
    assert isinstance(checked("I trained 25 directors."), Deleted)
    assert isinstance(checked("I cut nightly loads by 25%."), Deleted)


def test_full_years_of_all_work_may_be_told_as_they_add_up() -> None:
    assert isinstance(checked("I have been at work for 12 years."), Sentence)
    assert isinstance(checked("I have been at work for 13 years."), Deleted)


def test_digits_of_a_telephone_number_support_nothing() -> None:
    assert "7946" in RESUMES["en"]
    assert isinstance(checked("Ich habe 7946 Berichte bearbeitet.", "de", "en"), Deleted)
    assert isinstance(checked("Ich habe 140 Berichte bearbeitet.", "de", "en"), Sentence)


def test_a_skill_that_the_resume_denies_is_not_supported() -> None:
    denied = sources("en", text=RESUMES["en"].replace("SKILLS\n", "SKILLS\nNo experience with Kubernetes\n"))
    found = Checker(denied, "en", linker()).check(Sentence("I have used Kubernetes."))
    assert isinstance(found, Deleted)


def test_the_position_s_employer_is_named_but_not_claimed() -> None:
    assert isinstance(checked("I am applying to Orbital Grocers."), Sentence)
    assert isinstance(checked("I have worked for Orbital Grocers since March 2019."), Deleted)


def test_a_level_above_the_stated_one_is_not_supported() -> None:
    assert isinstance(checked("I speak German (B1)."), Sentence)
    assert isinstance(checked("I speak German (B2)."), Deleted)


def test_what_passes_points_at_where_it_is_said() -> None:
    kept = checked("At Northwind Freight Ltd I work with Python and PostgreSQL.")
    assert isinstance(kept, Sentence)
    text = sources("en").resume_text
    assert {"Northwind Freight Ltd", "Python", "PostgreSQL"} <= {span.text for span in kept.resume_spans}
    assert all(text[span.start : span.end] == span.text for span in kept.resume_spans)
    assert {"Python", "PostgreSQL"} <= {span.text for span in kept.position_spans}


@pytest.mark.parametrize(
    "text",
    [
        "I have used\nKubernetes since\n2015.",
        "I have used kuber\u200bnetes every day.",
        "I have used ｋｕｂｅｒｎｅｔｅｓ every day.",
        "I trained ２６ colleagues.",
    ],
)
def test_ways_of_writing_hide_nothing(text: str) -> None:
    assert isinstance(checked(text), Deleted)


def test_a_sentence_in_another_language_is_read_in_that_language() -> None:
    assert isinstance(checked("con los equipos del banco hice cincuenta informes para el cliente."), Deleted)


def test_the_signature_is_the_person_s_name_and_no_other() -> None:
    assert isinstance(checked("Mara Lindqvist"), Sentence)
    assert isinstance(checked("Peter Hansen"), Deleted)
