"""The ontology compiled from small tables in every layout that is accepted, and the file it is kept in."""

import csv
import gzip
import io
import tracemalloc
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from services.ai.skills import OntologyMissing, SkillLinker, load
from services.ai.skills.build import compile_to, merge, own
from services.ai.skills.ontology import FILE, Ontology, open_file
from services.ai.skills.packed import Damaged, Packed
from services.ai.skills.runtogether import Splitter
from services.ai.skills.tables import Row, SourceMissing, official
from services.cli import main

SKILL = "http://data.europa.eu/esco/skill/"


def write(path: Path, rows: Iterable[Sequence[str]]) -> None:
    table = io.StringIO(newline="")
    csv.writer(table).writerows(rows)
    raw = table.getvalue().encode("utf-8-sig")
    path.write_bytes(gzip.compress(raw) if path.suffix == ".gz" else raw)


def as_published(folder: Path) -> Path:
    """Tables laid out as in the Commission's download."""
    uri, name = "conceptUri", "preferredLabel"
    write(
        folder / "skills_en.csv",
        [
            ["conceptType", uri, "skillType", name, "altLabels", "hiddenLabels", "description"],
            [
                "K",
                f"{SKILL}a",
                "knowledge",
                "Snark (computer programming)",
                "Snark language\nSnark code",
                "",
                "The language.",
            ],
            ["K", f"{SKILL}b", "skill/competence", "train jabberwocks", "calm jabberwocks", "", "Calm them."],
        ],
    )
    write(folder / "skillGroups_en.csv", [["conceptType", uri, name], ["G", f"{SKILL}g", "beasts"]])
    write(
        folder / "broaderRelationsSkillPillar_en.csv",
        [["conceptType", uri, "broaderType", "broaderUri"], ["K", f"{SKILL}b", "G", f"{SKILL}g"]],
    )
    write(
        folder / "skillSkillRelations_en.csv",
        [["originalSkillUri", "relationType", "relatedSkillUri"], [f"{SKILL}b", "optional", f"{SKILL}a"]],
    )
    write(folder / "occupations_en.csv", [[uri, name], ["http://data.europa.eu/esco/occupation/o", "hunter"]])
    write(
        folder / "occupationSkillRelations_en.csv",
        [
            ["occupationUri", "relationType", "skillUri"],
            ["http://data.europa.eu/esco/occupation/o", "essential", f"{SKILL}b"],
        ],
    )
    return folder


def as_copied(folder: Path) -> Path:
    """The same, as a project that copied the tables named them."""
    write(
        folder / "skills.csv.gz",
        [
            ["id", "preferred_label", "alt_labels", "hidden_labels", "description"],
            ["a", "Snark (computer programming)", "Snark language | Snark code", "", "The language."],
            ["b", "train jabberwocks", "calm jabberwocks", "", "Calm them."],
        ],
    )
    write(folder / "skill_groups.csv.gz", [["id", "preferred_label"], ["skill/g", "beasts"]])
    write(
        folder / "skill_broader.csv.gz",
        [["type", "id", "broader_type", "broader_id"], ["K", "skill/b", "G", "skill/g"]],
    )
    write(folder / "skill_skill.csv.gz", [["original_id", "relation", "related_id"], ["b", "optional", "a"]])
    write(folder / "occupations.csv.gz", [["id", "preferred_label"], ["o", "hunter"]])
    write(folder / "occupation_skill.csv.gz", [["occupation_id", "relation", "skill_id"], ["o", "essential", "b"]])
    return folder


def compiled(folder: Path) -> Ontology:
    compile_to(folder / "ontology.bin", official(folder), [Row("tech:snark", "Snark", ("SnarkLang",), True)], [])
    return open_file(folder / "ontology.bin")


@pytest.mark.parametrize("layout", [as_published, as_copied])
def test_escos_tables_are_read_in_both_layouts(layout: object, tmp_path: Path) -> None:
    ontology = compiled(layout(tmp_path))  # type: ignore[operator]
    assert ontology.skills["b"].aliases == ("calm jabberwocks",)
    assert [(c.id, c.label) for c in ontology.broader("b")] == [("g", "beasts")]
    assert [(c.label, c.essential) for c in ontology.related("b")] == [("Snark", False)]
    assert [(c.label, c.essential) for c in ontology.occupations("b")] == [("hunter", True)]
    assert ontology.description("a") == "The language."
    assert ontology.occupations("a") == ()


def test_a_skill_of_ours_and_escos_are_one_with_escos_id(tmp_path: Path) -> None:
    ontology = compiled(as_published(tmp_path))
    assert ontology.find("snarklang") == ontology.skills["a"] == ontology.find("SNARK LANGUAGE")
    assert ontology.skills["a"].technology
    assert len(ontology.skills) == len(list(ontology.skills)) == 2


def test_a_label_comes_before_another_skills_alias(tmp_path: Path) -> None:
    rows = [Row("tech:a", "Snark", ("Boojum",), True), Row("tech:b", "boojum", (), True)]
    compile_to(tmp_path / "ontology.bin", official(as_published(tmp_path)), rows, [])
    found = open_file(tmp_path / "ontology.bin").find("Boojum")
    assert found is not None
    assert found.label == "boojum"


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    compiled(as_published(tmp_path))
    first = (tmp_path / "ontology.bin").read_bytes()
    compiled(tmp_path)
    assert (tmp_path / "ontology.bin").read_bytes() == first


def test_a_compiled_file_finds_its_skills_in_texts(tmp_path: Path) -> None:
    mentions = SkillLinker(compiled(as_published(tmp_path))).link("Trained the jabberwocks with SnarkLang")
    assert [m.skill_id for m in mentions] == ["b", "a"]


def test_a_folder_without_skills_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing, match="no ESCO skills"):
        official(tmp_path)


def test_a_table_that_lacks_a_column_is_named(tmp_path: Path) -> None:
    write(tmp_path / "skills_en.csv", [["conceptUri", "altLabels"], ["a", "b"]])
    with pytest.raises(SourceMissing, match="preferred_label"):
        official(tmp_path)


def test_a_table_that_is_no_table_is_named(tmp_path: Path) -> None:
    (tmp_path / "skills.csv.gz").write_bytes(b"no gzip")
    with pytest.raises(SourceMissing, match="cannot be read"):
        official(tmp_path)


def test_a_missing_or_damaged_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(OntologyMissing, match="ontology build"):
        open_file(tmp_path / "none.bin")
    compiled(as_published(tmp_path))
    whole = (tmp_path / "ontology.bin").read_bytes()
    (tmp_path / "ontology.bin").write_bytes(whole[:-200])
    with pytest.raises(Damaged, match="cut off"):
        open_file(tmp_path / "ontology.bin")
    (tmp_path / "ontology.bin").write_bytes(b"[]" * 99)
    with pytest.raises(Damaged, match="not a file of arrays"):
        open_file(tmp_path / "ontology.bin")


def test_unknown_ids_and_names_are_not_found() -> None:
    assert load().find("no such skill at all") is None
    with pytest.raises(KeyError):
        load().skills["no such id"]


def test_the_whole_ontology_opens_without_being_read() -> None:
    tracemalloc.start()
    SkillLinker(open_file(FILE))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < FILE.stat().st_size / 100


def test_it_holds_esco_and_what_esco_lacks() -> None:
    skills = load().skills
    assert sum(not skill_id.startswith("tech:") for skill_id in skills) > 13_800
    assert sum(skill_id.startswith("tech:") for skill_id in skills) > 9_000


def test_each_name_of_our_lists_leads_to_one_skill() -> None:
    owner: dict[str, str] = {}
    for row in own():
        for name in {n.casefold() for n in (row.label, *row.aliases)}:
            assert owner.setdefault(name, row.label) == row.label, name


def test_of_two_skills_with_one_name_the_first_keeps_it() -> None:
    ours, theirs = Row("tech:python", "Python", ("py",), True), Row("x", "Python (computer programming)", ("Py",))
    other = Row("tech:python", "python", (), True)
    merged = [one.row for one in merge([ours], [theirs], [other])]
    assert [(row.id, row.label, row.aliases) for row in merged] == [("x", "Python", ("py", "Py"))]


def test_run_together_labels_are_parted() -> None:
    splitter = Splitter(["financial data", "sociology"], ["The study of money in economics"], ["botany"])
    assert splitter.split("botany plant structure The study of plants.").label == "botany"
    bracketed = splitter.split("Snark (computer programming) SnarkLang The language Snark.")
    assert (bracketed.label, bracketed.description) == ("Snark (computer programming)", "The language Snark.")
    assert splitter.split("").certainty == 0


def test_arrays_are_read_as_they_were_written(tmp_path: Path) -> None:
    ontology = compiled(as_published(tmp_path))
    packed = Packed(tmp_path / "ontology.bin")
    assert list(packed.strings("skills.id")) == list(ontology.skills)
    with pytest.raises(ValueError, match="read-only"):
        packed.array("skills.technology")[0] = 1


def test_the_command_shows_whose_work_it_is() -> None:
    shown = CliRunner().invoke(main, ["ontology", "show"]).output
    assert "ESCO" in shown
    assert "CC BY 4.0" in shown


def test_the_command_explains_a_folder_that_is_none(tmp_path: Path) -> None:
    failed = CliRunner().invoke(main, ["ontology", "build", "--esco", str(tmp_path)])
    assert failed.exit_code
    assert "no ESCO skills" in failed.output + str(failed.exception)
