"""What somebody does to the activity log who may write to everything in its database: all of it is found, and none of it is signed."""

import json
import random
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from prometheus_client import REGISTRY
from sqlalchemy.engine import make_url

from services.kit.blobs import Blobs
from services.kit.db import EVERYONE, Database
from services.kit.errors import Unavailable
from services.kit.housekeeping import tidy
from services.kit.settings import Settings
from services.migrate import upgrade
from services.user.activities import verify_log
from services.user.activity_chain import Verdict
from services.user.activity_checkpoints import COPY, MOST_AHEAD, sign_checkpoint
from services.user.queries import delete_what_is_over
from services.user.tables import changes
from tests.harness import System
from tests.user.logs import APPEND, RECORD, Log, an_empty_log
from tests.user.tampering import REWRITE, TAMPERINGS, an_attacker


@pytest.fixture
async def log(system: System) -> AsyncIterator[Log]:
    """With three lines, signed, and one more."""
    async with an_empty_log(system) as found:
        await found.sign()
        for _ in range(3):
            await found.write(owner=uuid4())
        await found.sign()
        await found.write(owner=uuid4())
        yield found


async def some_lines(log: Log, account: UUID, statement: str) -> None:
    """What an account does and suffers, and what nobody does."""
    await log.write(statement, owner=account, actor=account, session=uuid4(), target=f"position/{uuid4()}")
    await log.write(statement, owner=account, target=f"account/{account}", result="UNAUTHENTICATED")
    await log.write(statement, action="Register")


@pytest.fixture
async def a_long_log(system: System) -> AsyncIterator[Log]:
    """With lines and a signature from before there were versions, three signatures after, people who were erased, and old lines."""
    async with an_empty_log(system, "0015") as log:
        gone, later, stays = uuid4(), uuid4(), uuid4()
        for account in (gone, later, stays):
            await some_lines(log, account, RECORD)
        await log.alone.execute("update activity.activities set time = time - interval '31 days'; select rechain()")
        await log.sign_as_before()
        await log.alone.execute("select activity.forget($1)", gone)
        await upgrade(log.url)
        await log.sign()
        for account in (later, stays, uuid4()):
            await some_lines(log, account, APPEND)
            await log.sign()
        await log.alone.execute("select activity.forget($1)", later)
        await log.alone.execute("select activity.forget_old()")
        await log.write(owner=stays)
        yield log


# On two busy cores it takes a minute.
@pytest.mark.timeout(300)
async def test_of_a_thousand_tamperings_a_thousand_are_found(a_long_log: Log) -> None:
    found, missed = Counter[str](), Counter[str]()
    assert await a_long_log.alone.fetchval("select count(*) from activity.addresses") == 10
    async with an_attacker(a_long_log, random.Random(7)) as attacker:
        assert (await attacker.verified()) == Verdict(attacker.size)
        names = list(TAMPERINGS) * (1000 // len(TAMPERINGS) + 1)
        while names and sum(found.values()) + sum(missed.values()) < 1000:
            name = names.pop(0)
            if (verdict := await attacker.tamper(TAMPERINGS[name])) is None:
                names.append(name)
            elif verdict.finding:
                found[verdict.finding] += 1
            else:
                missed[name] += 1
    assert missed == {}
    assert set(found) == {"EDITED", "MISSING", "INSERTED", "REORDERED"}
    assert sum(found.values()) == 1000


def breaks() -> float:
    return REGISTRY.get_sample_value("skillsync_activity_breaks_total") or 0.0


async def checkpoints(log: Log) -> list[int]:
    """The lines that they signed."""
    rows = await log.alone.fetch("select sequence from activity.checkpoints order by number")
    return [row["sequence"] for row in rows]


async def test_nothing_is_signed_over_a_break(log: Log, caplog: pytest.LogCaptureFixture) -> None:
    before = breaks()
    await log.alone.execute("update activity.activities set service = 'x' where sequence = 4")
    await log.sign()
    assert (await checkpoints(log), breaks()) == ([3], before + 1)
    assert "activity log not signed: line 4 is EDITED" in caplog.text
    await log.alone.execute("update activity.activities set service = 'user' where sequence = 4")
    await log.sign()
    assert (await checkpoints(log), breaks()) == ([3, 4], before + 1)


@pytest.mark.parametrize("also", ["", "; delete from activity.checkpoints"])
async def test_a_forgery_does_not_become_true_by_being_signed(log: Log, also: str) -> None:
    await log.alone.execute(REWRITE.format(p=1) + also)
    for _ in range(3):
        await log.write()
        await log.sign()
        assert (await log.verified()).finding
    assert len(await checkpoints(log)) == (0 if also else 1)


async def test_a_signature_that_was_removed_is_missing(log: Log) -> None:
    for _ in range(2):
        await log.sign()
        await log.write()
    await log.alone.execute("delete from activity.checkpoints where number = 2")
    assert await log.verified() == Verdict(6, 4, "MISSING")


async def test_nothing_is_signed_after_a_signature_that_was_removed(log: Log) -> None:
    await log.alone.execute("delete from activity.checkpoints where number = 1")
    await log.sign()
    assert (await checkpoints(log), (await log.verified()).finding) == ([], "MISSING")


async def test_the_newest_signature_is_in_s3_and_on_our_output(log: Log, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    await log.sign()
    row = await log.alone.fetchrow("select * from activity.checkpoints order by number desc limit 1")
    copy = json.loads(await log.blobs.get(COPY))
    expected = {"number": 2, "sequence": 4, "hash": row["hash"].hex(), "mac": row["mac"].hex(), "time": copy["time"]}
    assert copy == expected
    assert row["mac"].hex() in caplog.text
    await log.sign()
    assert (await log.verified(), await checkpoints(log)) == (Verdict(4), [3, 4])


async def test_without_its_copy_the_log_is_not_intact_and_signing_does_not_begin_anew(log: Log) -> None:
    await log.blobs.delete(COPY)
    for _ in range(2):
        assert (await log.verified()).finding == "MISSING"
        await log.sign()
    assert await checkpoints(log) == [3]


async def test_without_s3_nothing_is_verified_nor_signed(log: Log, system: System) -> None:
    environment = system.environment | {"SKILLSYNC_S3_ENDPOINT": "http://127.0.0.1:1"}
    blobs = Blobs.open(Settings.of("user", environment))
    with pytest.raises(Unavailable):
        await verify_log(log.db, blobs, log.key, 0, 0)
    with pytest.raises(Unavailable):
        await sign_checkpoint(log.db, blobs, log.key)
    assert await checkpoints(log) == [3]


async def test_what_was_signed_and_not_copied_is_copied_later(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_: Any) -> None:
        raise Unavailable("s3")

    with monkeypatch.context() as without:
        without.setattr(log.blobs, "put", fails)
        for _ in range(MOST_AHEAD + 3):
            with pytest.raises(Unavailable):
                await log.sign()
            await log.write()
    assert len(await checkpoints(log)) == 1 + MOST_AHEAD
    assert not (await log.verified()).finding
    for _ in range(2):
        await log.sign()
    assert len(await checkpoints(log)) == 2 + MOST_AHEAD
    assert json.loads(await log.blobs.get(COPY))["number"] == 2 + MOST_AHEAD


async def test_a_copy_far_behind_is_a_finding(log: Log) -> None:
    old = await log.blobs.get(COPY)
    for _ in range(MOST_AHEAD + 1):
        await log.sign()
        await log.write()
    await log.blobs.put(COPY, old)
    assert await log.verified() == Verdict(4 + MOST_AHEAD + 1, 4, "MISSING")


async def test_the_first_to_sign_begin_with_a_copy_of_nothing(system: System) -> None:
    async with an_empty_log(system) as log:
        await log.write()
        assert (await log.verified()).finding == "MISSING"
        await log.sign()
        assert (json.loads(await log.blobs.get(COPY))["number"], await log.verified()) == (0, Verdict(1))
        await log.sign()
        assert (await checkpoints(log), await log.verified()) == ([1], Verdict(1))


async def test_whose_address_is_missing_was_erased_and_the_chain_says_so(log: Log) -> None:
    person = uuid4()
    await log.write(owner=person, actor=person)
    for _ in range(2):
        await log.alone.execute("select activity.forget($1)", person)
    assert await log.verified() == Verdict(6)
    line = await log.alone.fetchrow("select action, target, result from activity.activities where sequence = 6")
    assert tuple(line) == ("forget", f"account/{person}", "OK")
    await log.write(owner=person, actor=person)
    await log.alone.execute("delete from activity.addresses where owner_id = $1", person)
    assert await log.verified() == Verdict(6, 7, "EDITED")


async def test_an_address_of_nobodys_is_forgotten_after_thirty_days(system: System) -> None:
    async with an_empty_log(system) as log:
        for _ in range(3):
            await log.write()
        await log.write(owner=uuid4())
        days = "update activity.activities set time = now() - make_interval(days => case sequence when 3 then 29 else 31 end)"
        await log.alone.execute(days + "; select rechain()")
        await log.sign()
        url = make_url(system.environment["SKILLSYNC_USER_DATABASE_URL"]).set(database=make_url(log.url).database)
        async with Database.opened(url.render_as_string(hide_password=False), EVERYONE) as db:
            await tidy(db, changes, None, [delete_what_is_over])
        left = await log.alone.fetch("select sequence from activity.addresses order by 1")
        assert ([row["sequence"] for row in left], await log.verified()) == ([3, 4], Verdict(4))
        await log.alone.execute("delete from activity.addresses where sequence = 3")
        assert await log.verified() == Verdict(2, 3, "EDITED")
