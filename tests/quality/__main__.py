"""`make quality DATA=dir`: accuracy tables. The folder is laid out as the benchmark data's own README says."""

import argparse
import sys
from pathlib import Path

from rich.console import Console

from tests.quality import matching, resumes

PARTS = {"resume_files/rendered": resumes.table, "vanetik_matching": matching.table}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the public data sets")
    data: Path = parser.parse_args().data
    tables = [table(data) for name, table in PARTS.items() if (data / name).is_dir()]
    if not tables:
        sys.exit(f"{data} has none of {', '.join(PARTS)}; give the folder that holds them: make quality DATA=dir")
    for table in tables:
        Console().print(table)


if __name__ == "__main__":
    main()
