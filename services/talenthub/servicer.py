"""TalentHubService. Who may call what stands in the contract; the kit's guard has checked it."""

from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceServicer

from services.kit.accounts import Accounts
from services.kit.changes import Relay
from services.kit.db import Database
from services.kit.privacy import UserDataMethods
from services.talenthub import privacy
from services.talenthub.application_methods import ApplicationMethods
from services.talenthub.domains import Lookup
from services.talenthub.fairness_methods import FairnessMethods
from services.talenthub.fairness_scores import MatchScores
from services.talenthub.interview_methods import InterviewMethods
from services.talenthub.merge_methods import MergeMethods
from services.talenthub.note_methods import NoteMethods
from services.talenthub.offer_methods import OfferMethods
from services.talenthub.organization_methods import OrganizationMethods
from services.talenthub.pipeline_methods import PipelineMethods
from services.talenthub.position_methods import PositionMethods
from services.talenthub.profiles import Profiles
from services.talenthub.seats import Seats


class TalentHubServicer(
    OrganizationMethods,
    PositionMethods,
    ApplicationMethods,
    NoteMethods,
    InterviewMethods,
    OfferMethods,
    MergeMethods,
    PipelineMethods,
    FairnessMethods,
    UserDataMethods,
    TalentHubServiceServicer,
):
    """Methods of the contract that are in none of these answer UNIMPLEMENTED."""

    def __init__(
        self,
        db: Database,
        relay: Relay,
        accounts: Accounts,
        lookup: Lookup,
        seal_key: str,
        profiles: Profiles,
        scores: MatchScores,
        seats: Seats,
    ) -> None:
        self._db = db
        self._accounts, self._lookup = accounts, lookup
        self._relay = relay
        self._seal_key = seal_key
        self._profiles = profiles
        self._scores = scores
        self._seats = seats
        self.user_data = privacy.user_data(db)
