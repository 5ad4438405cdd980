"""Europass XML since 2020 (`Candidate`, after HR Open Standards) → profile.

Elements as in "Europass XML Schema Documentation" of the European Commission: `CandidatePerson`, and `CandidateProfile` with
`EmploymentHistory`, `EducationHistory`, `PersonQualifications` and lists of their own for everything else.
"""

from collections.abc import Iterator

from services.careerforge.exchange.draft import Draft
from services.careerforge.exchange.findings import Import, shown
from services.careerforge.exchange.languages import language_name, lowest_level
from services.careerforge.exchange.place import Place
from services.careerforge.exchange.rich_lists import skills_of
from services.careerforge.exchange.texts import from_html
from services.careerforge.exchange.xml_tree import Element

FORMAT = "europass"
ROOTS = frozenset(("Candidate",))
_LINKS = frozenset(("web", "social media"))


def read_candidate(root: Element) -> Import:
    draft = Draft()
    person = root.first("CandidatePerson") or root.first("CandidateSupplier/PersonContact")
    if person is not None:
        _person(draft, person)
    for profile in root.all("CandidateProfile"):
        _profile(draft, profile)
    return Import(draft.profile(), FORMAT, draft.findings.all())


def _person(draft: Draft, person: Element) -> None:
    name = f"{person.said('PersonName/GivenName')} {person.said('PersonName/FamilyName')}"
    draft.put_name(name if name.strip() else person.said("PersonName/FormattedName"), f"{person.path}/PersonName")
    for channel in person.all("Communication"):
        _channel(draft, channel)
    for mother in person.all("PrimaryLanguageCode"):
        draft.add_language(language_name(mother.text), "native", Place(mother.path, "/"))


def _channel(draft: Draft, channel: Element) -> None:
    kind, address = channel.said("ChannelCode").lower(), channel.said("URI")
    if kind == "email":
        draft.add_email(address, f"{channel.path}/URI")
    elif kind in ("telephone", "phone", "mobile"):
        number, country = channel.said("DialNumber", "URI"), channel.said("CountryDialing").lstrip("+")
        local = number.removeprefix("0") if country and not number.startswith(("+", "00")) else number
        draft.add_phone(
            f"+{country} {local}" if local != number or (country and local) else number, f"{channel.path}/DialNumber"
        )
    elif kind in _LINKS:
        draft.add_link(address, f"{channel.path}/URI")
    elif (home := channel.first("Address")) is not None:
        place = Place(home.path, "/", {"city": "CityName", "region": "CountrySubDivisionCode"})
        draft.put_location(home.said("CityName"), "", home.said("CountryCode"), place)


def _profile(draft: Draft, profile: Element) -> None:
    draft.put_summary(profile.said("ExecutiveSummary"), f"{profile.path}/ExecutiveSummary")
    for employer in profile.all("EmploymentHistory/EmployerHistory"):
        for position in employer.all("PositionHistory"):
            _position(draft, employer, position)
    for work in profile.all("VoluntaryWorks/VoluntaryWork"):
        _voluntary(draft, work)
    for study in profile.all("EducationHistory/EducationOrganizationAttendance"):
        _study(draft, study)
    for competency in profile.all("PersonQualifications/PersonCompetency"):
        _competency(draft, competency)
    for told in (*profile.all("Skills/Description"), *profile.all("DigitalSkills/Description")):
        skills_of(draft, told.text, told.path)
    _entries(draft, profile)


def _period(entry: Element, *holders: str) -> tuple[str, str, bool | None]:
    """Dates as written; the holder is called differently from list to list."""
    found = next((period for holder in holders if (period := entry.first(holder))), entry)
    start = found.said("StartDate/FormattedDateTime", "StartDate")
    end = found.said("EndDate/FormattedDateTime", "EndDate")
    lasts = found.said("CurrentIndicator", "Ongoing").lower()
    return start, end, True if lasts == "true" else False if lasts == "false" or end else None


def _position(draft: Draft, employer: Element, position: Element) -> None:
    start, end, lasts = _period(position, "EmploymentPeriod")
    if not start:
        start, end, lasts = _period(employer, "EmploymentPeriod")
    country = position.said("Country").upper()
    if not (place := ", ".join(part for part in (position.said("City"), country) if part)):
        place = _address(employer)
    names = {
        "title": "PositionTitle",
        "location": "City",
        "start": "StartDate",
        "end": "EndDate",
        "description": "Description",
    }
    draft.add_experience(
        Place(position.path, "/", names),
        position.said("PositionTitle"),
        employer.said("OrganizationName"),
        place,
        start,
        end,
        position.said("Description"),
        lasts,
    )


def _address(holder: Element) -> str:
    base = "OrganizationContact/Communication/Address"
    parts = (holder.said(f"{base}/CityName"), holder.said(f"{base}/CountryCode").upper())
    return ", ".join(part for part in parts if part)


def _voluntary(draft: Draft, work: Element) -> None:
    start, end, lasts = _period(work, "Date", "Period")
    title, where = work.said("Title", "Role"), work.said("Location")
    draft.add_experience(
        Place(work.path, "/", {"title": "Title"}), title, "", where, start, end, work.said("Description"), lasts
    )


def _study(draft: Draft, study: Element) -> None:
    start, end, _ = _period(study, "AttendancePeriod")
    names = {
        "institution": "OrganizationName",
        "degree": "EducationDegree/DegreeName",
        "start": "StartDate",
        "end": "EndDate",
    }
    draft.add_education(
        Place(study.path, "/", names),
        study.said("OrganizationName"),
        study.said("EducationDegree/DegreeName", "ProgramName"),
        next(_subjects(study), ""),
        start,
        end,
    )


def _subjects(study: Element) -> Iterator[str]:
    """Fields of study are codes of ISCED-F, but for those in words."""
    for kind in ("DetailedFieldOfStudy", "SpecificFieldOfStudy", "MainFieldOfStudy"):
        for found in study.all(f"EducationDegree/FieldOfStudy/{kind}/ProgramConcentration"):
            if found.text and not found.text.isdigit():
                yield found.text
    for found in study.all("EducationDegree/DegreeMajor/ProgramName"):
        yield found.text


def _competency(draft: Draft, competency: Element) -> None:
    name = competency.said("CompetencyName", "CompetencyID")
    if competency.said("TaxonomyID").lower() == "language":
        levels = [score.text for score in competency.all("CompetencyDimension/Score/ScoreText")]
        draft.add_language(language_name(name), lowest_level(levels), Place(competency.path, "/", {"level": "Score"}))
    elif not name.lower().startswith(("http:", "https:")):
        draft.add_skill(name, competency.path)


def _entries(draft: Draft, profile: Element) -> None:
    names = {"name": "Title", "start": "StartDate", "end": "EndDate", "date": "Date", "url": "Link"}
    for project in profile.all("Projects/Project"):
        start, end, _ = _period(project, "Date", "Period")
        place, about = Place(project.path, "/", names), project.said("Description")
        draft.add_project(place, project.said("Title"), about, (), project.said("Link"), None, start, end)
    for path in ("Certifications/Certification", "CourseCertifications/CourseCertification", "Licenses/License"):
        for one in profile.all(path):
            title = one.said("CertificationName", "Title", "LicenseName", "LicenseTypeCode")
            date = (
                one.said("FirstIssuedDate/FormattedDateTime", "FirstIssuedDate")
                or _period(one, "Date", "EffectiveTimePeriod")[0]
            )
            issuer = one.said("IssuingAuthority/Name", "IssuingAuthority")
            draft.add_certification(Place(one.path, "/", names), title, issuer, date, one.said("Link"))
    for one in profile.all("PublicationHistory/Publication"):
        title = one.said("Title", "FormattedPublicationDescription") or from_html(one.said("Reference"))
        date = one.said("Date/FormattedDateTime", "Date", "Year")
        draft.add_publication(Place(one.path, "/", names), title, one.said("Publisher"), date, one.said("Link"))
    for one in (*profile.all("Awards/Award"), *profile.all("HonorsAndAwards/HonorAndAward")):
        draft.add_award(Place(one.path, "/", names), one.said("Title"), one.said("Awarder"), _period(one, "Date")[0])
    for one in profile.children:
        if one.name in _ELSEWHERE and one.children:
            title = f" ({shown(one.said('Title'))})" if one.said("Title") else ""
            draft.findings.add(
                one.path, f"has no place in a profile: left out{title}; add by hand what should be shown"
            )


# Parts of a resume that a profile does not have.
_ELSEWHERE = frozenset(
    ("Others", "ConferencesAndSeminars", "NetworksAndMemberships", "CreativeWorks", "SocialAndPoliticalActivities")
)
