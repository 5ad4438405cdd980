from functools import partial

from services.careerforge.app import open_app
from services.kit.server import run_until_signalled
from services.kit.settings import Settings

settings = Settings.of("careerforge")
run_until_signalled(partial(open_app, settings), "careerforge", settings)
