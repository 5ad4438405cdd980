"""What the user service writes to people, and the jobs that send it.

A request only leaves a job, with an id and no address. Who gets which mail is decided in the worker: so a request does the same whether or
not an address has an account, and no code of a link ever lies in the database.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.kit import jobs
from services.kit.db import WriteSession, utc_now
from services.kit.jobs import Handler, Job, Queue
from services.kit.mail import Mailer
from services.kit.seal import pseudonym
from services.user import codes, queries, tables
from services.user.tables import BaseUser, Registration

REGISTRATION_JOB, UNLOCK_JOB = "mail_registration", "mail_unlock"
RESET_JOB, VERIFICATION_JOB, CHANGED_JOB = "mail_password_reset", "mail_email_verification", "mail_password_changed"
FACTOR_ON_JOB, FACTOR_OFF_JOB = "mail_second_factor_on", "mail_second_factor_off"
NOTICES_JOB = "mail_notices"


@dataclass(frozen=True)
class Letter:
    """A subject and a text with `{link}` or `{url}` in it."""

    subject: str
    text: str


WELCOME = Letter(
    "Complete your registration",
    """You, or somebody with your address, signed up at SkillSync. To choose a password and go on, open within 24 hours:

{link}

If it was not you, there is nothing to do: without this link there is no account.
""",
)
HAS_ACCOUNT = Letter(
    "You have an account",
    """Somebody signed up at SkillSync with your address. You have an account already, so nothing was changed.

To sign in: {url}
If you forgot your password, ask there for a new one. If it was not you, there is nothing to do.
""",
)
RESET = Letter(
    "Set a new password",
    """To set a new password at SkillSync, open within an hour:

{link}

All sessions end then. If you did not ask for it, there is nothing to do: your password is as it was.
""",
)
OTHER_WAY = Letter(
    "How you sign in",
    """Somebody asked for a new password at SkillSync. Your account has none: you sign in through {provider}, at {url}
""",
)
VERIFY = Letter(
    "Confirm your e-mail address",
    """To confirm that this is your address, open within 24 hours:

{link}
""",
)
LOCKED = Letter(
    "Guessing at your password is locked",
    """There were many attempts with a wrong password at your SkillSync account. From where they came, no more are taken for a day.
Sessions that are open go on. If it was you, unlock it here:

{link}

If it was not you: look where you are signed in and end what you do not know, at {url}
A long password of its own and a second factor keep others out.
""",
)
CHANGED = Letter(
    "Your password was changed",
    """The password of your SkillSync account was changed, and other sessions were ended.

If it was not you, set a new one at once: {url}
""",
)


FACTOR_ON = Letter(
    "A second factor is on",
    """Signing in to your SkillSync account now takes a code of the authenticator that was set up, besides your password.

If it was not you, somebody knows your password: write at once to those who run this SkillSync.
""",
)
FACTOR_OFF = Letter(
    "Your second factor is off",
    """Signing in to your SkillSync account now takes your password alone.

If it was not you, set a new password at once: {url}
""",
)


NOTICES = Letter(
    "Your plan at SkillSync",
    """{notices}

What you used, and what there is beside it: {url}
""",
)


def address(seal_key: str, email: str) -> bytes:
    """Stands for a mail address in the database."""
    return pseudonym(seal_key, "mail address", email.strip().lower())


async def send_later(
    session: WriteSession, kind: str, account_id: UUID | None, run_after: datetime | None = None
) -> None:
    """Leaves the job, even for nobody: who counts milliseconds learns nothing."""
    await jobs.enqueue(session, tables.jobs, kind, {"account_id": str(account_id or "")}, run_after)


async def send_notices(session: WriteSession, account_id: UUID, messages: Sequence[str]) -> None:
    payload = {"account_id": str(account_id), "messages": list(messages)}
    await jobs.enqueue(session, tables.jobs, NOTICES_JOB, payload)


# Told about something that was done with the password: no stranger can ask for it.
UNASKED = frozenset({CHANGED_JOB, FACTOR_ON_JOB, FACTOR_OFF_JOB})


def _always(letter: Letter) -> Callable[[WriteSession, BaseUser], Awaitable[tuple[Letter, str]]]:
    async def write(_: WriteSession, __: BaseUser) -> tuple[Letter, str]:
        return letter, ""

    return write


@dataclass(frozen=True)
class Mails:
    """`public_url` is where links lead."""

    mailer: Mailer
    public_url: str
    seal_key: str

    def handlers(self) -> dict[str, Handler]:
        return {
            REGISTRATION_JOB: self.registration,
            RESET_JOB: self._to_account(self._reset),
            VERIFICATION_JOB: self._to_account(self._verification),
            UNLOCK_JOB: self._to_account(self._unlock),
            CHANGED_JOB: self._to_account(_always(CHANGED)),
            FACTOR_ON_JOB: self._to_account(_always(FACTOR_ON)),
            FACTOR_OFF_JOB: self._to_account(_always(FACTOR_OFF)),
            NOTICES_JOB: self.notices,
        }

    async def registration(self, queue: Queue, job: Job) -> None:
        """The link that completes it, or that there is an account already."""
        async with queue.step(job) as session:
            row = await session.get(Registration, UUID(job.payload["registration_id"]))
            letter = row and await self._paced(session, job, row.email) and await self._welcome(session, row)
        if row and letter:
            await self._send(row.email, *letter)
        await queue.end(job)

    async def notices(self, queue: Queue, job: Job) -> None:
        async with queue.step(job) as session:
            account = await session.get(BaseUser, UUID(job.payload["account_id"]))
        if account:
            text = NOTICES.text.format(notices="\n".join(job.payload["messages"]), url=self.public_url)
            await self.mailer.send(account.email, NOTICES.subject, text)
        await queue.end(job)

    async def _welcome(self, session: WriteSession, row: Registration) -> tuple[Letter, str]:
        if await queries.find_account_by_email(session, row.email):
            return HAS_ACCOUNT, ""
        return await self._linked(session, WELCOME, codes.COMPLETE_REGISTRATION, row.id)

    async def _due(self, session: WriteSession, job: Job, email: str) -> bool:
        if job.kind == UNLOCK_JOB and not await queries.is_locked(session, address(self.seal_key, email)):
            return False
        return job.kind in UNASKED or await self._paced(session, job, email)

    async def _paced(self, session: WriteSession, job: Job, email: str) -> bool:
        """Whether a mail that anybody may ask for can go out now. A job that failed to send its own may try again."""
        return await queries.claim_mail(session, address(self.seal_key, email), job.kind, job.id, utc_now())

    def _to_account(self, write: Callable[[WriteSession, BaseUser], Awaitable[tuple[Letter, str]]]) -> Handler:
        """A handler that mails what `write` says to an account, if there is one."""

        async def handle(queue: Queue, job: Job) -> None:
            account = letter = None
            async with queue.step(job) as session:
                if job.payload["account_id"]:
                    account = await session.get(BaseUser, UUID(job.payload["account_id"]))
                if account and await self._due(session, job, account.email):
                    letter = await write(session, account)
            if account and letter:
                await self._send(account.email, *letter, provider=account.auth_provider)
            await queue.end(job)

        return handle

    async def _reset(self, session: WriteSession, account: BaseUser) -> tuple[Letter, str]:
        if not account.has_password:
            return OTHER_WAY, ""
        return await self._linked(session, RESET, codes.RESET_PASSWORD, account.id)

    async def _verification(self, session: WriteSession, account: BaseUser) -> tuple[Letter, str]:
        return await self._linked(session, VERIFY, codes.VERIFY_EMAIL, account.id)

    async def _unlock(self, session: WriteSession, account: BaseUser) -> tuple[Letter, str]:
        return await self._linked(session, LOCKED, codes.UNLOCK, account.id)

    async def _linked(
        self, session: WriteSession, letter: Letter, purpose: str, subject_id: UUID
    ) -> tuple[Letter, str]:
        """The letter and its link."""
        code = await codes.new_code(session, purpose, subject_id, utc_now())
        # Behind the `#`: browsers send it to nobody, so it is in no log.
        return letter, f"{self.public_url}/#/{purpose}/{code}"

    async def _send(self, recipient: str, letter: Letter, link: str, provider: str = "") -> None:
        text = letter.text.format(link=link, url=self.public_url, provider=provider)
        await self.mailer.send(recipient, letter.subject, text)
