"""The `user` schema."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Index, LargeBinary, MetaData, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.kit.changes import change_table
from services.kit.db import NAMING, Table, Timestamps, uuid7
from services.kit.errors import WrongState
from services.kit.following import follow_table
from services.kit.jobs import job_table

metadata_ = MetaData(schema="user", naming_convention=NAMING)
changes = change_table(metadata_)
jobs = job_table(metadata_)
follows = follow_table(metadata_)


# `auth_provider` of who signs in with e-mail address and password.
PASSWORD_PROVIDER = "password"  # noqa: S105 - the name of a provider


class Base(Table):
    __abstract__ = True
    metadata = metadata_


class BaseUser(Timestamps, Base):
    """An account: one person, however they sign in, on either or both platforms."""

    __tablename__ = "base_users"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    auth_provider: Mapped[str] = mapped_column(String(32))  # `password`, or the name of an OIDC provider
    provider_uid: Mapped[str]  # the provider's subject; for `password` the e-mail address in lower case
    platform: Mapped[str] = mapped_column(String(32))  # the one signed up on; more stand in account_platforms
    account_tier: Mapped[str] = mapped_column(String(32), server_default="free")
    last_active: Mapped[datetime | None]
    email: Mapped[str] = mapped_column(String(320))
    display_name: Mapped[str] = mapped_column(String(200), server_default="")
    email_verify_time: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (
        Index("uq_base_users_provider", "auth_provider", "provider_uid", unique=True),
        Index("uq_base_users_email", text("lower(email)"), unique=True),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own attribute

    @property
    def has_password(self) -> bool:
        """Or signs in through a provider."""
        return self.auth_provider == PASSWORD_PROVIDER


class AccountPlatform(Timestamps, Base):
    __tablename__ = "account_platforms"

    account_id: Mapped[UUID] = mapped_column(ForeignKey(BaseUser.id, ondelete="CASCADE"), primary_key=True)
    platform: Mapped[str] = mapped_column(String(32), primary_key=True)


class AccountRole(Timestamps, Base):
    __tablename__ = "account_roles"

    account_id: Mapped[UUID] = mapped_column(ForeignKey(BaseUser.id, ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(32), primary_key=True)


class Password(Timestamps, Base):
    __tablename__ = "passwords"

    account_id: Mapped[UUID] = mapped_column(ForeignKey(BaseUser.id, ondelete="CASCADE"), primary_key=True)
    hash: Mapped[str]


class ToldNotice(Base):
    """What a person was told of plan and credits: once for each occasion."""

    __tablename__ = "told_notices"

    account_id: Mapped[UUID] = mapped_column(ForeignKey(BaseUser.id, ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    time: Mapped[datetime] = mapped_column(index=True)

    FORGOTTEN_AFTER = timedelta(days=400)  # longer than the longest occasion


class Registration(Timestamps, Base):
    """Somebody who wants to sign up and has not shown yet to receive mail at `email`. Any number for one address."""

    __tablename__ = "registrations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    email: Mapped[str] = mapped_column(String(320), index=True)
    platform: Mapped[str] = mapped_column(String(32))
    display_name: Mapped[str] = mapped_column(String(200), server_default="")
    expire_time: Mapped[datetime] = mapped_column(index=True)


class MailedCode(Base):
    """The secret of a mailed link, as a hash. Good once, for one purpose, until `expire_time`."""

    __tablename__ = "mailed_codes"

    hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[UUID] = mapped_column(index=True)  # the registration or account that it is about
    expire_time: Mapped[datetime] = mapped_column(index=True)
    use_time: Mapped[datetime | None]


class SentMail(Base):
    """When the last mail of a kind went to an address, and how many did since they were few: nobody's inbox is flooded through us."""

    __tablename__ = "sent_mails"

    address: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)  # a pseudonym
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    job_id: Mapped[UUID]  # which may try again
    count: Mapped[int]
    time: Mapped[datetime] = mapped_column(index=True)

    PAUSE = timedelta(minutes=1)  # it doubles with each, up to
    LONGEST_PAUSE = timedelta(hours=1)
    FORGOTTEN_AFTER = timedelta(hours=24)


class UsedGrant(Base):
    """What somebody signed in with through a provider, as a hash: none of it is good twice."""

    __tablename__ = "used_grants"

    hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    expire_time: Mapped[datetime] = mapped_column(index=True)  # by then it is refused anyway


class SignInAttempts(Base):
    """Attempts at an address' secrets since the last right one, whether it has an account or not."""

    __tablename__ = "sign_in_attempts"

    subject: Mapped[bytes] = mapped_column(
        LargeBinary(32), primary_key=True
    )  # stands for what of the address is guessed at
    address: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)  # stands for the address
    count: Mapped[int]
    last_time: Mapped[datetime] = mapped_column(index=True)
    lock_time: Mapped[datetime | None]

    FREE = 5  # so many may be wrong without consequence
    LONGEST_PAUSE = timedelta(minutes=15)  # it doubles with each, from one second to this
    LOCK_AFTER = 20
    LOCK = timedelta(hours=24)  # then, only the mailed link helps, or this time

    def pause_left(self, now: datetime) -> float:
        """Seconds until the next attempt is let through; not above 0 when one is."""
        if self.count < self.FREE:
            return 0
        pause = min(self.LONGEST_PAUSE, timedelta(seconds=2 ** min(self.count - self.FREE, 20)))
        return (self.last_time + pause - now).total_seconds()


class SecondFactor(Timestamps, Base):
    """A time-based one-time password (RFC 6238). Counts once `confirm_time` is set."""

    __tablename__ = "second_factors"

    account_id: Mapped[UUID] = mapped_column(ForeignKey(BaseUser.id, ondelete="CASCADE"), primary_key=True)
    sealed: Mapped[bytes]
    confirm_time: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger, server_default="0")  # of the last code: each is good once


class RecoveryCode(Base):
    """Signs in once instead of a second factor's code."""

    __tablename__ = "recovery_codes"

    hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey(BaseUser.id, ondelete="CASCADE"), index=True)
    use_time: Mapped[datetime | None]


class Session(Timestamps, Base):
    """One sign-in on one device: the family of refresh tokens that came from it."""

    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    account_id: Mapped[UUID] = mapped_column(ForeignKey(BaseUser.id, ondelete="CASCADE"), index=True)
    user_agent: Mapped[str] = mapped_column(String(400), server_default="")
    address: Mapped[str] = mapped_column(String(64), server_default="")
    last_use_time: Mapped[datetime]
    expire_time: Mapped[datetime]
    revoke_time: Mapped[datetime | None]

    MOST_LIFETIME = timedelta(days=90)
    MOST = 100  # live ones of an account

    def live(self, now: datetime) -> bool:
        return self.revoke_time is None and now < self.expire_time

    def revoke(self, now: datetime) -> None:
        """Raises WrongState when it is revoked already."""
        if self.revoke_time is not None:
            raise WrongState("session", "REVOKED", "ACTIVE")
        self.revoke_time = now


class RefreshToken(Base):
    """A link of a session's chain. Each is used once; a second use means that somebody copied it."""

    __tablename__ = "refresh_tokens"

    hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey(Session.id, ondelete="CASCADE"), index=True)
    issue_time: Mapped[datetime]
    use_time: Mapped[datetime | None]


class DataExport(Timestamps, Base):
    """Everything about a person, as a zip file in object storage until `expire_time`. RUNNING → SUCCEEDED or FAILED."""

    __tablename__ = "data_exports"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    account_id: Mapped[UUID] = mapped_column(ForeignKey(BaseUser.id, ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(16), server_default="RUNNING")
    progress: Mapped[int] = mapped_column(server_default="0")  # percent
    byte_size: Mapped[int] = mapped_column(BigInteger, server_default="0")
    request_id: Mapped[UUID | None]
    expire_time: Mapped[datetime | None]

    __table_args__ = (Index("uq_data_exports_request", "account_id", "request_id", unique=True),)

    LIFETIME = timedelta(hours=24)
    PATIENCE = timedelta(minutes=10)  # with services that do not answer

    @property
    def blob_key(self) -> str:
        return f"exports/{self.account_id}/{self.id}"

    def ready(self, now: datetime) -> bool:
        return self.state == "SUCCEEDED" and self.expire_time is not None and now < self.expire_time

    def succeed(self, byte_size: int, now: datetime) -> None:
        self.state, self.progress, self.byte_size, self.expire_time = "SUCCEEDED", 100, byte_size, now + self.LIFETIME

    def fail(self) -> None:
        self.state = "FAILED"


class Erasure(Timestamps, Base):
    """RUNNING → SUCCEEDED. `account_id` is known until the last sweep; the id alone is what the person has left to ask with."""

    __tablename__ = "erasures"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    account_id: Mapped[UUID | None] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(String(16), server_default="RUNNING")
    done_services: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    end_time: Mapped[datetime | None]

    KEPT = timedelta(days=30)
    # A call that was under way is ended within 4 s with its session; what it wrote until then is found by a second look.
    IN_FLIGHT = timedelta(seconds=6)
    BEGIN_ANEW_AFTER = timedelta(seconds=5)
    # Longer than any access token lives: what one last call of the person left behind is removed then.
    SWEEP_AFTER = timedelta(minutes=11)


class SigningKeyRow(Base):
    __tablename__ = "signing_keys"

    kid: Mapped[str] = mapped_column(String(64), primary_key=True)
    sealed: Mapped[bytes]
    sign_from: Mapped[datetime]  # published before it signs, so that verifiers have it in time
    retire_time: Mapped[datetime | None]
