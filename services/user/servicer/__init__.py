"""UserService. Who may call what stands in the contract; the kit's guard has checked it."""

from skillsync.user.v1.user_service_pb2_grpc import UserServiceServicer

from services.user.servicer.accounts import AccountMethods
from services.user.servicer.activities import ActivityMethods
from services.user.servicer.credentials import CredentialMethods
from services.user.servicer.privacy import PrivacyMethods
from services.user.servicer.providers import ProviderMethods
from services.user.servicer.sessions import SessionMethods


class UserServicer(
    AccountMethods,
    ActivityMethods,
    CredentialMethods,
    PrivacyMethods,
    ProviderMethods,
    SessionMethods,
    UserServiceServicer,
):
    """Methods of the contract that are in none of the modules here answer UNIMPLEMENTED."""
