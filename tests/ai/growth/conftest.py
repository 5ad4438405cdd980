"""An ontology with relations, as one compiled from ESCO's own tables has them."""

from pathlib import Path

import pytest

from services.ai.skills.build import compile_to
from services.ai.skills.ontology import Occupation, Ontology, open_file
from services.ai.skills.tables import Link, Row, Tables


@pytest.fixture(scope="session")
def related(tmp_path_factory: pytest.TempPathFactory) -> Ontology:
    """Baking needs kneading, which is narrower than working dough; bakers need the first two."""
    path: Path = tmp_path_factory.mktemp("ontology") / "ontology.bin"
    rows = (
        Row("bake", "bake bread", (), False, "Baking."),
        Row("knead", "knead dough", (), False, "Kneading."),
        Row("dough", "work dough", (), False, "Dough."),
        Row("grain", "cereal science", (), False, "Grain."),
        *(Row(f"grain-{n}", f"cereal science of kind {n}", (), False, "One grain.") for n in range(3)),
        Row("tech:oven", "Oven Control", (), True),
    )
    tables = Tables(
        rows,
        broader=(Link("knead", "dough", True), *(Link(f"grain-{n}", "grain", True) for n in range(3))),
        related=(Link("bake", "knead", True), Link("bake", "grain", False), Link("bake", "bake", True)),
        occupations={"baker": "baker"},
        skills_of=(Link("baker", "bake", True), Link("baker", "knead", True), Link("baker", "grain", False)),
        titles=(Occupation("baker", "baker", ("bread maker", "Bake-house worker")), Occupation("miller", "miller", ())),
    )
    compile_to(path, tables, (), ())
    return open_file(path)
