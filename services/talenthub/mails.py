"""What talenthub writes to people, and the jobs that send it. A request leaves a job with an id; codes and links are made in the worker."""

from dataclasses import dataclass
from uuid import UUID

from services.kit.db import utc_now
from services.kit.jobs import Handler, Job, Queue
from services.kit.mail import Mailer
from services.talenthub import invitation_queries, queries, verification
from services.talenthub.jobs import DOMAIN_CODE_JOB, INVITATION_JOB

INVITED = """{organization} invites you to work with it on SkillSync, as {role}. To answer, sign in with this address and open
within 14 days:

{link}

If you do not know them, there is nothing to do.
"""
DOMAIN_CODE = """{organization} says at SkillSync that {domain} is its domain. If that is so, give this code to who asked for it:

{code}

It is good for a day. If nobody of yours asked for it, there is nothing to do: without the code nothing happens.
"""


@dataclass(frozen=True)
class Mails:
    """`public_url` is where links lead."""

    mailer: Mailer
    public_url: str

    def handlers(self) -> dict[str, Handler]:
        return {INVITATION_JOB: self.invitation, DOMAIN_CODE_JOB: self.domain_code}

    async def invitation(self, queue: Queue, job: Job) -> None:
        async with queue.db.read() as session:
            row = await invitation_queries.find_invitation(session, UUID(job.payload["invitation_id"]))
            organization = row and await queries.find_organization(session, row.organization_id)
        if row and organization and row.state_at(utc_now()) == "PENDING":
            link = f"{self.public_url}/#/invitation/{row.id}"
            role = row.role.replace("_", " ").lower()
            text = INVITED.format(organization=organization.display_name, role=role, link=link)
            # A header has one line.
            name = " ".join(organization.display_name.split())
            await self.mailer.send(row.email, f"{name} invites you", text)
        await queue.end(job)

    async def domain_code(self, queue: Queue, job: Job) -> None:
        organization_id = UUID(job.payload["organization_id"])
        async with queue.step(job) as session:
            made = await verification.new_code(session, organization_id, utc_now())
            organization = await queries.find_organization(session, organization_id)
        if made and organization:
            code, recipient = made
            names = {"organization": organization.display_name, "domain": organization.domain}
            await self.mailer.send(recipient, "Is this your domain?", DOMAIN_CODE.format(code=code, **names))
        await queue.end(job)
