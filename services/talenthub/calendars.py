"""Interviews as calendar files (RFC 5545, RFC 5546)."""

from datetime import timedelta
from uuid import UUID

from services.talenthub.tables import Interview

PRODUCT = "-//SkillSync//TalentHub//EN"


def calendar_file(row: Interview, title: str, organization_id: UUID, organization_name: str) -> bytes:
    """One event. The same interview has the same UID for ever and a greater SEQUENCE after each change, so that a calendar that takes the
    file again changes or removes the entry it has. The organizer is named by id: no address of anybody stands in the file.
    """
    # Takes a tenth of a second, and most processes never write one.
    from icalendar import Calendar, Event, vCalAddress

    cancelled = row.state == "CANCELLED"
    calendar, event = Calendar(), Event()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    organizer = vCalAddress(f"urn:uuid:{organization_id}")
    organizer.params["CN"] = organization_name
    for name, value in {
        "uid": f"{row.id}@skillsync",
        "sequence": row.version - 1,
        "dtstamp": row.update_time,
        "created": row.create_time,
        "last-modified": row.update_time,
        "dtstart": row.start_time,
        "dtend": row.start_time + timedelta(minutes=row.duration_minutes),
        "summary": f"Interview: {title}",
        "description": f"{organization_name}: {title}",
        "location": row.place,
        "status": "CANCELLED" if cancelled else "CONFIRMED",
        "organizer": organizer,
    }.items():
        if value != "":
            event.add(name, value)
    calendar.add_component(event)
    return bytes(calendar.to_ical())
