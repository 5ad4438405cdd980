from functools import partial

from services.kit.server import run_until_signalled
from services.kit.settings import Settings
from services.talenthub.app import open_app

settings = Settings.of("talenthub")
run_until_signalled(partial(open_app, settings), "talenthub", settings)
