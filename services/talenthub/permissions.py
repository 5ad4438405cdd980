"""What a member may do in the organization, beside what the account's own roles allow everywhere. The contract says so."""

from skillsync.talenthub.v1.organization_pb2 import MemberRole
from skillsync.type.v1 import access_pb2

from services.kit.auth import grants_of
from services.kit.errors import PermissionDenied
from services.talenthub.tables import Member

GRANTS = grants_of(MemberRole)

MANAGE_POSITIONS = access_pb2.PERMISSION_MANAGE_POSITIONS


def require(member: Member, permission: access_pb2.Permission.ValueType) -> None:
    """Raises PermissionDenied unless the membership grants it."""
    if permission not in GRANTS[member.role.lower()]:
        raise PermissionDenied(access_pb2.Permission.Name(permission))
