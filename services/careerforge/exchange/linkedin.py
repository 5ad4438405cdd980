"""LinkedIn's data export → profile: a ZIP of CSV files, one for each part of a profile.

Headers are English in every language that LinkedIn has. Files of people, messages, payments and the like are not opened; what
`Profile.csv` says of birth date and street is not taken over.
"""

import re
from collections.abc import Callable

from services.careerforge.exchange.archive import parts
from services.careerforge.exchange.csv_rows import Row, rows
from services.careerforge.exchange.draft import Draft
from services.careerforge.exchange.findings import Import, refused

FORMAT = "linkedin"
_URL = re.compile(r"https?://[^\s,\]\[]+", re.IGNORECASE)
_SITE = re.compile(r"\[?(?:[A-Z_ ]+:)?([^\[\],]+)\]?")


def read_linkedin(data: bytes) -> Import:
    """Raises InvalidArgument for archives that are damaged, too large, or hold no profile."""
    found = parts(data, {name.lower(): name for name in _FILES})
    if not found.keys() & _TELLING:
        raise refused(
            "",
            "the ZIP file has neither Profile.csv nor Positions.csv: it is no LinkedIn data export; in LinkedIn's settings choose "
            "“Get a copy of your data”, and upload the ZIP file as it comes",
            "FILE_TYPE_UNSUPPORTED",
        )
    draft = Draft()
    for name, (needed, read) in _FILES.items():
        for row in rows(found.get(name, b""), name, needed, draft.findings):
            read(draft, row)
    return Import(draft.profile(), FORMAT, draft.findings.all())


def _profile(draft: Draft, row: Row) -> None:
    draft.put_name(f"{row['First Name']} {row['Last Name']}", row.at("First Name"))
    draft.put_headline(row["Headline"], row.at("Headline"))
    draft.put_summary(row["Summary"], row.at("Summary"))
    city, _, region = row["Geo Location"].partition(",")
    draft.put_location(city, region, "", row.place(city="Geo Location", region="Geo Location"))
    for site in _SITE.findall(row["Websites"]) if not _URL.search(row["Websites"]) else _URL.findall(row["Websites"]):
        draft.add_link(site, row.at("Websites"))


def _email(draft: Draft, row: Row) -> None:
    """The primary one comes first."""
    if row["Primary"].lower() in ("yes", "true") and row["Email Address"]:
        others, draft.emails = draft.emails, {}
        draft.add_email(row["Email Address"], row.at("Email Address"))
        draft.emails |= {key: address for key, address in others.items() if key not in draft.emails}
    else:
        draft.add_email(row["Email Address"], row.at("Email Address"))


def _phone(draft: Draft, row: Row) -> None:
    draft.add_phone(row["Number"], row.at("Number"))


def _position(draft: Draft, row: Row) -> None:
    draft.add_experience(
        row.place(title="Title", employer="Company Name", location="Location", **_PERIOD, description="Description"),
        row["Title"],
        row["Company Name"],
        row["Location"],
        row["Started On"],
        row["Finished On"],
        row["Description"],
    )


def _volunteering(draft: Draft, row: Row) -> None:
    draft.add_experience(
        row.place(title="Role", employer="Company Name", **_PERIOD, description="Description"),
        row["Role"],
        row["Company Name"],
        "",
        row["Started On"],
        row["Finished On"],
        row["Description"],
    )


def _education(draft: Draft, row: Row) -> None:
    draft.add_education(
        row.place(
            institution="School Name", degree="Degree Name", field="Field Of Study", start="Start Date", end="End Date"
        ),
        row["School Name"],
        row["Degree Name"],
        row["Field Of Study"],
        row["Start Date"],
        row["End Date"],
    )


def _skill(draft: Draft, row: Row) -> None:
    draft.add_skill(row["Name"], row.at("Name"))


def _language(draft: Draft, row: Row) -> None:
    draft.add_language(row["Name"], row["Proficiency"], row.place(language="Name", level="Proficiency"))


def _certification(draft: Draft, row: Row) -> None:
    place = row.place(name="Name", issuer="Authority", date="Started On", url="Url")
    draft.add_certification(place, row["Name"], row["Authority"], row["Started On"], row["Url"])


def _project(draft: Draft, row: Row) -> None:
    draft.add_project(
        row.place(name="Title", description="Description", url="Url", **_PERIOD),
        row["Title"],
        row["Description"],
        (),
        row["Url"],
        None,
        row["Started On"],
        row["Finished On"],
    )


def _publication(draft: Draft, row: Row) -> None:
    place = row.place(name="Name", publisher="Publisher", date="Published On", url="Url")
    draft.add_publication(place, row["Name"], row["Publisher"], row["Published On"], row["Url"])


def _honor(draft: Draft, row: Row) -> None:
    draft.add_award(row.place(name="Title", date="Issued On"), row["Title"], "", row["Issued On"])


_PERIOD = {"start": "Started On", "end": "Finished On"}
# By file: the column that its header must have, and what reads a row.
_FILES: dict[str, tuple[str, Callable[[Draft, Row], None]]] = {
    "Profile.csv": ("First Name", _profile),
    "Email Addresses.csv": ("Email Address", _email),
    "PhoneNumbers.csv": ("Number", _phone),
    "Positions.csv": ("Title", _position),
    "Volunteering.csv": ("Role", _volunteering),
    "Education.csv": ("School Name", _education),
    "Skills.csv": ("Name", _skill),
    "Languages.csv": ("Name", _language),
    "Certifications.csv": ("Name", _certification),
    "Projects.csv": ("Title", _project),
    "Publications.csv": ("Name", _publication),
    "Honors.csv": ("Title", _honor),
}
_TELLING = {"Profile.csv", "Positions.csv"}
