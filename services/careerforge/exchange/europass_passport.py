"""Europass XML as it was until 2020 (SkillsPassport, versions 3.x) → profile.

Elements as in the Europass XML schema documentation, version 3.3.0: `LearnerInfo` with `Identification`, `Headline`,
`WorkExperienceList`, `EducationList`, `Skills` and `AchievementList`.
"""

from services.careerforge.exchange.draft import Draft
from services.careerforge.exchange.findings import Import
from services.careerforge.exchange.languages import lowest_level
from services.careerforge.exchange.place import Place
from services.careerforge.exchange.rich_lists import skills_of, titles_of
from services.careerforge.exchange.xml_tree import Element

FORMAT = "europass"
ROOTS = frozenset(("SkillsPassport", "Europass", "LearnerInfo"))
# What an achievement is called by its code.
_CERTIFICATES = frozenset(("certifications", "certificates", "courses"))
_SKILLS = ("Computer", "JobRelated", "Organisational", "Communication", "Other")


def read_passport(root: Element) -> Import:
    draft = Draft()
    learner = root if root.name == "LearnerInfo" else root.first("LearnerInfo")
    if learner is None:
        draft.findings.add(root.path, "has no LearnerInfo: nothing was taken over; export the file again")
    else:
        _identification(draft, learner)
        _headline(draft, learner)
        for work in learner.all("WorkExperienceList/WorkExperience"):
            _work(draft, work)
        for study in learner.all("EducationList/Education"):
            _study(draft, study)
        _skills(draft, learner)
        for achievement in (*learner.all("AchievementList/Achievement"), *learner.all("Achievement")):
            _achievement(draft, achievement)
    return Import(draft.profile(), FORMAT, draft.findings.all())


def _identification(draft: Draft, learner: Element) -> None:
    path = f"{learner.path}/Identification"
    given, family = "Identification/PersonName/FirstName", "Identification/PersonName/Surname"
    draft.put_name(f"{learner.said(given)} {learner.said(family)}", f"{path}/PersonName")
    contact = learner.first("Identification/ContactInfo")
    if contact is None:
        return
    for email in (*contact.all("Email/Contact"), *contact.all("Email")):
        draft.add_email(email.text, email.path)
    for phone in contact.all("TelephoneList/Telephone/Contact"):
        draft.add_phone(phone.text, phone.path)
    for site in (*contact.all("WebsiteList/Website/Contact"), *contact.all("Website/Contact")):
        draft.add_link(site.text, site.path)
    place = Place(f"{contact.path}/Address/Contact", "/", {"city": "Municipality", "region": "Country/Label"})
    country = contact.said("Address/Contact/Country/Code", "Address/Contact/Country/Label")
    draft.put_location(contact.said("Address/Contact/Municipality"), "", country, place)


def _headline(draft: Draft, learner: Element) -> None:
    """A personal statement is a summary; anything else says what somebody is or wants to be."""
    for headline in learner.all("Headline"):
        words, path = headline.said("Description/Label"), f"{headline.path}/Description/Label"
        if headline.said("Type/Code") == "personal_statement":
            draft.put_summary(words, path)
        elif words:
            draft.put_headline(words, path)


def _period(entry: Element) -> tuple[str, str, bool | None]:
    """`month` is written as "--03", a whole month as a schema of XML has it."""
    dates = []
    for end in ("Period/From", "Period/To"):
        found = entry.first(end)
        year = (found.attributes.get("year", "") or found.text) if found else ""
        month = (found.attributes.get("month", "") if found else "").strip("-")
        dates.append(f"{year}-{month}" if year and month else year)
    lasts = entry.said("Period/Current").lower()
    return dates[0], dates[1], True if lasts == "true" else False if dates[1] or lasts == "false" else None


def _place_of(entry: Element, holder: str) -> str:
    base = f"{holder}/ContactInfo/Address/Contact"
    country = entry.said(f"{base}/Country/Label", f"{base}/Country/Code")
    return ", ".join(part for part in (entry.said(f"{base}/Municipality"), country) if part)


def _work(draft: Draft, work: Element) -> None:
    start, end, lasts = _period(work)
    names = {"title": "Position", "employer": "Employer/Name", "description": "Activities", **_PERIOD}
    draft.add_experience(
        Place(work.path, "/", names),
        work.said("Position/Label", "Position"),
        work.said("Employer/Name"),
        _place_of(work, "Employer"),
        start,
        end,
        work.said("Activities"),
        lasts,
    )


def _study(draft: Draft, study: Element) -> None:
    start, end, _ = _period(study)
    draft.add_education(
        Place(
            study.path, "/", {"institution": "Organisation/Name", "degree": "Title", "field": "Field/Label", **_PERIOD}
        ),
        study.said("Organisation/Name"),
        study.said("Title"),
        study.said("Field/Label"),
        start,
        end,
    )


def _skills(draft: Draft, learner: Element) -> None:
    for mother in learner.all("Skills/Linguistic/MotherTongueList/MotherTongue"):
        draft.add_language(_tongue(mother), "native", Place(mother.path, "/", _TONGUE))
    for foreign in learner.all("Skills/Linguistic/ForeignLanguageList/ForeignLanguage"):
        levels = [
            level.text for level in (foreign.first("ProficiencyLevel") or foreign).children if level.name in _ABILITIES
        ]
        draft.add_language(_tongue(foreign), lowest_level(levels), Place(foreign.path, "/", _TONGUE))
    for kind in _SKILLS:
        for told in learner.all(f"Skills/{kind}/Description"):
            skills_of(draft, told.text, told.path)


def _tongue(language: Element) -> str:
    return language.said("Description/Label", "Description/Code", "Description")


def _achievement(draft: Draft, achievement: Element) -> None:
    code, label = achievement.said("Title/Code").lower(), achievement.said("Title/Label")
    words = achievement.said("Description")
    place = Place(achievement.path, "/", {"name": "Description"})
    for title in titles_of(words):
        if code == "publications":
            draft.add_publication(place, title)
        elif code == "honors_awards":
            draft.add_award(place, title)
        elif code == "projects":
            draft.add_project(place, title)
        elif code in _CERTIFICATES:
            draft.add_certification(place, title)
        else:
            draft.findings.add(
                achievement.path, f"{label or code or 'an achievement'} has no place in a profile: left out"
            )
            return


_PERIOD = {"start": "Period/From", "end": "Period/To"}
_TONGUE = {"language": "Description", "level": "ProficiencyLevel"}
_ABILITIES = frozenset(("Listening", "Reading", "SpokenInteraction", "SpokenProduction", "Writing"))
