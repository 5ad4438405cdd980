"""Lists of skills: what is an item, a label, a level."""

from dataclasses import replace

import pytest

from services.ai.documents import Document
from services.ai.resume import parse
from tests.ai.resume.documents import AS_OF, drawn, parsed_text


def with_white_after(document: Document, label: str) -> Document:
    """The same page with what follows a label moved to the right."""
    at = document.text.index(label) + len(label)
    lines = tuple(
        replace(line, edges=tuple(e + 15 * (line.start + i > at) for i, e in enumerate(line.edges)))
        if line.start <= at < line.end
        else line
        for line in document.lines
    )
    return replace(document, lines=lines)


def skills_of(document: Document) -> list[str]:
    return [skill.text for skill in parse(document, AS_OF).listed_skills]


def test_a_label_before_wider_white_is_no_part_of_a_skill() -> None:
    page = drawn(
        [
            ("Jane Doe", 20, True, 50),
            ("Skills", 14, True, 50),
            ("Rédaction web, Relations presse, Gestion de projet", 10, False, 50),
            ("Logiciels Adobe InDesign, Photoshop, Word Press", 10, False, 50),
        ]
    )
    assert "Adobe InDesign" in skills_of(with_white_after(page, "Logiciels"))
    assert "Gestion de projet" in skills_of(with_white_after(page, "Logiciels"))
    assert "Gestion de projet" not in skills_of(page)


@pytest.mark.parametrize("level", ["Expert", "Advanced", "Beginner"])
def test_a_level_before_the_next_column_is_no_part_of_its_skill(level: str) -> None:
    found = parsed_text(f"Jane Doe\n\nSKILLS\nMinute taking\t{level} Event planning\t{level}\n").listed_skills
    assert [skill.text for skill in found] == ["Minute taking", "Event planning"]


def test_a_level_that_no_other_cell_has_belongs_to_its_skill() -> None:
    found = parsed_text("Jane Doe\n\nSKILLS\nMinute taking\tExpert systems\n").listed_skills
    assert [skill.text for skill in found] == ["Minute taking", "Expert systems"]


@pytest.mark.parametrize(
    "row",
    [
        "Menu costing / Butchery / Team building",
        "Menu costing – Butchery – Team building",
        "Menu costing ■ Butchery ■ Team building",
    ],
)
def test_items_are_parted_by_whatever_mark_a_row_has(row: str) -> None:
    found = parsed_text(f"Jane Doe\n\nSKILLS\n{row}\n").listed_skills
    assert [skill.text for skill in found] == ["Menu costing", "Butchery", "Team building"]


def test_a_stroke_beside_commas_is_within_an_item() -> None:
    found = parsed_text("Jane Doe\n\nSKILLS\nStruts / Hibernate, Ant / Ivy, Maven\n").listed_skills
    assert [skill.text for skill in found] == ["Struts / Hibernate", "Ant / Ivy", "Maven"]


def test_levels_in_rows_between_names_and_words_are_no_skills() -> None:
    page = drawn(
        [
            ("Jane Doe", 20, True, 50),
            ("Skills", 14, True, 50),
            ("Shader Authoring", 10, True, 60),
            ("Expert", 10, False, 50),
            ("HLSL, Shader Graph, Cg", 9, False, 50),
            ("Scripting", 10, True, 60),
            ("Advanced Python, Lua, Ruby", 10, False, 50),
        ]
    )
    assert skills_of(page) == ["Shader Authoring", "HLSL", "Shader Graph", "Cg", "Scripting", "Python", "Lua", "Ruby"]


def test_a_label_broken_in_a_narrow_cell_is_no_heading_of_languages() -> None:
    page = drawn(
        [
            ("Jane Doe", 20, True, 50),
            ("Technical Skills", 11, True, 50),
            ("Engines", 10, True, 50),
            ("Unity, Godot", 10, False, 50),
            ("Programming", 10, True, 50),
            ("Languages", 10, True, 50),
            ("HLSL, Lua", 10, False, 50),
            ("Education", 11, True, 50),
        ]
    )
    assert {"HLSL", "Lua"} <= set(skills_of(page))


def test_a_full_stop_in_a_picture_may_have_been_a_comma() -> None:
    page = drawn(
        [
            ("Jane Doe", 20, True, 50),
            ("Skills", 14, True, 50),
            ("Python: Django. Flask, Node.js, Pyramid", 10, False, 50),
        ]
    )
    assert skills_of(replace(page, recognised=True)) == ["Django", "Flask", "Node.js", "Pyramid"]
    assert skills_of(page) == ["Django. Flask", "Node.js", "Pyramid"]


def test_a_group_of_other_skills_holds_skills_and_one_of_interests_none() -> None:
    found = parsed_text(
        "Jane Doe\n\nSKILLS\nData: SQL\nOther: Perforce, Advanced Excel\nInterests: Chess, Choir\n"
    ).listed_skills
    assert [skill.text for skill in found] == ["SQL", "Perforce", "Advanced Excel"]
