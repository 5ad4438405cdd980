"""`python -m tests.fuzz --executions N`: mutated files through all that looks at files. Exit code 1 when one got through."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from tests.fuzz.batches import Result, run, save
from tests.fuzz.execute import VERDICTS


def main() -> None:
    arguments = _arguments()
    result = Result()
    columns = (TextColumn("files"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns) as progress:
        task = progress.add_task("", total=arguments.executions)
        for grown in run(arguments.seed, arguments.executions, arguments.seconds, arguments.workers):
            result = grown
            progress.update(task, completed=result.executions)
    console = Console()
    console.print(table(result))
    console.print(
        f"{result.executions} executions, seed {arguments.seed}; escaped: {len(result.escaped)}, hung: {len(result.hung)}, ",
        end="",
    )
    console.print(f"children that died: {len(result.died)}")
    for path in save(arguments.seed, result, arguments.save)[:20]:
        console.print(f"  {path}")
    sys.exit(1 if result.failures else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--executions", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop then, however many are done")
    parser.add_argument("--seed", type=int, default=0, help="the same seed makes the same files")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--save", type=Path, default=Path(tempfile.gettempdir()) / "skillsync-fuzz", help="folder for what got through"
    )
    return parser.parse_args()


def table(result: Result) -> Table:
    """How often each kind got each verdict."""
    made = Table(title="Mutated documents")
    made.add_column("kind")
    used = [verdict for verdict in VERDICTS if any(found == verdict for _, found in result.verdicts)]
    for verdict in used:
        made.add_column(verdict, justify="right")
    for kind in sorted({kind for kind, _ in result.verdicts}):
        made.add_row(kind, *(str(result.verdicts[kind, verdict]) for verdict in used))
    return made


if __name__ == "__main__":
    main()
