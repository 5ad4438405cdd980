"""The file of plans, and what is said of a wrong one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from services.billing.app import open_app
from services.billing.plans import FEATURES, FILE, TIERS, WrongPlans, read
from services.kit.settings import Settings

FREE_ALLOWANCES = (5, 10, 50, 3, 2)
PACKAGED = FILE.read_text("utf-8")


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """The packaged file with one thing changed."""

    def written(old: str, new: str) -> Path:
        assert old in PACKAGED
        file = tmp_path / "mine.toml"
        file.write_text(PACKAGED.replace(old, new, 1), "utf-8")
        return file

    return written


def test_the_plans_that_come_along_are_the_seeds() -> None:
    found = read()
    assert tuple(found.plans) == TIERS
    assert found["free"].allowances == FREE_ALLOWANCES
    assert (found["pro"].price("monthly"), found["pro"].price("annual"), found.currency) == (1_900, 19_000, "EUR")
    assert set(found.topup) == set(FEATURES)


def test_others_are_read_and_listed_cheapest_first(write: Callable[[str, str], Path]) -> None:
    found = read(write("monthly = 19_900", "monthly = 900"))
    assert [plan.tier for plan in found.cheapest_first] == ["free", "enterprise", "pro"]
    assert read(write("seats = 10\n", "seats = 0\n"))["pro"].seats == 0


@pytest.mark.parametrize(
    ("old", "new", "key", "remedy"),
    [
        ("least_payment = 50", "least_payment = 50\nvat = 19", "`vat`", "remove it"),
        ("seats = 10\n", "seats = 10\nseat = 1\n", "`pro.seat`", "remove it"),
        ("ai_insight = 100, ", "", "`pro.allowances.ai_insight`", "add it"),
        ("export = 50\n", "", "`topup.export`", "add it"),
        ("trial_days = 14", "", "`pro.trial_days`", "add it"),
        ("monthly = 1_900", "monthly = 19.0", "`pro.monthly` is 19.0", "whole number from 50"),
        ("monthly = 1_900", "monthly = true", "`pro.monthly` is True", "whole number"),
        ("monthly = 1_900", 'monthly = "1900"', "`pro.monthly` is '1900'", "whole number"),
        ("monthly = 1_900", "monthly = -1", "`pro.monthly` is -1", "whole number"),
        ("monthly = 1_900", "monthly = 49", "`pro.monthly` is 49", "whole number from 50"),
        ("annual = 19_000", "annual = 100_000_000", "`pro.annual`", "to 99999999"),
        ("export = 2 }", "export = -2 }", "`free.allowances.export` is -2", "whole number from 0"),
        ("seats = 5", "seats = true", "`free.seats` is True", "whole number"),
        ("seats = 5", "seats = -1", "`free.seats` is -1", "whole number from 0"),
        ("trial_days = 0", "trial_days = 7", "`free.trial_days` is 7", "whole number from 0 to 0"),
        ("monthly = 0", "monthly = 100", "`free.monthly` is 100", "write 0"),
        ("annual = 0", "annual = 0.0", "`free.annual` is 0.0", "write 0"),
        ("[free]", "[gratis]", "`free` is missing", "add the table [free]"),
        ("[enterprise]", "[gold]", "`gold` is not known", "enterprise"),
        ("[topup]", "topup = 5\n[topup_]", "`topup_` is not known", "remove it"),
        ('currency = "EUR"', 'currency = "Euro"', "`currency` is 'Euro'", "ISO 4217"),
        ('display_name = "Pro"', 'display_name = " "', "`pro.display_name`", "write a name"),
        ("[pro]", "[pro", "cannot be read", "write TOML"),
    ],
)
def test_a_wrong_file_is_named_with_the_key_and_what_to_do(
    write: Callable[[str, str], Path], old: str, new: str, key: str, remedy: str
) -> None:
    file = write(old, new)
    with pytest.raises(WrongPlans) as wrong:
        read(file)
    told = str(wrong.value)
    assert told.startswith(str(file))
    assert key in told
    assert remedy in told


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WrongPlans, match=r"plans\.toml cannot be read"):
        read(tmp_path / "plans.toml")


async def test_the_service_does_not_start_with_wrong_plans_and_says_why(write: Callable[[str, str], Path]) -> None:
    settings = Settings.model_construct(plans=write("monthly = 0", "monthly = 1"))
    with pytest.raises(SystemExit, match=r"billing cannot start: .*mine\.toml: `free\.monthly` is 1"):
        async with open_app(settings):
            pass
