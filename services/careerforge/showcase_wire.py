"""Between rows and messages of documents and projects."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1 import growth_pb2

from services.careerforge.portfolio import Showcase
from services.careerforge.tables import Portfolio, StoredDocument
from services.kit.enums import chosen, number
from services.kit.masks import etag
from services.kit.times import timestamp

ITEM_FIELDS = frozenset(
    (
        "project_title",
        "description",
        "technologies",
        "project_url",
        "github_url",
        "showcase_priority",
        "visibility",
    )
)


def document(row: StoredDocument) -> growth_pb2.Document:
    return growth_pb2.Document(
        id=str(row.id),
        kind=row.kind,
        filename=row.filename,
        content_type=row.content_type,
        byte_size=row.byte_size,
        clean=row.clean,
        create_time=timestamp(row.create_time),
        state=number(growth_pb2.Document.State, row.state),
        failure_reason=row.failure_reason,
        failure_message=row.failure_message,
    )


def item(row: Portfolio) -> growth_pb2.PortfolioItem:
    """As the person themselves sees it."""
    message = growth_pb2.PortfolioItem(
        id=str(row.id),
        project_title=row.project_title,
        description=row.description,
        technologies=row.technologies,
        project_url=row.project_url,
        github_url=row.github_url,
        showcase_priority=row.showcase_priority,
        visibility=number(growth_pb2.PortfolioItem.Visibility, row.visibility),
        create_time=timestamp(row.create_time),
        etag=etag(row.version),
    )
    for field, stored in (("link_preview", row.link_preview), ("github_preview", row.github_preview)):
        if stored:
            getattr(message, field).CopyFrom(_preview(stored))
    return message


def _preview(stored: Mapping[str, Any]) -> growth_pb2.LinkPreview:
    fetched = stored.get("fetch_time")
    return growth_pb2.LinkPreview(
        state=number(growth_pb2.LinkPreview.State, stored["state"]),
        title=stored.get("title", ""),
        description=stored.get("description", ""),
        image_url=stored.get("image_url", ""),
        site_name=stored.get("site_name", ""),
        fetch_time=timestamp(datetime.fromisoformat(fetched)) if fetched else None,
        failure_message=stored.get("failure_message", ""),
    )


def showcase(found: Showcase) -> pb.GetPublicShowcaseResponse:
    return pb.GetPublicShowcaseResponse(
        display_name=found.display_name, headline=found.headline, items=map(_shown, found.items)
    )


def _shown(row: Portfolio) -> growth_pb2.PortfolioItem:
    """As everybody sees it."""
    message = item(row)
    message.ClearField("etag")
    for field in ("link_preview", "github_preview"):
        if message.HasField(field):
            getattr(message, field).ClearField("failure_message")
    return message


def new_item(message: growth_pb2.PortfolioItem) -> dict[str, Any]:
    """Columns of a new project."""
    return item_values({name: getattr(message, name) for name in ITEM_FIELDS})


def item_values(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Columns for the masked fields of a project."""
    values = dict(fields)
    if "technologies" in values:
        values["technologies"] = list(values["technologies"])
    if "visibility" in values:
        visibility = chosen(growth_pb2.PortfolioItem.Visibility, values["visibility"]) or "PRIVATE"
        values["visibility"] = visibility.lower()
    return values
