"""Every table of every service is declared: what is in it about a person can be handed over and removed."""

import importlib
from typing import Any

import pytest

from gateway.contract import SERVICES
from services.kit.privacy import NOBODYS, Holding, safe_name
from tests.harness import System


def declared(service: str) -> tuple[list[Holding], set[str]]:
    module: Any = importlib.import_module(f"services.{service}.privacy")
    return list(module.HOLDINGS), {*NOBODYS, *getattr(module, "NOBODYS", {})}


@pytest.mark.parametrize("service", SERVICES)
def test_each_table_is_somebodys_or_nobodys(service: str) -> None:
    metadata = importlib.import_module(f"services.{service}.tables").metadata_
    tables = {table.name for table in metadata.tables.values()}
    holdings, nobodys = declared(service)
    held = {h.table.rpartition(".")[2] for h in holdings if not h.table.startswith("activity.")}
    assert held | (nobodys & tables) == tables
    assert not held & nobodys


@pytest.mark.parametrize("service", SERVICES)
async def test_no_secret_is_handed_over_and_each_is_a_column(system: System, service: str) -> None:
    holdings, _ = declared(service)
    for holding in holdings:
        rows = await system.database.fetch(
            "select attname, atttypid::regtype::text as type from pg_attribute where attrelid = to_regclass($1) and attnum > 0",
            holding.table,
        )
        columns = {row["attname"]: row["type"] for row in rows}
        assert columns.keys() >= set(holding.secret)
        secret = {name for name, type_ in columns.items() if type_ == "bytea" or "hash" in name}
        assert not holding.exported or secret <= set(holding.secret)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("cv.pdf", "cv.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\cv.pdf", "cv.pdf"),
        ("..", "file"),
        ("", "file"),
        ("a\x00b\n.pdf", "a_b_.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("履歴書.pdf", "履歴書.pdf"),
    ],
)
def test_a_name_stays_in_its_folder(name: str, safe: str) -> None:
    assert safe_name(name) == safe
