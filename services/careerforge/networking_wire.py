"""Between rows and messages of networking."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from skillsync.careerforge.v1 import growth_pb2

from services.careerforge.introductions import state_of
from services.careerforge.networking import obstacle
from services.careerforge.tables import IntroductionView, NetworkingSetting, UserCareerForge
from services.kit.enums import number
from services.kit.times import timestamp


def introduction(view: IntroductionView, names: Mapping[UUID, str], now: datetime) -> growth_pb2.Introduction:
    """`names`: of those whom the caller may know."""
    state = state_of(view, now)
    accepted = state == "ACCEPTED" and view.other_id is not None
    return growth_pb2.Introduction(
        id=str(view.id),
        common_ground=view.common_ground,
        state=number(growth_pb2.Introduction.State, state),
        other_display_name=names.get(view.other_id, "") if accepted and view.other_id else "",
        other_user_id=str(view.other_id) if accepted else "",
        create_time=timestamp(view.create_time),
        expire_time=timestamp(view.expire_time),
        agreed=view.agreed,
    )


def networking(setting: NetworkingSetting | None, profile: UserCareerForge | None) -> growth_pb2.Networking:
    enabled = bool(setting and setting.enabled)
    return growth_pb2.Networking(
        enabled=enabled,
        enable_time=timestamp(setting.enable_time) if setting else None,
        obstacle=obstacle(profile) if enabled else "",
    )
