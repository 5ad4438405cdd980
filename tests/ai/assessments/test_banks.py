"""Item banks: what is asked has one right answer, and it is the one that is marked."""

import datetime
import json
import math
import sqlite3
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from uuid import UUID

import pytest

from services.ai.assessments import Bank, Item, choices_of, load_banks, read_bank
from services.ai.assessments.banks import FOLDER
from services.ai.skills import load

BANKS = sorted(load_banks().values(), key=lambda bank: bank.label)
ITEMS = [pytest.param(item, id=f"{bank.label}-{item.id}") for bank in BANKS for item in bank.items]
SEED = UUID("018f3b1e-0000-7000-8000-000000000001")
# What the checks of statistics count with: any numbers do.
XS, YS = [1.0, 2.0, 4.0, 7.0], [2.0, 3.0, 7.0, 5.0]
KNOWN = {
    "Fraction": Fraction, "NormalDist": statistics.NormalDist, "XS": XS, "YS": YS, "date": datetime.date, "math": math,
    "statistics": statistics,
}  # fmt: skip


def python(code: str) -> str:
    """What a fresh interpreter prints, or the name of the exception that ends it."""
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=60)
    return done.stdout.strip() or done.stderr.strip().split("\n")[-1].partition(":")[0]


def all_python(items: list[Item]) -> dict[str, str]:
    """One interpreter runs them all, each in a namespace of its own."""
    runner = (
        "import sys, json, io, contextlib\nfound = {}\n"
        "for name, code in json.load(sys.stdin):\n    out = io.StringIO()\n"
        "    with contextlib.redirect_stdout(out):\n        try:\n            exec(code, {'__name__': '__main__'})\n"
        "        except Exception as error:\n            print(type(error).__name__)\n"
        "    found[name] = out.getvalue().strip()\njson.dump(found, sys.stdout)"
    )
    given = json.dumps([(item.id, item.code) for item in items])
    done = subprocess.run([sys.executable, "-I", "-c", runner], input=given, capture_output=True, text=True, timeout=60)
    return dict(json.loads(done.stdout))


def sql(code: str) -> str:
    """The rows of the last query: columns parted by a bar, rows by commas."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    *before, last = [part for part in code.split(";") if part.strip()]
    for statement in before:
        connection.execute(statement)
    rows = connection.execute(last).fetchall()
    return ", ".join("|".join("null" if value is None else str(value) for value in row) for row in rows)


def javascript(items: list[Item]) -> dict[str, str]:
    """One Node runs them all, each in a context of its own, with its own console."""
    runner = """
const vm = require("vm"), items = JSON.parse(require("fs").readFileSync(0, "utf8")), found = {};
const { format } = require("util");
for (const [name, code] of items) {
  const print = (...values) => { found[name] = format(...values.map(v => typeof v === "string" ? v : format("%o", v))); };
  vm.runInNewContext(code, { console: { log: print }, setTimeout });
}
setTimeout(() => process.stdout.write(JSON.stringify(found)), 50);
"""
    given = json.dumps([(item.id, item.code) for item in items])
    # That of the environment, which builds the web app too.
    node = str(Path(sys.executable).parent / "node")
    done = subprocess.run([node, "-e", runner], input=given, capture_output=True, text=True, timeout=60, check=True)
    return dict(json.loads(done.stdout))


def of_language(language: str) -> list[Item]:
    return [item for bank in BANKS for item in bank.items if item.language == language]


def test_every_program_prints_the_answer_that_is_marked() -> None:
    items = of_language("python")
    assert len(items) >= 30
    assert all_python(items) == {item.id: item.answer for item in items}


def test_every_query_returns_the_answer_that_is_marked() -> None:
    items = of_language("sql")
    assert len(items) >= 20
    assert {item.id: sql(item.code) for item in items} == {item.id: item.answer for item in items}


def test_every_script_prints_the_answer_that_is_marked() -> None:
    items = of_language("javascript")
    assert len(items) >= 30
    assert javascript(items) == {item.id: item.answer for item in items}


def test_every_figure_that_can_be_counted_is_the_answer_that_is_marked() -> None:
    checked = 0
    for path in FOLDER.glob("*.toml"):
        for entry in tomllib.loads(path.read_text())["items"]:
            if "check" in entry:
                assert str(eval(entry["check"], dict(KNOWN))) == entry["answer"], (path.name, entry["id"])
                checked += 1
    assert checked >= 70


def test_the_runner_sees_a_wrong_key() -> None:
    wrong = of_language("python")[0]
    assert all_python([wrong])[wrong.id] not in wrong.wrong
    assert python("raise KeyError('x')") == "KeyError"


@pytest.mark.parametrize("bank", BANKS, ids=lambda bank: bank.label)
def test_a_bank_is_of_a_skill_of_the_ontology_and_spread_over_difficulty(bank: Bank) -> None:
    assert load().skills[bank.skill_id].label == bank.label
    found = load().find(bank.label)
    assert found
    assert found.id == bank.skill_id, "of skills with one name, resumes are read with another"
    assert len(bank.items) >= 45
    hard = sorted(item.b for item in bank.items)
    assert hard[0] < -1.5
    assert hard[-1] > 1.5
    # Where the mark is, most must be known.
    assert sum(abs(b - bank.pass_ability) <= 1 for b in hard) >= 14


def test_there_are_banks_for_eight_skills() -> None:
    assert len(BANKS) >= 8
    assert len({bank.version for bank in BANKS}) == len(BANKS)


@pytest.mark.parametrize("item", ITEMS)
def test_an_item_says_why_and_fits_the_contract(item: Item) -> None:
    assert item.why
    assert item.text
    assert all(choice.strip() == choice and choice for choice in (item.answer, *item.wrong))
    assert 1.0 <= item.a <= 2.2
    assert 30 <= item.seconds <= 180


@pytest.mark.parametrize("bank", BANKS, ids=lambda bank: bank.label)
def test_the_right_answer_is_not_told_by_its_length(bank: Bank) -> None:
    """Who always takes the longest choice, or the shortest, does not get far."""
    longest = [item for item in bank.items if len(item.answer) > max(map(len, item.wrong))]
    shortest = [item for item in bank.items if len(item.answer) < min(map(len, item.wrong))]
    assert len(longest) <= 0.5 * len(bank.items)
    assert len(shortest) <= 0.4 * len(bank.items)


def test_choices_stand_in_an_order_of_the_tests_own() -> None:
    bank = BANKS[0]
    places = []
    for item in bank.items:
        choices = choices_of(item, SEED)
        assert choices == choices_of(item, SEED)
        assert sorted(choices) == sorted((item.answer, *item.wrong))
        places.append(choices.index(item.answer))
    assert {places.count(place) > 2 for place in range(4)} == {True}, "the key stands at each place now and then"
    other = [choices_of(item, UUID(int=SEED.int + 1)) for item in bank.items]
    assert sum(one != choices_of(item, SEED) for one, item in zip(other, bank.items, strict=True)) > 20


GOOD = """skill_id = "x"
label = "X"
topics = "X"
pass_ability = 0
[[items]]
id = "one"
a = 1.5
b = 0.0
text = "?"
answer = "a"
wrong = ["b", "c", "d"]
why = "since"
"""


def _twice(text: str) -> str:
    return text + text[text.index("[[items]]") :]


def test_a_folder_of_ones_own_takes_the_place_of_what_comes_along(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(GOOD)
    assert list(load_banks(tmp_path)) == ["x"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text.replace('"d"', '"a"'), "item one needs one right and three wrong"),
        (lambda text: text.replace(', "d"', ""), "item one needs one right and three wrong"),
        (lambda text: text.replace("a = 1.5", "a = -1"), "item one: a is in"),
        (lambda text: text.replace('why = "since"', ""), "bank.toml is no item bank: 'why'"),
        (lambda text: text + "=", "bank.toml is no item bank"),
        (_twice, "bank.toml has one twice"),
    ],
)
def test_what_cannot_be_asked_is_named(tmp_path: Path, change: Callable[[str], str], says: str) -> None:
    path = tmp_path / "bank.toml"
    path.write_text(GOOD)
    assert read_bank(path).items[0].answer == "a"
    path.write_text(change(GOOD))
    with pytest.raises(ValueError, match=says):
        read_bank(path)
