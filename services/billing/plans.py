"""The plans on offer and what each allows a month: data, read once when the service starts."""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# As in the contract.
TIERS = ("free", "pro", "enterprise")
FEATURES = ("resume_analysis", "cover_letter", "job_match_search", "ai_insight", "export")

# The seed's name of each feature's counter in `feature_usage`.
COLUMNS = {
    "resume_analysis": "resume_analysis_count",
    "cover_letter": "cover_letter_credits",
    "job_match_search": "job_match_searches",
    "ai_insight": "ai_insights_used",
    "export": "export_credits",
}

FILE = Path(__file__).with_name("plans.toml")
# The greatest amount and the longest trial that Stripe takes.
MOST_MONEY, MOST_DAYS = 99_999_999, 730
MOST_CREDITS = MOST_SEATS = 1_000_000


class WrongPlans(Exception):
    """A file of plans that cannot be used. The message names file and key, and says what to do."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Prices in minor units of the catalogue's currency; `allowances` in the order of FEATURES; `seats` 0: no limit."""

    tier: str
    display_name: str
    monthly: int
    annual: int
    allowances: tuple[int, ...]
    seats: int
    trial_days: int

    def allowance(self, feature: str) -> int:
        return self.allowances[FEATURES.index(feature)]

    def price(self, cycle: str) -> int:
        """`cycle`: monthly or annual."""
        return self.monthly if cycle == "monthly" else self.annual


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything on offer. `currency` as in ISO 4217; in its minor units `topup`, of one more credit of each feature, and `least_payment`,
    which can be paid at once.
    """

    plans: Mapping[str, Plan]
    topup: Mapping[str, int]
    currency: str
    least_payment: int

    def __getitem__(self, tier: str) -> Plan:
        return self.plans[tier]

    @property
    def cheapest_first(self) -> list[Plan]:
        return sorted(self.plans.values(), key=lambda plan: plan.monthly)


def read(file: Path = FILE) -> Catalogue:
    """Raises WrongPlans."""
    try:
        found = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as wrong:
        raise WrongPlans(f"{file} cannot be read ({wrong}); write TOML in UTF-8, as in {FILE}") from wrong
    try:
        return _catalogue(found)
    except _WrongKey as wrong:
        raise WrongPlans(f"{file}: {wrong}") from wrong


class _WrongKey(Exception):
    def __init__(self, key: str, why: str) -> None:
        super().__init__(f"`{key}` {why}")


def _catalogue(found: Mapping[str, Any]) -> Catalogue:
    if "free" not in found:
        raise _WrongKey("free", "is missing: who pays for nothing has it; add the table [free]")
    _require_keys("", found, ("currency", "least_payment", "topup", *TIERS))
    least = _number("least_payment", found["least_payment"], 1, MOST_MONEY)
    topup = _features("topup", found["topup"], 1, MOST_MONEY)
    plans = {tier: _plan(tier, found[tier], least) for tier in TIERS}
    return Catalogue(plans, topup, _currency(found["currency"]), least)


def _plan(tier: str, found: Any, least: int) -> Plan:
    _require_keys(tier, found, ("display_name", "monthly", "annual", "seats", "trial_days", "allowances"))
    allowances = _features(f"{tier}.allowances", found["allowances"], 0, MOST_CREDITS)
    return Plan(
        tier,
        _name(f"{tier}.display_name", found["display_name"]),
        _price(f"{tier}.monthly", tier, found["monthly"], least),
        _price(f"{tier}.annual", tier, found["annual"], least),
        tuple(allowances[feature] for feature in FEATURES),
        _number(f"{tier}.seats", found["seats"], 0, MOST_SEATS),
        _number(f"{tier}.trial_days", found["trial_days"], 0, 0 if tier == "free" else MOST_DAYS),
    )


def _require_keys(name: str, found: Any, keys: Collection[str]) -> None:
    if not isinstance(found, Mapping):
        raise _WrongKey(name, f"is no table; write [{name}] with {', '.join(keys)}")
    prefix = f"{name}." if name else ""
    for key in found:
        if key not in keys:
            raise _WrongKey(prefix + key, f"is not known; remove it, or write one of {', '.join(keys)}")
    for key in keys:
        if key not in found:
            raise _WrongKey(prefix + key, f"is missing; add it, as in {FILE}")


def _features(name: str, found: Any, least: int, most: int) -> dict[str, int]:
    _require_keys(name, found, FEATURES)
    return {feature: _number(f"{name}.{feature}", found[feature], least, most) for feature in FEATURES}


def _price(key: str, tier: str, found: Any, least: int) -> int:
    if tier != "free":
        return _number(key, found, least, MOST_MONEY)
    if found != 0 or type(found) is not int:
        raise _WrongKey(key, f"is {found!r}, and the free plan costs nothing; write 0")
    return 0


def _number(key: str, found: Any, least: int, most: int) -> int:
    # Not isinstance: true and false are numbers to Python.
    if type(found) is not int or not least <= found <= most:
        raise _WrongKey(key, f"is {found!r}; write a whole number from {least} to {most}")
    return found


def _name(key: str, found: Any) -> str:
    if not isinstance(found, str) or not 1 <= len(found.strip()) <= 100:
        raise _WrongKey(key, f"is {found!r}; write a name of 1 to 100 characters in quotes")
    return found


def _currency(found: Any) -> str:
    if not isinstance(found, str) or not re.fullmatch("[A-Z]{3}", found):
        raise _WrongKey("currency", f'is {found!r}; write a code of ISO 4217 in capitals, as "EUR"')
    return found
