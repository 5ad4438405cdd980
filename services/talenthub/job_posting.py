"""Positions as `JobPosting` of schema.org, in JSON-LD: written so that search engines for jobs take them, and read from other systems.

https://schema.org/JobPosting, https://developers.google.com/search/docs/appearance/structured-data/job-posting
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from services.talenthub.currencies import major_units, minor_units
from services.talenthub.entries import PAY_PERIODS, Entry, chosen, moment, whole_number
from services.talenthub.html_text import to_html, to_text
from services.talenthub.tables import Organization, Position

CONTENT_TYPE = "application/ld+json"
CONTEXT = "https://schema.org"
TYPE = "JobPosting"
REMOTE = "TELECOMMUTE"
# What a place may have beside the words of schema.org: a `PropertyValue` of this name.
WORK_MODE = "workMode"
# Months of experience that each level begins with, as the contract defines them.
MONTHS = {"ENTRY": 0, "MID": 24, "SENIOR": 60, "EXPERT": 120}
# How a posting calls a field of the contract.
NAMES = {
    "location.city": "jobLocation.address.addressLocality",
    "location.region": "jobLocation.address.addressRegion",
    "location.country_code": "jobLocation.address.addressCountry",
    "pay.minimum.minor_units": "baseSalary.value.minValue",
    "pay.maximum.minor_units": "baseSalary.value.maxValue",
    "pay.minimum.currency_code": "baseSalary.currency",
    "pay.maximum.currency_code": "baseSalary.currency",
    "pay.maximum": "baseSalary.value.maxValue",
    "headcount": "totalJobOpenings",
    "deadline_time": "validThrough",
    "team": "employmentUnit.name",
}
Node = Mapping[str, Any]


def export(position: Position, organization: Organization) -> dict[str, Any]:
    """The posting. For work on site and hybrid work it has no word: they stand as a property of the place."""
    employer = {"@type": "Organization", "name": organization.display_name}
    if organization.verified and organization.domain:
        employer["sameAs"] = f"https://{organization.domain}"
    posting: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": TYPE,
        "title": position.title,
        "description": to_html(position.description),
        "identifier": {"@type": "PropertyValue", "name": organization.display_name, "value": str(position.id)},
        "datePosted": (position.publish_time or position.create_time).date().isoformat(),
        "hiringOrganization": employer,
        "totalJobOpenings": position.headcount,
    }
    return posting | _placed(position) | _more(position)


def written(posting: Mapping[str, Any]) -> bytes:
    """As JSON that may stand in a page: nothing in it ends a script element."""
    return json.dumps(posting, ensure_ascii=False, indent=2).replace("<", "\\u003c").encode()


def _placed(position: Position) -> dict[str, Any]:
    """Where the work is, and for work from anywhere, where people may live."""
    address = {
        "addressLocality": position.city,
        "addressRegion": position.region,
        "addressCountry": position.country_code,
    }
    address = {name: value for name, value in address.items() if value}
    place: dict[str, Any] = {}
    if address:
        place["address"] = {"@type": "PostalAddress"} | address
    if position.work_mode in ("ONSITE", "HYBRID"):
        mode = position.work_mode.lower()
        place["additionalProperty"] = {"@type": "PropertyValue", "name": WORK_MODE, "value": mode}
    found: dict[str, Any] = {"jobLocation": {"@type": "Place"} | place} if place else {}
    if position.work_mode == "REMOTE":
        found["jobLocationType"] = REMOTE
        if position.country_code:
            found["applicantLocationRequirements"] = {"@type": "Country", "name": position.country_code}
    return found


def _more(position: Position) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if position.pay:
        found["baseSalary"] = _salary(position.pay)
    if position.deadline_time:
        found["validThrough"] = position.deadline_time.isoformat().replace("+00:00", "Z")
    if position.seniority in MONTHS:
        months = {"monthsOfExperience": MONTHS[position.seniority]}
        found["experienceRequirements"] = {"@type": "OccupationalExperienceRequirements"} | months
    if position.team:
        found["employmentUnit"] = {"@type": "Organization", "name": position.team}
    return found


def _salary(pay: Mapping[str, Any]) -> dict[str, Any]:
    value: dict[str, Any] = {"@type": "QuantitativeValue"}
    salary: dict[str, Any] = {"@type": "MonetaryAmount", "value": value}
    for bound, name in (("minimum", "minValue"), ("maximum", "maxValue")):
        if bound in pay:
            salary["currency"] = pay[bound]["currencyCode"]
            value[name] = major_units(int(pay[bound].get("minorUnits", 0)), salary["currency"])
    if period := pay.get("period"):
        value["unitText"] = period.removeprefix("PAY_PERIOD_")
    return salary


def postings(value: Any) -> Iterator[Node]:
    """The postings in a document: one, several, or among the nodes of a `@graph`."""
    if isinstance(value, list):
        for item in value:
            yield from postings(item)
    elif isinstance(value, dict):
        if _is_posting(value):
            yield value
        elif "@graph" in value:
            yield from postings(value["@graph"])


def _is_posting(node: Node) -> bool:
    types = node.get("@type")
    named = types if isinstance(types, list) else [types]
    return any(isinstance(name, str) and name.rpartition("/")[2].rpartition(":")[2] == TYPE for name in named)


def entry(line: int, number: int, node: Node) -> Entry:
    """What the posting with this number says. Of several places the first counts; what the contract has no field for is passed over."""
    found = Entry(line, f"position {number}, field", NAMES)
    found.put("title", _text(node.get("title")))
    found.put("description", to_text(_text(node.get("description"))))
    found.put("location", _location(node))
    if mode := _work_mode(node):
        found.put("workMode", f"WORK_MODE_{mode}")
    found.put("seniority", _seniority(_first(node.get("experienceRequirements"))))
    found.put("team", _text(_named(node.get("employmentUnit"))))
    if through := _text(node.get("validThrough")):
        found.put("deadlineTime", found.read("validThrough", moment, through))
    if openings := _text(node.get("totalJobOpenings")):
        found.put("headcount", found.read("totalJobOpenings", whole_number, openings))
    found.put("pay", found.read("baseSalary", _pay, node))
    return found


def _location(node: Node) -> dict[str, str]:
    place = _first(node.get("jobLocation"))
    address = _first(place.get("address")) if isinstance(place, dict) else place
    if isinstance(address, str):
        return {"city": address}
    found: dict[str, str] = {}
    if isinstance(address, dict):
        names = {"city": "addressLocality", "region": "addressRegion", "countryCode": "addressCountry"}
        found = {field: _text(_named(address.get(name))) for field, name in names.items()}
    else:
        found["countryCode"] = _text(_named(node.get("applicantLocationRequirements")))
        if len(found["countryCode"]) != 2:
            # A name: where people may live is not where the work is, so nothing is lost that was said of the work.
            return {}
    if len(found["countryCode"]) == 2:
        found["countryCode"] = found["countryCode"].upper()
    return {field: value for field, value in found.items() if value}


def _work_mode(node: Node) -> str:
    if REMOTE in _text(node.get("jobLocationType")).upper():
        return "REMOTE"
    place = _first(node.get("jobLocation"))
    properties = place.get("additionalProperty") if isinstance(place, dict) else None
    for one in properties if isinstance(properties, list) else [properties]:
        if isinstance(one, dict) and one.get("name") == WORK_MODE and one.get("value") in ("onsite", "hybrid"):
            return str(one["value"]).upper()
    return ""


def _seniority(requirements: Any) -> str:
    months = requirements.get("monthsOfExperience") if isinstance(requirements, dict) else None
    if not isinstance(months, int | Decimal) or months < 0:
        return ""
    return "SENIORITY_" + max((least, level) for level, least in MONTHS.items() if least <= months)[1]


def _pay(node: Node) -> dict[str, Any]:
    """Raises ValueError, saying what to write instead."""
    salary = _first(node.get("baseSalary"))
    if salary is None:
        return {}
    whole = salary if isinstance(salary, dict) else {"value": salary}
    value = _first(whole.get("value"))
    # Both kinds of node may hold the bounds.
    amounts = {**whole, "value": None} | (value if isinstance(value, dict) else {"value": value})
    pay: dict[str, Any] = {}
    if unit := _text(amounts.get("unitText")):
        pay["period"] = chosen(unit, PAY_PERIODS, "PAY_PERIOD_")
    currency = _text(whole.get("currency") or node.get("salaryCurrency")).upper()
    for bound, name in (("minimum", "minValue"), ("maximum", "maxValue")):
        amount = _first(amounts.get(name, amounts.get("value")))
        if amount is not None:
            pay[bound] = {"minorUnits": _units(amount, currency), "currencyCode": currency}
    return pay


def _units(amount: Any, currency: str) -> int:
    if not currency:
        raise ValueError("has no currency; give an ISO 4217 code such as EUR")
    if isinstance(amount, bool) or not isinstance(amount, str | int | Decimal):
        raise ValueError("is not an amount; write MonetaryAmount with minValue and maxValue, or leave it out")
    return minor_units(amount, currency)


def _first(value: Any) -> Any:
    """Any property may have several values."""
    while isinstance(value, list):
        value = value[0] if value else None
    return value


def _text(value: Any) -> str:
    value = _first(value)
    if isinstance(value, dict):
        value = value.get("@value")
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def _named(value: Any) -> Any:
    """The name of a node, or the text that stands in its place."""
    value = _first(value)
    return value.get("name", value) if isinstance(value, dict) else value
