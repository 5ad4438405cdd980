from functools import partial

from services.kit.server import run_until_signalled
from services.kit.settings import Settings
from services.matching.app import open_app

settings = Settings.of("matching")
run_until_signalled(partial(open_app, settings), "matching", settings)
