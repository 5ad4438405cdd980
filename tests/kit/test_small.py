"""The small parts of the kit."""

import time
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from google.protobuf.message import Message
from hypothesis import given
from hypothesis import strategies as st
from skillsync.matching.v1.matching_service_pb2 import SearchCandidatesRequest, UpdateWeightsRequest
from skillsync.talenthub.v1.position_pb2 import Position
from skillsync.talenthub.v1.talenthub_service_pb2 import CreatePositionRequest, ListPositionsResponse
from skillsync.type.v1.money_pb2 import Money, PayRange

from services.kit import validation
from services.kit.db import uuid7
from services.kit.errors import InvalidArgument
from services.kit.ids import made_at
from services.kit.pages import Offsets, Page
from services.kit.seal import seal, unseal
from services.kit.settings import Settings

NUL = "a\0b"
WITH_NUL: list[tuple[Message, str]] = [
    (CreatePositionRequest(position=Position(title=NUL)), "position.title"),
    (CreatePositionRequest(position=Position(pay=PayRange(minimum=Money(currency_code=NUL)))), "position.pay.minimum.currency_code"),
    (UpdateWeightsRequest(weights={NUL: 1.0}), "weights"),
    (SearchCandidatesRequest(skill_ids=["a", NUL]), "skill_ids"),
    (ListPositionsResponse(positions=[Position(), Position(title=NUL)]), "positions.title"),
]  # fmt: skip

ENVIRONMENT = {
    "SKILLSYNC_DATABASE_URL": "postgresql://shared",
    "SKILLSYNC_BILLING_DATABASE_URL": "postgresql://own",
    "SKILLSYNC_REDIS_URL": "redis://x",
    "SKILLSYNC_S3_ENDPOINT": "http://x",
    "SKILLSYNC_S3_ACCESS_KEY": "a",
    "SKILLSYNC_S3_SECRET_KEY": "b",
    "SKILLSYNC_TLS_CERT": "/c",
    "SKILLSYNC_TLS_KEY": "/k",
    "SKILLSYNC_TLS_CA": "/a",
    "SKILLSYNC_MESH_ADDRESS": "x:1",
    "SKILLSYNC_JWKS_URL": "http://x",
    "SKILLSYNC_SEAL_KEY": "s",
    "SKILLSYNC_SMTP_URL": "smtp://x",
    "SKILLSYNC_PUBLIC_URL": "http://x",
}


def test_a_services_own_setting_wins_over_the_shared_one() -> None:
    assert Settings.of("billing", ENVIRONMENT).database_url.get_secret_value() == "postgresql://own"
    assert Settings.of("user", ENVIRONMENT).database_url.get_secret_value() == "postgresql://shared"
    assert Settings.of("user", ENVIRONMENT).tls_ca == Path("/a")


def test_every_missing_setting_is_named_at_once() -> None:
    with pytest.raises(SystemExit, match="SKILLSYNC_REDIS_URL.*SKILLSYNC_SEAL_KEY"):
        Settings.of(
            "user", {k: v for k, v in ENVIRONMENT.items() if k not in ("SKILLSYNC_REDIS_URL", "SKILLSYNC_SEAL_KEY")}
        )


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    assert "postgresql" not in repr(Settings.of("user", ENVIRONMENT))


@given(st.none() | st.integers() | st.text() | st.lists(st.integers() | st.text() | st.none(), max_size=5))
def test_what_is_sealed_comes_back(value: object) -> None:
    assert unseal("key", "purpose", seal("key", "purpose", value)) == value


@given(st.text(max_size=80))
def test_what_was_not_sealed_does_not_open(token: str) -> None:
    assert unseal("key", "purpose", token) is None


def test_one_changed_character_closes_a_token() -> None:
    token = seal("key", "purpose", [1, "two"])
    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        assert unseal("key", "purpose", token[:place] + other + token[place + 1 :]) in (None, [1, "two"])
    assert unseal("key", "other", token) is None


def test_ids_sort_by_the_time_they_were_made() -> None:
    first = uuid7()
    time.sleep(0.002)
    second = uuid7()
    assert first < second
    assert (first.version, first.variant) == (7, UUID(int=0x8 << 60).variant)


def test_such_an_id_tells_when_it_was_made_and_no_other_does() -> None:
    before = time.time()
    assert before - 0.001 <= made_at(uuid7()) <= time.time()
    assert made_at(uuid4()) == 0


class Row:
    def __init__(self, id: UUID) -> None:
        self.id = id


def test_pages_follow_each_other() -> None:
    rows = [Row(uuid4()) for _ in range(3)]
    page = Page.of("key", "list", 2, "")
    shown, token = page.cut(rows)
    assert (list(shown), page.limit) == (rows[:2], 3)
    following = Page.of("key", "list", 2, token)
    assert following.last == rows[1].id
    assert following.cut(rows[2:]) == (rows[2:], "")


@pytest.mark.parametrize("kind", [Page, Offsets])
def test_a_page_token_continues_only_its_own_list(kind: type[Page] | type[Offsets]) -> None:
    _, token = kind.of("key", "mine", 1, "").cut([Row(uuid4()), Row(uuid4())])
    for other in ("yours", "mine/filtered"):
        with pytest.raises(InvalidArgument):
            kind.of("key", other, 1, token)


@pytest.mark.parametrize(("request_", "field"), WITH_NUL, ids=lambda value: value if isinstance(value, str) else "")
def test_the_character_that_no_text_column_takes_is_refused_by_name(request_: Message, field: str) -> None:
    with pytest.raises(InvalidArgument) as refusal:
        validation.check(request_)
    assert refusal.value.violations == [(field, "contains the character U+0000; remove it")]
