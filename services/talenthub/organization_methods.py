"""Methods about organizations, who belongs to them, and how people come in."""

from typing import Any
from uuid import UUID

from google.protobuf.empty_pb2 import Empty
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.organization_pb2 import (
    Invitation,
    Member,
    MemberRole,
    Organization,
    OrganizationVerification,
)

from services.kit.accounts import Accounts
from services.kit.auth import caller
from services.kit.db import EVERYONE, Database, utc_now
from services.kit.enums import plain
from services.kit.ids import optional_id
from services.kit.masks import masked
from services.kit.pages import Page
from services.talenthub import closing, invitations, members, organizations, verification, wire
from services.talenthub.domains import Lookup
from services.talenthub.name_pages import NamePage
from services.talenthub.seats import Seats


class OrganizationMethods:
    _db: Database
    _seal_key: str
    _accounts: Accounts
    _lookup: Lookup
    _seats: Seats

    async def CreateOrganization(self, request: pb.CreateOrganizationRequest, context: Any) -> Organization:
        values = wire.organization_values(request.organization, wire.ORGANIZATION_FIELDS)
        # Its first member comes to be with it.
        async with self._db.write(EVERYONE) as session:
            row = await organizations.create_organization(session, caller(), values, optional_id(request.request_id))
            return wire.organization(row)

    async def GetOrganization(self, request: pb.GetOrganizationRequest, context: Any) -> Organization:
        async with self._db.read() as session:
            row = await organizations.get_organization(session, caller(), UUID(request.organization_id))
            return wire.organization(row)

    async def ListOrganizations(
        self, request: pb.ListOrganizationsRequest, context: Any
    ) -> pb.ListOrganizationsResponse:
        page = NamePage.asked(self._seal_key, request, "organizations")
        async with self._db.read() as session:
            rows = await organizations.list_organizations(session, caller(), page)
        shown, token = page.cut(rows)
        return pb.ListOrganizationsResponse(
            organizations=[wire.organization(row) for row in shown], next_page_token=token
        )

    async def UpdateOrganization(self, request: pb.UpdateOrganizationRequest, context: Any) -> Organization:
        fields = masked(request.organization, request.update_mask, wire.ORGANIZATION_FIELDS)
        values = wire.organization_values(request.organization, fields)
        organization_id, etag = UUID(request.organization_id), request.organization.etag
        async with self._db.write() as session:
            row = await organizations.update_organization(
                session, caller(), organization_id, values, etag, bool(request.request_id)
            )
            return wire.organization(row)

    async def StartOrganizationVerification(
        self, request: pb.StartOrganizationVerificationRequest, context: Any
    ) -> OrganizationVerification:
        organization_id = UUID(request.organization_id)
        # What was mailed is nobody's to read; whose organization it is was asked first.
        async with self._db.write(EVERYONE) as session:
            ways = await verification.start(session, caller(), organization_id, request.mail, self._seal_key, utc_now())
        return wire.verification(ways)

    async def VerifyOrganization(self, request: pb.VerifyOrganizationRequest, context: Any) -> Organization:
        organization_id = UUID(request.organization_id)
        if request.code:
            async with self._db.write(EVERYONE) as session:
                row = await verification.verify_by_code(session, caller(), organization_id, request.code, utc_now())
            # After the attempt was counted.
            if row is None:
                raise verification.refusal()
            return wire.organization(row)
        async with self._db.read() as session:
            known = await organizations.get_organization(session, caller(), organization_id)
        found = await self._lookup.txt(known.domain) if known.domain else set[str]()
        async with self._db.write() as session:
            row = await verification.verify_by_record(session, caller(), organization_id, self._seal_key, found)
            return wire.organization(row)

    async def TransferOrganization(self, request: pb.TransferOrganizationRequest, context: Any) -> Organization:
        organization_id, account_id = UUID(request.organization_id), UUID(request.account_id)
        async with self._db.write() as session:
            row = await organizations.transfer_organization(session, caller(), organization_id, account_id)
            return wire.organization(row)

    async def CloseOrganization(self, request: pb.CloseOrganizationRequest, context: Any) -> Organization:
        organization_id = UUID(request.organization_id)
        async with self._db.write() as session:
            row = await closing.close_organization(
                session, caller(), organization_id, request.etag, bool(request.request_id), utc_now()
            )
            return wire.organization(row)

    async def ListMembers(self, request: pb.ListMembersRequest, context: Any) -> pb.ListMembersResponse:
        page = Page.asked(self._seal_key, request, f"members/{request.organization_id}")
        async with self._db.read() as session:
            rows = await members.list_members(session, caller(), UUID(request.organization_id), page)
        shown, token = page.cut(rows)
        return pb.ListMembersResponse(members=[wire.member(row) for row in shown], next_page_token=token)

    async def UpdateMember(self, request: pb.UpdateMemberRequest, context: Any) -> Member:
        organization_id, account_id = UUID(request.organization_id), UUID(request.account_id)
        role = plain(MemberRole, request.role)
        async with self._db.write() as session:
            row = await members.update_member(
                session, caller(), organization_id, account_id, role, request.etag, bool(request.request_id)
            )
            return wire.member(row)

    async def RemoveMember(self, request: pb.RemoveMemberRequest, context: Any) -> Empty:
        organization_id, account_id = UUID(request.organization_id), UUID(request.account_id)
        # Who leaves sees their own row no longer as a member's.
        async with self._db.write(EVERYONE) as session:
            await members.remove_member(session, caller(), organization_id, account_id, utc_now())
        return Empty()

    async def CreateInvitation(self, request: pb.CreateInvitationRequest, context: Any) -> Invitation:
        role, request_id, now = plain(MemberRole, request.role), optional_id(request.request_id), utc_now()
        organization_id = UUID(request.organization_id)
        most = await self._seats.of(organization_id)
        # Whether a member has the address: rows of people are each one's own.
        async with self._db.write(EVERYONE) as session:
            row = await invitations.create_invitation(
                session, caller(), organization_id, request.email, role, request_id, now, most
            )
            return wire.invitation(row, now)

    async def ListInvitations(self, request: pb.ListInvitationsRequest, context: Any) -> pb.ListInvitationsResponse:
        page, now = Page.asked(self._seal_key, request, f"invitations/{request.organization_id}"), utc_now()
        async with self._db.read() as session:
            rows = await invitations.list_invitations(session, caller(), UUID(request.organization_id), page)
        shown, token = page.cut(rows)
        found = [wire.invitation(row, now) for row in shown]
        return pb.ListInvitationsResponse(invitations=found, next_page_token=token)

    async def CancelInvitation(self, request: pb.CancelInvitationRequest, context: Any) -> Invitation:
        now = utc_now()
        async with self._db.write() as session:
            row = await invitations.cancel_invitation(session, caller(), UUID(request.invitation_id), now)
            return wire.invitation(row, now)

    # Who is invited is no member yet: the invitation is not theirs to see, until their address is.
    async def AcceptInvitation(self, request: pb.AcceptInvitationRequest, context: Any) -> Member:
        invitation_id, address = UUID(request.invitation_id), await self._accounts.address()
        most = await self._seats.of_invitation(invitation_id)
        async with self._db.write(EVERYONE) as session:
            row = await invitations.accept_invitation(session, caller(), address, invitation_id, utc_now(), most)
            return wire.member(row)

    async def DeclineInvitation(self, request: pb.DeclineInvitationRequest, context: Any) -> Invitation:
        invitation_id, address, now = UUID(request.invitation_id), await self._accounts.address(), utc_now()
        async with self._db.write(EVERYONE) as session:
            row = await invitations.decline_invitation(session, caller(), address, invitation_id, now)
            return wire.invitation(row, now)
