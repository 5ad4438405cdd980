"""What a stack remembers between runs and tells others while it runs: `stack.json`, for its owner's eyes only."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

SECRETS = (
    "owner_password",
    "user_password",
    "careerforge_password",
    "talenthub_password",
    "matching_password",
    "billing_password",
    "redis_password",
    "s3_access_key",
    "s3_secret_key",
    "seal_key",
    "stripe_key",
    "stripe_webhook_secret",
)


@dataclass
class State:
    """Ports and secrets stay; the rest is that of the last or present run."""

    ports: dict[str, int] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)  # what the services run with, for tools beside them
    phases: dict[str, float] = field(default_factory=dict)  # seconds from the start until each part was ready
    pids: dict[str, int] = field(default_factory=dict)  # empty: not running


def load_state(path: Path) -> State:
    """The state of an earlier run, completed with the secrets it lacks."""
    state = State(**json.loads(path.read_text())) if path.exists() else State()
    for name in SECRETS:
        state.secrets.setdefault(name, secrets.token_hex(16))
    return state


def save_state(path: Path, state: State) -> None:
    """Replaces the file at once; nobody but its owner may read it."""
    scratch = path.with_suffix(".new")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(state), file, indent=2)
    scratch.replace(path)
