"""TalentHubService and its workers, put together. It calls careerforge, matching and user."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from skillsync.talenthub.v1.talenthub_service_pb2_grpc import add_TalentHubServiceServicer_to_server

from services.ai.skills import SkillLinker
from services.kit.accounts import Accounts
from services.kit.activity import Recorder
from services.kit.auth import verifier_of
from services.kit.background import beside, for_ever
from services.kit.changes import Relay
from services.kit.channel import open_channel
from services.kit.db import EVERYONE, Database
from services.kit.entitlements import Entitlements
from services.kit.housekeeping import open_housekeeping
from services.kit.jobs import Queue
from services.kit.mail import Mailer
from services.kit.outbox import open_outbox
from services.kit.server import RunningServer, Service, open_server
from services.kit.settings import Settings
from services.kit.worker import Work
from services.talenthub import closing
from services.talenthub.domains import Lookup
from services.talenthub.fairness_scores import MatchScores
from services.talenthub.insights import SKILLS_OF_POSITIONS, SkillReader
from services.talenthub.mails import Mails
from services.talenthub.pipeline.projecting import EVERY_SECONDS, project
from services.talenthub.profiles import Profiles
from services.talenthub.seats import Seats
from services.talenthub.servicer import TalentHubServicer
from services.talenthub.tables import changes, jobs

NAME = "skillsync.talenthub.v1.TalentHubService"


@asynccontextmanager
async def open_app(settings: Settings) -> AsyncIterator[RunningServer]:
    """The service, listening."""
    async with AsyncExitStack() as stack:
        db = await stack.enter_async_context(Database.opened(settings.database_url.get_secret_value()))
        relay = await stack.enter_async_context(Relay.opened(db, changes))
        await stack.enter_async_context(open_housekeeping(db, changes, jobs, [closing.forget_closed]))
        redis = await stack.enter_async_context(open_outbox(settings, db, jobs))
        accounts = Accounts(await stack.enter_async_context(open_channel(settings, "user")))
        profiles = Profiles(await stack.enter_async_context(open_channel(settings, "careerforge")))
        scores = MatchScores(await stack.enter_async_context(open_channel(settings, "matching")))
        lookup, seal_key = Lookup(settings.dns_server), settings.seal_key.get_secret_value()
        entitlements = Entitlements(await stack.enter_async_context(open_channel(settings, "billing")))
        await stack.enter_async_context(beside(entitlements.follow()))
        seats = Seats(db, entitlements)
        servicer = TalentHubServicer(db, relay, accounts, lookup, seal_key, profiles, scores, seats)
        service = Service(NAME, partial(add_TalentHubServiceServicer_to_server, servicer))
        checks, optional = {"postgres": db.check}, {"redis": redis}
        yield await stack.enter_async_context(
            open_server(settings, service, verifier_of(settings), checks, optional, recorder=Recorder(db))
        )


@asynccontextmanager
async def open_work(settings: Settings, linker: Callable[[], SkillLinker]) -> AsyncIterator[Work]:
    """What its workers do."""
    async with (
        Database.opened(settings.database_url.get_secret_value(), EVERYONE) as db,
        open_outbox(settings, db, jobs),
        beside(for_ever(partial(project, db), EVERY_SECONDS, "tell recruiters of their pipelines")),
    ):
        mails = Mails(Mailer(settings), settings.public_url)
        handlers = mails.handlers() | {SKILLS_OF_POSITIONS: SkillReader(linker).read}
        yield Work(Queue(db, jobs), "talenthub", handlers)
