"""Who wants to know others, and what came of it. What two people have between them is seen by the platform alone; each has a view of it
that holds what they may know, and nothing else.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column

from services.careerforge.tables.base import Base
from services.careerforge.tables.profile import UserCareerForge
from services.kit.db import Timestamps, uuid7


class NetworkingSetting(Timestamps, Base):
    __tablename__ = "networking_settings"

    user_id: Mapped[UUID] = mapped_column(ForeignKey(UserCareerForge.id, ondelete="CASCADE"), primary_key=True)
    enabled: Mapped[bool] = mapped_column(server_default="false")
    enable_time: Mapped[datetime | None]
    # When somebody was last looked for; who waits longest is next.
    look_time: Mapped[datetime | None]

    __table_args__ = (Index("ix_networking_settings_look", "enabled", "look_time"),)


class Introduction(Base):
    """Two people, the lesser id first; each pair once for ever, unless one of them is gone. `closed`: neither will hear of the other any
    more.
    """

    __tablename__ = "introductions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    first_id: Mapped[UUID] = mapped_column(ForeignKey(UserCareerForge.id, ondelete="CASCADE"))
    second_id: Mapped[UUID] = mapped_column(ForeignKey(UserCareerForge.id, ondelete="CASCADE"), index=True)
    create_time: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    expire_time: Mapped[datetime]
    first_agreed: Mapped[bool] = mapped_column(server_default="false")
    second_agreed: Mapped[bool] = mapped_column(server_default="false")
    closed: Mapped[bool] = mapped_column(server_default="false")

    __table_args__ = (Index("uq_introductions_pair", "first_id", "second_id", unique=True),)

    @property
    def people(self) -> tuple[UUID, UUID]:
        return self.first_id, self.second_id

    def other(self, user_id: UUID) -> UUID:
        return self.second_id if user_id == self.first_id else self.first_id

    def agree(self, user_id: UUID) -> bool:
        """Whether both have."""
        if user_id == self.first_id:
            self.first_agreed = True
        else:
            self.second_agreed = True
        return self.first_agreed and self.second_agreed


class IntroductionView(Base):
    """What one of the two may know. `other_id` only once both agreed; `state`: PROPOSED, ACCEPTED or DECLINED by this person."""

    __tablename__ = "introduction_views"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    introduction_id: Mapped[UUID] = mapped_column(ForeignKey(Introduction.id, ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(UserCareerForge.id, ondelete="CASCADE"), index=True)
    common_ground: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(16), server_default="PROPOSED")
    agreed: Mapped[bool] = mapped_column(server_default="false")
    other_id: Mapped[UUID | None]
    create_time: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    expire_time: Mapped[datetime]
    request_id: Mapped[UUID | None]


class NetworkingBlock(Base):
    """Never to be proposed to each other. Row security shows it to nobody but the platform."""

    __tablename__ = "networking_blocks"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(UserCareerForge.id, ondelete="CASCADE"))
    blocked_id: Mapped[UUID] = mapped_column(ForeignKey(UserCareerForge.id, ondelete="CASCADE"), index=True)
    create_time: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())

    __table_args__ = (Index("uq_networking_blocks_pair", "user_id", "blocked_id", unique=True),)


class NetworkingReport(Base):
    """What somebody found wrong with another; operators read it. Row security shows it to nobody but the platform."""

    __tablename__ = "networking_reports"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(UserCareerForge.id, ondelete="CASCADE"), index=True)
    reported_id: Mapped[UUID] = mapped_column(ForeignKey(UserCareerForge.id, ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(String(2000))
    create_time: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
