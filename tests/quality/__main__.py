"""`make quality DATA=dir`: accuracy tables. The folder is laid out as the benchmark data's own README says."""

import argparse
import sys
from pathlib import Path

from rich.console import Console

from tests.quality import report


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.quality", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the public data sets")
    parser.add_argument("--only", default=",".join(report.MODULES), help="names of tables, parted by commas")
    parser.add_argument("--write", action="store_true", help="write README.md beside the tables' modules")
    options = parser.parse_args()
    names = options.only.split(",")
    if strange := [name for name in names if name not in report.MODULES]:
        parser.error(f"no table is called {', '.join(strange)}; there are {', '.join(report.MODULES)}")
    if not options.data.is_dir():
        parser.error(f"{options.data} is no folder: make quality DATA=dir")
    sys.exit(show(names, options.data, options.write))


def show(names: list[str], data: Path, write: bool) -> int:
    """Prints each table as soon as it is there; 1 when one failed or there was none."""
    console, parts = Console(), []
    for name in names:
        part = report.run(name, data)
        parts.append(part)
        for table in part.tables:
            console.print(table)
        if part.note:
            console.print(f"{name}: {part.note}", markup=False)
        if write:
            report.write([part], report.README)
    return int(any(part.failed for part in parts) or not any(part.tables for part in parts))


if __name__ == "__main__":
    main()
