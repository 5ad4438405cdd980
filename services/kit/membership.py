"""What a member may do in an organization, beside what the account's own roles allow everywhere. The contract says so."""

from skillsync.talenthub.v1.organization_pb2 import MemberRole
from skillsync.type.v1 import access_pb2

from services.kit.auth import grants_of
from services.kit.errors import PermissionDenied

GRANTS = grants_of(MemberRole)

MANAGE_POSITIONS = access_pb2.PERMISSION_MANAGE_POSITIONS
MANAGE_APPLICATIONS = access_pb2.PERMISSION_MANAGE_APPLICATIONS
READ_MATCHES = access_pb2.PERMISSION_READ_MATCHES
ADMINISTER_ORGANIZATION = access_pb2.PERMISSION_ADMINISTER_ORGANIZATION


def require(role: str, permission: access_pb2.Permission.ValueType) -> None:
    """`role` in capitals. Raises PermissionDenied unless it grants the permission."""
    if not allows(role, permission):
        raise PermissionDenied(access_pb2.Permission.Name(permission))


def allows(role: str, permission: access_pb2.Permission.ValueType) -> bool:
    """`role` in capitals."""
    return permission in GRANTS[role.lower()]
