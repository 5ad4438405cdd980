"""What the user service writes to people, and the jobs that send it."""

from dataclasses import dataclass
from uuid import UUID

from services.kit.db import utc_now
from services.kit.jobs import Handler, Job, Queue
from services.kit.mail import Mailer
from services.user import codes, queries
from services.user.tables import Registration

REGISTRATION_JOB = "mail_registration"

WELCOME = """You, or somebody with your address, signed up at SkillSync. To go on, open within 24 hours:

{link}

If it was not you, there is nothing to do: without this link there is no account.
"""

HAS_ACCOUNT = """Somebody signed up at SkillSync with your address. You have an account already, so nothing was changed.

To sign in: {url}
If you forgot your password, ask there for a new one. If it was not you, there is nothing to do.
"""


@dataclass(frozen=True)
class Mails:
    """`public_url` is where links lead."""

    mailer: Mailer
    public_url: str

    def handlers(self) -> dict[str, Handler]:
        return {REGISTRATION_JOB: self.registration}

    async def registration(self, queue: Queue, job: Job) -> None:
        """The link that completes it, or that there is an account already."""
        async with queue.step(job) as session:
            row = await session.get(Registration, UUID(job.payload["registration_id"]))
            known = row and await queries.find_account_by_email(session, row.email)
            code = codes.new_code(session, codes.COMPLETE_REGISTRATION, row.id, utc_now()) if row and not known else ""
        if row and known:
            await self.mailer.send(row.email, "You have an account", HAS_ACCOUNT.format(url=self.public_url))
        elif row:
            link = self._link(codes.COMPLETE_REGISTRATION, code)
            await self.mailer.send(row.email, "Complete your registration", WELCOME.format(link=link))
        async with queue.finish(job):
            pass

    def _link(self, purpose: str, code: str) -> str:
        # Behind the `#`: browsers send it to nobody, so it is in no log.
        return f"{self.public_url}/#/{purpose}/{code}"
