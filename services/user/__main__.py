from functools import partial

from services.kit.server import run_until_signalled
from services.kit.settings import Settings
from services.user.app import open_app

settings = Settings.of("user")
run_until_signalled(partial(open_app, settings), "user", settings)
