"""`skillsync ontology …`."""

import sys
from pathlib import Path

import click


@click.group()
def ontology() -> None:
    """The skills that resumes and positions are read with."""


@ontology.command()
@click.option(
    "--esco", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder with ESCO's tables."
)
def build(esco: Path | None) -> None:
    """Compile it from the packaged tables, or from ESCO's own."""
    from services.ai.skills.build import build as compile_skills
    from services.ai.skills.tables import SourceMissing

    try:
        click.echo(f"{compile_skills(esco):,} skills")
    except SourceMissing as error:
        sys.exit(str(error))


@ontology.command()
def show() -> None:
    """Say what is compiled here, and whose work it is."""
    from services.ai.skills import OntologyMissing, load

    try:
        compiled = load()
    except OntologyMissing as error:
        sys.exit(str(error))
    click.echo(f"{len(compiled.skills):,} skills, version {compiled.version}\n\n{compiled.notice}")
