"""MatchingService and its workers, put together. It follows careerforge and talenthub, and calls billing."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from skillsync.matching.v1.matching_service_pb2_grpc import add_MatchingServiceServicer_to_server

from services.ai.embedding import Encoder
from services.ai.embedding.sentences import SentenceEncoder
from services.ai.skills import SkillLinker, load
from services.ai.titles import TitleEncoder
from services.kit.activity import Recorder
from services.kit.auth import verifier_of
from services.kit.background import beside, for_ever
from services.kit.changes import Relay
from services.kit.channel import open_channel
from services.kit.credits import Credits
from services.kit.db import EVERYONE, Database
from services.kit.following import Following
from services.kit.housekeeping import open_housekeeping
from services.kit.jobs import Queue
from services.kit.outbox import open_outbox
from services.kit.server import RunningServer, Service, open_server
from services.kit.settings import Settings
from services.kit.worker import Work
from services.matching import matches, queries, rankings
from services.matching.boards import Boards
from services.matching.embedding import Embedder
from services.matching.feeds import Event
from services.matching.projection import Projection
from services.matching.reading import Reader
from services.matching.search.opening import Indexes, open_indexes, refresh
from services.matching.servicer import MatchingServicer
from services.matching.shown import ShownLog
from services.matching.tables import changes, follows, jobs
from services.matching.tasks import EVERY_SECONDS, Ranker

NAME = "skillsync.matching.v1.MatchingService"
RETRY_SECONDS = 1.0
# How common words and skills are is counted anew so often.
COUNT_SECONDS = 6 * 3600.0


@asynccontextmanager
async def open_app(settings: Settings) -> AsyncIterator[RunningServer]:
    """The service, listening, and following the others."""
    async with AsyncExitStack() as stack:
        db = await stack.enter_async_context(Database.opened(settings.database_url.get_secret_value()))
        relay = await stack.enter_async_context(Relay.opened(db, changes))
        await stack.enter_async_context(open_housekeeping(db, changes, jobs, [rankings.tidy]))
        platform = await stack.enter_async_context(Database.opened(settings.database_url.get_secret_value(), EVERYONE))
        positions = Boards[Event](platform, queries.matches_by_candidate)
        people = Boards[Event](platform, queries.matches_by_position, partial(matches.sync_person, platform))
        wakes = (positions.wake_by_revision, partial(people.wake_by_changes, relay, rankings.PERSON_KIND))
        for wake in wakes:
            await stack.enter_async_context(beside(for_ever(wake, RETRY_SECONDS, "wake who follows rankings")))
        redis = await stack.enter_async_context(open_outbox(settings, db, jobs))
        log = await stack.enter_async_context(ShownLog.opened(platform))
        url = settings.elasticsearch_url.get_secret_value()
        indexes = await stack.enter_async_context(open_indexes(url))
        await stack.enter_async_context(_following(settings, db, indexes))
        billing = await stack.enter_async_context(open_channel(settings, "billing"))
        key, model_version = settings.seal_key.get_secret_value(), _embedder().version
        servicer = MatchingServicer(db, positions, people, indexes, Credits(billing), log, key, model_version)
        service = Service(NAME, partial(add_MatchingServiceServicer_to_server, servicer))
        checks, optional = {"postgres": db.check}, {"redis": redis}
        yield await stack.enter_async_context(
            open_server(settings, service, verifier_of(settings), checks, optional, recorder=Recorder(db))
        )


@asynccontextmanager
async def open_work(settings: Settings, encoder: Encoder, linker: Callable[[], SkillLinker]) -> AsyncIterator[Work]:
    """What its workers do."""
    reader, embedder = Reader(encoder, linker, load), _embedder()
    async with AsyncExitStack() as stack:
        db = await stack.enter_async_context(Database.opened(settings.database_url.get_secret_value(), EVERYONE))
        await stack.enter_async_context(open_outbox(settings, db, jobs))
        indexes = await stack.enter_async_context(open_indexes(settings.elasticsearch_url.get_secret_value()))
        ranker = Ranker(reader, embedder, indexes)
        for step, seconds, purpose in (
            (partial(ranker.begin_outdated, db), EVERY_SECONDS, "work out anew what is of another day"),
            (partial(refresh, db, indexes), COUNT_SECONDS, "count words and skills"),
        ):
            await stack.enter_async_context(beside(for_ever(step, seconds, purpose)))
        yield ranker.work(Queue(db, jobs))


def _embedder() -> Embedder:
    """Its models load when they are first used: never in a service."""
    return Embedder(TitleEncoder(), SentenceEncoder())


@asynccontextmanager
async def _following(settings: Settings, db: Database, indexes: Indexes) -> AsyncIterator[None]:
    async with (
        open_channel(settings, "careerforge") as careerforge,
        open_channel(settings, "talenthub") as talenthub,
        beside(Following(db, follows, Projection(careerforge, talenthub, indexes).streams).run()),
    ):
        yield
