"""Which key signs now and which are published. All replicas share them through the database."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.kit.db import Database, WriteSession
from services.user import queries
from services.user.keys import SigningKey
from services.user.tables import SigningKeyRow

# Envoy and the services fetch the key set again after a minute; a new key signs only after all have it.
PUBLISH_BEFORE_SIGNING = timedelta(minutes=5)
# Other replicas' keys are looked up again after this time.
REFRESH = timedelta(seconds=5)
# A key signs for so long, and is published for this long after: longer than its last token lives.
LIFETIME, AFTERLIFE = timedelta(days=30), timedelta(hours=1)


class Keyring:
    """Reads the keys at most every 5 s. `secret` encrypts them at rest."""

    def __init__(self, db: Database, secret: str) -> None:
        self._db = db
        self._secret = secret
        self._keys: list[tuple[datetime, SigningKey]] = []
        self._read_time: datetime | None = None

    async def signer(self, now: datetime) -> SigningKey:
        """The newest key that is old enough to be known everywhere; the first of all where it was made just after the caller's `now`."""
        await self._refresh(now)
        oldest = self._keys[-1][1]
        return next((key for sign_from, key in self._keys if sign_from <= now), oldest)

    async def published(self, now: datetime) -> list[SigningKey]:
        await self._refresh(now)
        return [key for _, key in self._keys]

    async def rotate(self, now: datetime) -> None:
        """Publishes a new key, which signs from `PUBLISH_BEFORE_SIGNING` on, and retires the older ones after it."""
        async with self._db.write() as session:
            await queries.lock_keys(session)
            self._replace(session, await queries.list_current_keys(session, now), now)
        self._read_time = None

    async def rotate_if_old(self, now: datetime) -> None:
        """Any number of replicas may ask; one of them does it."""
        async with self._db.write() as session:
            await queries.lock_keys(session)
            rows = await queries.list_current_keys(session, now)
            if rows and rows[0].sign_from + LIFETIME <= now:
                self._replace(session, rows, now)

    def _replace(self, session: WriteSession, rows: Sequence[SigningKeyRow], now: datetime) -> None:
        starts = now + PUBLISH_BEFORE_SIGNING if rows else now
        for row in rows:
            row.retire_time = row.retire_time or starts + AFTERLIFE
        session.add(self._row(SigningKey.generate(), starts))

    async def _refresh(self, now: datetime) -> None:
        if self._read_time is not None and now - self._read_time < REFRESH:
            return
        rows = await self._read_or_create(now)
        self._keys = [(row.sign_from, SigningKey.unseal(row.sealed, self._secret)) for row in rows]
        self._read_time = now

    async def _read_or_create(self, now: datetime) -> Sequence[SigningKeyRow]:
        async with self._db.read() as reading:
            rows = await queries.list_current_keys(reading, now)
        if rows:
            return rows
        async with self._db.write() as session:
            # Two replicas that start together must agree on the first key.
            await queries.lock_keys(session)
            if not (rows := await queries.list_current_keys(session, now)):
                session.add(self._row(SigningKey.generate(), now))
        async with self._db.read() as reading:
            return await queries.list_current_keys(reading, now)

    def _row(self, key: SigningKey, sign_from: datetime) -> SigningKeyRow:
        return SigningKeyRow(kid=key.kid, sealed=key.seal(self._secret), sign_from=sign_from)
