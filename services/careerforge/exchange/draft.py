"""A profile while it is read: strings of any format → entries within the limits of the contract, with findings for what does not fit."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.ai.credentials import language_level
from services.ai.months import YearMonth
from services.careerforge.exchange import limits
from services.careerforge.exchange.dates import is_until_now, ordered, read_end, read_month
from services.careerforge.exchange.findings import Findings, refused, shown
from services.careerforge.exchange.place import Place
from services.careerforge.exchange.profile import (
    Award,
    Certification,
    Education,
    Experience,
    Language,
    Location,
    Profile,
    Project,
    Publication,
    Skill,
)
from services.careerforge.exchange.texts import fitted, from_html, one_line, web_address

_EMAIL = re.compile(r"[^\s@<>\"(),;:\\]+@[^\s@<>\"(),;:\\]+\.[^\s@<>\"(),;:\\.]{2,}")
_GITHUB = re.compile(r"https?://(?:www\.)?github\.com(?:/|$)", re.IGNORECASE)
_NOT_SAID = "is missing: the entry was left out; add it and import again"
# Codes of the European Union that ISO 3166-1 has others for.
_COUNTRIES = {"UK": "GB", "EL": "GR"}


@dataclass(slots=True)
class Draft:
    """Every method takes text as the file has it and the place that findings name."""

    findings: Findings = field(default_factory=Findings)
    name: str = ""
    headline: str = ""
    summary: str = ""
    location: Location = field(default_factory=Location)
    emails: dict[str, str] = field(default_factory=dict)
    phones: dict[str, None] = field(default_factory=dict)
    links: dict[str, None] = field(default_factory=dict)
    experiences: list[Experience] = field(default_factory=list)
    educations: list[Education] = field(default_factory=list)
    skills: dict[str, Skill] = field(default_factory=dict)
    languages: dict[str, Language] = field(default_factory=dict)
    certifications: list[Certification] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    publications: list[Publication] = field(default_factory=list)
    awards: list[Award] = field(default_factory=list)

    def profile(self) -> Profile:
        """What was read. Raises InvalidArgument when one list is longer than a profile can be."""
        self._check_counts()
        return Profile(
            self.name,
            self.headline,
            self.summary,
            tuple(self.emails.values()),
            tuple(self.phones),
            tuple(self.links),
            self.location,
            tuple(self.experiences),
            tuple(self.educations),
            tuple(self.skills.values()),
            tuple(self.languages.values()),
            tuple(self.certifications),
            tuple(self.projects),
            tuple(self.publications),
            tuple(self.awards),
        )

    def _check_counts(self) -> None:
        for name in (
            "experiences",
            "educations",
            "skills",
            "languages",
            "certifications",
            "projects",
            "publications",
            "awards",
        ):
            most = limits.MOST_SKILLS if name == "skills" else limits.MOST_ENTRIES
            _check_count(name, len(getattr(self, name)), most)

    def line(self, text: str, most: int, place: str) -> str:
        return fitted(one_line(text), most, place, self.findings)

    def prose(self, text: str, most: int, place: str) -> str:
        return fitted(from_html(text), most, place, self.findings)

    def put_name(self, text: str, place: str) -> None:
        self.name = self.line(text, limits.NAME, place)

    def put_headline(self, text: str, place: str) -> None:
        self.headline = self.line(text, limits.HEADLINE, place)

    def put_summary(self, text: str, place: str) -> None:
        self.summary = self.prose(text, limits.DESCRIPTION, place)

    def put_location(self, city: str, region: str, country: str, place: Place) -> None:
        """`country` is a code; a name in its stead becomes part of the region."""
        code = one_line(country).upper()
        code = _COUNTRIES.get(code, code)
        if code and not re.fullmatch(r"[A-Z]{2}", code):
            region, code = ", ".join(part for part in (one_line(region), one_line(country)) if part), ""
        self.location = Location(
            self.line(city, limits.CITY, place("city")), self.line(region, limits.CITY, place("region")), code
        )

    def add_email(self, text: str, place: str) -> None:
        address = one_line(text).removeprefix("mailto:")
        if not address:
            return
        if len(address) > limits.EMAIL or not _EMAIL.fullmatch(address):
            self.findings.add(place, f"{shown(address)} is no e-mail address and was left out; correct it")
        elif self._has_room(self.emails, place):
            self.emails.setdefault(address.lower(), address)

    def add_phone(self, text: str, place: str) -> None:
        number = one_line(text).removeprefix("tel:")
        if number and (len(number) > limits.PHONE or sum(c.isdigit() for c in number) < 3):
            self.findings.add(place, f"{shown(number)} is no telephone number and was left out; correct it")
        elif number and self._has_room(self.phones, place):
            self.phones.setdefault(number)

    def add_link(self, text: str, place: str) -> None:
        if (address := web_address(text, place, self.findings)) and self._has_room(self.links, place):
            self.links.setdefault(address)

    def add_experience(
        self,
        place: Place,
        title: str,
        employer: str = "",
        location: str = "",
        start: str = "",
        end: str = "",
        description: str = "",
        current: bool | None = None,
    ) -> None:
        """`current` None: the file does not say; then a role that began and has no end lasts."""
        name = self.line(title, limits.TITLE, place("title"))
        if not name:
            self.findings.add(place("title"), _NOT_SAID)
            return
        first, last = self._months(start, end, place)
        lasts = is_until_now(end) or (bool(first) and not end.strip() if current is None else current)
        if lasts and last:
            self.findings.add(
                place("end"), f"says {last}, but the role is said to last: the end was left out; correct one"
            )
        self.experiences.append(
            Experience(
                name,
                self.line(employer, limits.TITLE, place("employer")),
                self.line(location, limits.PLACE, place("location")),
                first,
                None if lasts else last,
                lasts,
                self.prose(description, limits.DESCRIPTION, place("description")),
            )
        )

    def add_education(
        self, place: Place, institution: str, degree: str = "", subject: str = "", start: str = "", end: str = ""
    ) -> None:
        name = self.line(institution, limits.TITLE, place("institution"))
        if not name:
            self.findings.add(place("institution"), _NOT_SAID)
            return
        self.educations.append(
            Education(
                name,
                self.line(degree, limits.DEGREE, place("degree")),
                self.line(subject, limits.DEGREE, place("field")),
                *self._months(start, end, place),
            )
        )

    def add_skill(self, text: str, place: str, skill_id: str = "", years: float = 0.0) -> None:
        """Each once; what is longer than a skill's name is a sentence, and no skill."""
        name = one_line(text)
        if len(name) > limits.SKILL:
            self.findings.add(
                place,
                f"{shown(name)} is longer than {limits.SKILL} characters and was left out; name skills one by one",
            )
        elif name and name.casefold() not in self.skills:
            kept = years if 0 <= years <= limits.MOST_YEARS else 0.0
            if kept != years:
                self.findings.add(
                    place, f"{years} years are none of a working life (0 to {limits.MOST_YEARS}): left out"
                )
            self.skills[name.casefold()] = Skill(name, self.line(skill_id, limits.SKILL, place), kept)

    def add_language(self, text: str, level: str, place: Place) -> None:
        name, words = self.line(text, limits.SKILL, place("language")), one_line(level)
        if not name:
            return
        code = words.upper() if words.upper() == "NATIVE" else language_level(words)
        if words and not code:
            self.findings.add(
                place("level"), f"{shown(words)} is no level we know and was left out; write A1 to C2 or native"
            )
        known = self.languages.get(name.casefold())
        if known is None or (code and not known.level):
            self.languages[name.casefold()] = Language(name, code)

    def add_certification(self, place: Place, text: str, issuer: str = "", date: str = "", url: str = "") -> None:
        if name := self._named(text, place):
            self.certifications.append(
                Certification(
                    name,
                    self.line(issuer, limits.TITLE, place("issuer")),
                    read_month(date, place("date"), self.findings),
                    web_address(url, place("url"), self.findings),
                )
            )

    def add_project(
        self,
        place: Place,
        text: str,
        description: str = "",
        technologies: Iterable[str] = (),
        url: str = "",
        repository: str | None = None,
        start: str = "",
        end: str = "",
    ) -> None:
        """`repository` None: the file has one address only; then one at GitHub is where the code is."""
        name = self._named(text, place)
        if not name:
            return
        address = web_address(url, place("url"), self.findings)
        code = web_address(repository, place("repository"), self.findings) if repository else ""
        if repository is None and _GITHUB.match(address):
            address, code = "", address
        self.projects.append(
            Project(
                name,
                self.prose(description, limits.PROJECT_DESCRIPTION, place("description")),
                self._technologies(technologies, place("technologies")),
                address,
                code,
                *self._months(start, end, place),
            )
        )

    def add_publication(self, place: Place, text: str, publisher: str = "", date: str = "", url: str = "") -> None:
        if name := self._named(text, place, limits.TITLE):
            self.publications.append(
                Publication(
                    name,
                    self.line(publisher, limits.TITLE, place("publisher")),
                    read_month(date, place("date"), self.findings),
                    web_address(url, place("url"), self.findings),
                )
            )

    def add_award(self, place: Place, text: str, awarder: str = "", date: str = "") -> None:
        if name := self._named(text, place):
            month = read_month(date, place("date"), self.findings)
            self.awards.append(Award(name, self.line(awarder, limits.TITLE, place("awarder")), month))

    def _named(self, text: str, place: Place, most: int = limits.PROJECT_TITLE) -> str:
        name = self.line(text, most, place("name"))
        if not name:
            self.findings.add(place("name"), _NOT_SAID)
        return name

    def _technologies(self, found: Iterable[str], place: str) -> tuple[str, ...]:
        names = list(dict.fromkeys(name for text in found if (name := self.line(text, limits.SKILL, place))))
        if len(names) > limits.TECHNOLOGIES:
            self.findings.add(
                place, f"has {len(names)} entries, {limits.TECHNOLOGIES} are possible: the rest was left out"
            )
        return tuple(names[: limits.TECHNOLOGIES])

    def _months(self, start: str, end: str, place: Place) -> tuple[YearMonth | None, YearMonth | None]:
        first = read_month(start, place("start"), self.findings)
        last = read_end(end, place("end"), self.findings)
        return ordered(first, last, place("end"), self.findings)

    def _has_room(self, kept: Mapping[str, object], place: str) -> bool:
        if len(kept) < limits.MOST_CONTACTS:
            return True
        self.findings.add(
            place, f"is the {limits.MOST_CONTACTS + 1}st of its kind, {limits.MOST_CONTACTS} are possible: left out"
        )
        return False


def _check_count(name: str, count: int, most: int) -> None:
    if count > most:
        raise refused(
            name, f"are {count:,}, {most:,} are possible; leave some out", entries=str(count), limit=str(most)
        )
