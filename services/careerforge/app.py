"""CareerForgeService and its workers, put together. It calls billing, matching, talenthub and user."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache, partial

from skillsync.careerforge.v1.careerforge_service_pb2_grpc import add_CareerForgeServiceServicer_to_server

from services.ai.assessments.banks import FOLDER, load_banks
from services.ai.documents import ClamAV, Pool
from services.ai.embedding import Encoder
from services.ai.skills import Ranker, SkillLinker, load
from services.careerforge import assessments, introducing, large_uploads, networking
from services.careerforge.documents_scanning import DocumentScanner
from services.careerforge.findings import Engine
from services.careerforge.letter_model import LanguageModel
from services.careerforge.letter_writing import Author
from services.careerforge.matches import Matches
from services.careerforge.milestone_verifying import Verifier
from services.careerforge.positions import Positions
from services.careerforge.previews import Previewer
from services.careerforge.rereading import EVERY_SECONDS
from services.careerforge.servicer import CareerForgeServicer
from services.careerforge.tables import changes, jobs
from services.careerforge.tasks import Analyst, Reading
from services.kit.accounts import Accounts
from services.kit.activity import Recorder
from services.kit.auth import verifier_of
from services.kit.background import beside, for_ever
from services.kit.blobs import Blobs
from services.kit.changes import Relay
from services.kit.channel import open_channel
from services.kit.credits import Credits
from services.kit.db import EVERYONE, Database
from services.kit.egress import Egress
from services.kit.housekeeping import open_housekeeping
from services.kit.jobs import Queue
from services.kit.outbox import open_outbox
from services.kit.server import RunningServer, Service, open_server
from services.kit.settings import Settings
from services.kit.worker import Work

# What housekeeping removes or ends besides.
TIDY = (large_uploads.forget_old, assessments.abandon_old, networking.forget_old)
NAME = "skillsync.careerforge.v1.CareerForgeService"


@asynccontextmanager
async def open_app(settings: Settings) -> AsyncIterator[RunningServer]:
    """The service, listening."""
    async with AsyncExitStack() as stack:
        db = await stack.enter_async_context(Database.opened(settings.database_url.get_secret_value()))
        relay = await stack.enter_async_context(Relay.opened(db, changes))
        await stack.enter_async_context(open_housekeeping(db, changes, jobs, also=TIDY))
        redis = await stack.enter_async_context(open_outbox(settings, db, jobs))
        channel = await stack.enter_async_context(open_channel(settings, "billing"))
        positions = Positions(await stack.enter_async_context(open_channel(settings, "talenthub")))
        matches = Matches(await stack.enter_async_context(open_channel(settings, "matching")))
        accounts = Accounts(await stack.enter_async_context(open_channel(settings, "user")))
        blobs, seal_key = Blobs.open(settings), settings.seal_key.get_secret_value()
        # Loads when the first letter is written.
        linker = cache(lambda: SkillLinker(load()))
        author = Author(linker, LanguageModel.of(settings.letter_model) if settings.letter_model else None)
        verifier = Verifier(db, blobs, accounts, Egress(settings.egress_origins), settings.badge_issuers)
        most = settings.max_upload_bytes
        banks = settings.assessment_banks or FOLDER
        # A bank that cannot be asked is named now, and not to the first person who is tested.
        load_banks(banks)
        servicer = CareerForgeServicer(
            db, relay, blobs, Credits(channel), seal_key, most, positions, matches, author, verifier, banks
        )
        service = Service(NAME, partial(add_CareerForgeServiceServicer_to_server, servicer))
        checks, optional = {"postgres": db.check}, {"s3": blobs.check, "redis": redis}
        yield await stack.enter_async_context(
            open_server(settings, service, verifier_of(settings), checks, optional, recorder=Recorder(db))
        )


@asynccontextmanager
async def open_work(
    settings: Settings, encoder: Encoder, linker: Callable[[], SkillLinker], ranker: Ranker
) -> AsyncIterator[Work]:
    """What its workers do."""
    async with AsyncExitStack() as stack:
        db = await stack.enter_async_context(Database.opened(settings.database_url.get_secret_value(), EVERYONE))
        await stack.enter_async_context(open_outbox(settings, db, jobs))
        channel = await stack.enter_async_context(open_channel(settings, "billing"))
        pool = stack.enter_context(Pool(settings.reader_pool))
        clamav = ClamAV(settings.clamav) if settings.clamav else None
        reading = Reading(pool, clamav, settings)
        blobs = Blobs.open(settings)
        analyst = Analyst(blobs, Credits(channel), Engine(encoder, linker, ranker), reading)
        others = (DocumentScanner(blobs, reading), Previewer(Egress(settings.egress_origins)))
        if settings.reread_per_minute:
            reread = for_ever(partial(analyst.reread, db), EVERY_SECONDS, "read resumes again")
            await stack.enter_async_context(beside(reread))
        propose = for_ever(partial(introducing.introduce_due, db), introducing.EVERY_SECONDS, "introduce people")
        await stack.enter_async_context(beside(propose))
        yield analyst.work(Queue(db, jobs), others)
