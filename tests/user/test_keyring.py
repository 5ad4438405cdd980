"""Signing keys: published before they sign, and still published while tokens that they signed live."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from services.kit.db import Database, utc_now
from services.kit.settings import Settings
from services.user.keyring import LIFETIME, PUBLISH_BEFORE_SIGNING, Keyring
from services.user.tokens import ACCESS_LIFETIME
from tests.harness import System


@pytest.fixture
async def keyring(system: System) -> AsyncIterator[Keyring]:
    """Over the real keys, which stay as they were."""
    settings = Settings.of("user", system.environment)
    before = [row["kid"] for row in await system.database.fetch('select kid from "user".signing_keys')]
    async with Database.opened(settings.database_url.get_secret_value()) as db:
        yield Keyring(db, settings.seal_key.get_secret_value())
    await system.database.execute('delete from "user".signing_keys where kid <> all($1)', before)
    await system.database.execute('update "user".signing_keys set retire_time = null')


async def test_a_new_key_signs_only_after_everybody_knows_it(keyring: Keyring) -> None:
    now = utc_now()
    old = await keyring.signer(now)
    await keyring.rotate(now)
    assert {key.kid for key in await keyring.published(now)} > {old.kid}
    assert (await keyring.signer(now)).kid == old.kid
    later = now + PUBLISH_BEFORE_SIGNING
    new = await keyring.signer(later)
    assert new.kid != old.kid
    assert {key.kid for key in await keyring.published(later + ACCESS_LIFETIME)} >= {old.kid, new.kid}


async def test_an_old_key_is_gone_once_its_last_token_is(keyring: Keyring) -> None:
    now = utc_now()
    old = await keyring.signer(now)
    await keyring.rotate(now)
    much_later = now + PUBLISH_BEFORE_SIGNING + timedelta(hours=2)
    assert old.kid not in {key.kid for key in await keyring.published(much_later)}


async def test_a_key_is_replaced_after_a_month_by_one_of_the_replicas(system: System, keyring: Keyring) -> None:
    before = await system.count('"user".signing_keys')
    await keyring.rotate_if_old(utc_now())
    assert await system.count('"user".signing_keys') == before
    later = utc_now() + LIFETIME
    await keyring.rotate(later - LIFETIME)
    await asyncio.gather(*(keyring.rotate_if_old(later + PUBLISH_BEFORE_SIGNING) for _ in range(5)))
    assert await system.count('"user".signing_keys') == before + 2


async def test_replicas_that_start_together_agree_on_the_first_key(system: System, keyring: Keyring) -> None:
    settings = Settings.of("user", system.environment)
    async with Database.opened(settings.database_url.get_secret_value()) as db:
        other = Keyring(db, settings.seal_key.get_secret_value())
        now = utc_now()
        assert (await other.signer(now)).kid == (await keyring.signer(now)).kid


async def test_who_asked_just_before_somebody_made_the_first_key_signs_with_it(keyring: Keyring) -> None:
    now = utc_now()
    oldest = (await keyring.published(now))[-1]
    assert (await keyring.signer(now - LIFETIME * 100)).kid == oldest.kid
