"""Methods about organizations and who belongs to them."""

from typing import Any
from uuid import UUID

from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.organization_pb2 import Organization

from services.kit.auth import caller
from services.kit.db import EVERYONE, Database
from services.kit.pages import Page
from services.talenthub import organizations, wire


class OrganizationMethods:
    _db: Database
    _seal_key: str

    async def CreateOrganization(self, request: pb.CreateOrganizationRequest, context: Any) -> Organization:
        new = request.organization
        # Its first member comes to be with it.
        async with self._db.write(EVERYONE) as session:
            row = await organizations.create_organization(
                session, caller(), new.display_name, new.domain, new.hiring_capacity, new.recruitment_focus
            )
            return wire.organization(row)

    async def GetOrganization(self, request: pb.GetOrganizationRequest, context: Any) -> Organization:
        async with self._db.read() as session:
            row = await organizations.get_organization(session, caller(), UUID(request.organization_id))
            return wire.organization(row)

    async def ListOrganizations(
        self, request: pb.ListOrganizationsRequest, context: Any
    ) -> pb.ListOrganizationsResponse:
        page = Page.asked(self._seal_key, request, "organizations")
        async with self._db.read() as session:
            rows = await organizations.list_organizations(session, caller(), page)
        shown, token = page.cut(rows)
        return pb.ListOrganizationsResponse(
            organizations=[wire.organization(row) for row in shown], next_page_token=token
        )

    async def ListMembers(self, request: pb.ListMembersRequest, context: Any) -> pb.ListMembersResponse:
        page = Page.asked(self._seal_key, request, f"members/{request.organization_id}")
        async with self._db.read() as session:
            rows = await organizations.list_members(session, caller(), UUID(request.organization_id), page)
        shown, token = page.cut(rows)
        return pb.ListMembersResponse(members=[wire.member(row) for row in shown], next_page_token=token)
