"""People about whom there is something everywhere, where to look for it, and how it is handed over and removed."""

import asyncio
import io
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from uuid import UUID, uuid4

import redis.asyncio
from skillsync.talenthub.v1 import talenthub_service_pb2 as talenthub_pb
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.user.v1 import user_service_pb2 as pb
from skillsync.user.v1.privacy_pb2 import DataExport, Erasure
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from gateway.contract import SERVICES
from services.kit.errors import NotFound
from tests.builders import (
    PASSWORD,
    RESUME,
    Person,
    a_job_seeker,
    a_position,
    a_recruiter,
    an_analysis,
    with_role,
)
from tests.harness import System

# What the law, and the last sweep, want: ids without name or address.
IDS_KEPT = ("activity.activities", "user.erasures", "changes")
# Tables that no method of this version writes; a row of each is made by hand.
BY_HAND = (
    "insert into careerforge.experiences (id, user_id, title) values (gen_random_uuid(), $1, $2)",
    "insert into careerforge.educations (id, user_id, institution) values (gen_random_uuid(), $1, $2)",
    """insert into careerforge.removed_entries (id, user_id, kind, wordings)
       values (gen_random_uuid(), $1, 'experience', jsonb_build_array(jsonb_build_object('name', lower($2::text), 'place', '')))""",
    """insert into careerforge.cover_letters (id, user_id, position_id, position_title, tone, length, language_code)
       values (gen_random_uuid(), $1, gen_random_uuid(), $2, 'plain', 'short', 'en')""",
    """insert into careerforge.cover_letter_versions (letter_id, number, user_id, sentences)
       select id, 1, $1, jsonb_build_array(jsonb_build_object('text', $2::text, 'paragraph', 0)) from careerforge.cover_letters
       where user_id = $1""",
    "insert into careerforge.portfolios (id, user_id, project_title) values (gen_random_uuid(), $1, $2)",
    "insert into careerforge.milestones (id, user_id, milestone_type, title) values (gen_random_uuid(), $1, 'cert_earned', $2)",
    """with path as (insert into careerforge.learning_paths (id, user_id, goal, basis)
           values (gen_random_uuid(), $1, $2, 'POSITION') returning id)
       insert into careerforge.learning_steps (path_id, number, user_id, skill_id, label, effort_hours)
       select id, 1, $1, 'x', $2, 40 from path""",
    """with preparation as (insert into careerforge.interview_preparations (id, user_id, position_id, language)
           values (gen_random_uuid(), $1, gen_random_uuid(), 'en') returning id)
       insert into careerforge.interview_questions (id, preparation_id, user_id, number, question, answer)
       select gen_random_uuid(), id, $1, 1, jsonb_build_object('text', $2::text), $2 from preparation""",
    """insert into careerforge.documents (id, user_id, kind, content_type, byte_size, blob_key, filename, clean)
       values (gen_random_uuid(), $1, 'letter', 'text/plain', 1, 'documents/' || ($1::uuid)::text || '/1', $2 || '.txt', true)""",
    """insert into careerforge.jobs (id, kind, payload, run_after) values (gen_random_uuid(), 'forget_file',
       jsonb_build_object('blob_key', 'documents/' || ($1::uuid)::text || '/1', 'name', $2::text), now() + interval '1 hour')""",
    """with test as (insert into careerforge.assessments (id, user_id, skill_id, label)
         values (gen_random_uuid(), $1, 'x', $2) returning id)
       insert into careerforge.assessment_answers (id, assessment_id, user_id, number, item_id, ask_time, expire_time)
       select gen_random_uuid(), id, $1, 1, 'x', now(), now() from test""",
    "insert into careerforge.networking_settings (user_id, enabled) values ($1, length($2) < 0)",
    # With everybody who came before: ids grow with time.
    """with other as (select id from careerforge.user_careerforge where id < $1),
       between as (insert into careerforge.introductions (id, first_id, second_id, expire_time)
         select gen_random_uuid(), least($1, id), greatest($1, id), now() + interval '1 day' from other returning id, first_id, second_id)
       insert into careerforge.introduction_views (id, introduction_id, user_id, common_ground, other_id, expire_time)
       select gen_random_uuid(), id, whose, case when whose = $1 then $2 else 'x' end, first_id, now() + interval '1 day'
         from between, unnest(array[first_id, second_id]) as whose""",
    """insert into careerforge.networking_blocks (id, user_id, blocked_id)
       select gen_random_uuid(), $1, id from careerforge.user_careerforge where id < $1 and length($2::text) > 0""",
    """insert into careerforge.networking_reports (id, user_id, reported_id, text)
       select gen_random_uuid(), $1, id, $2 from careerforge.user_careerforge where id < $1""",
    "insert into billing.subscriptions (id, user_id, plan_tier, stripe_customer_id) values (gen_random_uuid(), $1, 'pro', $2)",
    """insert into billing.checkouts (id, user_id, kind, wanted, state)
       values (gen_random_uuid(), $1, 'topup', jsonb_build_object('name', $2::text), 'COMPLETE')""",
    """insert into billing.stripe_events (id, type, time, user_id, thing, handled_time)
       values ('evt_' || $2, 'invoice.paid', 1, $1, jsonb_build_object('name', $2::text), now())""",
    """insert into billing.invoices (id, stripe_id, user_id, total, currency, paid, time)
       values (gen_random_uuid(), 'in_' || $2, $1, 1, 'EUR', true, now())""",
    """insert into "user".told_notices (account_id, name, time) values ($1, $2, now())""",
    """update talenthub.organizations set display_name = $2
       where id in (select organization_id from talenthub.members where account_id = $1)""",
    """insert into "user".jobs (id, kind, payload, run_after) values (gen_random_uuid(), 'mail_password_reset',
       jsonb_build_object('account_id', $1::uuid, 'name', $2::text), now() + interval '1 hour')""",
    """insert into "user".registrations (id, email, platform, display_name, expire_time)
       select gen_random_uuid(), email, 'talenthub', $2, now() + interval '1 hour' from "user".base_users where id = $1""",
)


async def everywhere(system: System) -> dict[str, str]:
    """All that is stored, as text, by where it is: each table, each file, each key of Redis."""
    found = {}
    rows = await system.database.fetch(
        "select schemaname as schema, tablename as name from pg_tables where schemaname = any($1)",
        [*SERVICES, "activity"],
    )
    for row in rows:
        table = f'"{row["schema"]}".{row["name"]}'
        texts = await system.database.fetch(f"select t::text as row from {table} t")
        found[f"{row['schema']}.{row['name']}"] = "\n".join(text["row"] for text in texts)
    for key in await system.blobs.keys():
        # A job may remove it meanwhile.
        with suppress(NotFound):
            found[f"s3 {key}"] = key + _text(await system.blobs.get(key))
    async with redis.asyncio.Redis.from_url(system.environment["SKILLSYNC_REDIS_URL"]) as client:
        async for key in client.scan_iter():
            found[f"redis {key!r}"] = repr(key) + repr(await client.dump(key))
    return found


def _text(data: bytes) -> str:
    if not data.startswith(b"PK"):
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "".join(name + archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def hits(stored: dict[str, str], *canaries: str) -> set[str]:
    return {place for place, text in stored.items() if any(canary in text for canary in canaries)}


async def a_known_person(system: System, number: int) -> tuple[Person, str]:
    """Somebody about whom there is something in every table, with a word that nobody else has."""
    (found,) = await known_people(system, [number])
    return found


async def known_people(system: System, numbers: Sequence[int]) -> list[tuple[Person, str]]:
    """One for each number. What can be done at once is: most of it is waiting."""
    canaries = [f"Canary{uuid4().hex}" for _ in numbers]
    people = await asyncio.gather(*map(partial(_somebody, system), numbers, canaries))
    people = [await with_role(system, person, "job_seeker", "recruiter") for person in people]
    await asyncio.gather(*map(partial(_active, system), numbers, people, canaries))
    for person, canary in zip(people, canaries, strict=True):
        await _complete(system, person, canary)
    return list(zip(people, canaries, strict=True))


async def _somebody(system: System, number: int, canary: str) -> Person:
    make = a_recruiter if number % 2 else a_job_seeker
    return await make(system, email=f"{canary.lower()}@example.org", display_name=canary)


async def _active(system: System, number: int, person: Person, canary: str) -> None:
    """With what people do."""
    await an_analysis(system, person, RESUME.replace("Ada Example", canary).replace("ada@example.org", person.email))
    if number % 2:
        await a_position(system, person, title=f"Assistant to {canary}")


async def _complete(system: System, person: Person, canary: str) -> None:
    """With what no method writes."""
    for statement in BY_HAND:
        await system.database.execute(statement, UUID(person.id), canary)
    await system.blobs.put(f"documents/{person.id}/1", f"a letter of {canary}".encode())


async def apply(system: System, person: Person, position_id: str, message: str) -> None:
    request = talenthub_pb.ApplyRequest(position_id=position_id, message=message)
    await TalentHubServiceStub(system.direct("talenthub")).Apply(request, metadata=person.metadata)


async def exported(system: System, user: UserServiceStub, person: Person) -> zipfile.ZipFile:
    export = await user.ExportMyData(pb.ExportMyDataRequest(), metadata=person.metadata)
    states = []
    async with asyncio.timeout(60):
        request = pb.WatchDataExportRequest(data_export_id=export.id)
        async for event in user.WatchDataExport(request, metadata=person.metadata):
            states += [event.data_export]
    assert states[-1].state == DataExport.STATE_SUCCEEDED
    assert [state.progress_percent for state in states] == sorted(state.progress_percent for state in states)
    answer = await system.rest.get(states[-1].download_path, headers=person.headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert len(answer.content) == states[-1].byte_size
    return zipfile.ZipFile(io.BytesIO(answer.content))


async def erased(user: UserServiceStub, person: Person, **fields: str) -> Erasure:
    """Begun and watched to its end."""
    last = await ended(
        user, await user.EraseMe(pb.EraseMeRequest(password=PASSWORD, **fields), metadata=person.metadata)
    )
    assert last.state == Erasure.STATE_SUCCEEDED
    assert set(last.done_services) == set(SERVICES)
    return last


async def ended(user: UserServiceStub, erasure: Erasure) -> Erasure:
    """As it is once its watch ends, within two minutes."""
    async with asyncio.timeout(120):
        async for event in user.WatchErasure(pb.WatchErasureRequest(erasure_id=erasure.id)):
            erasure = event.erasure if event.HasField("erasure") else erasure
    return erasure


async def sweep(system: System) -> None:
    """As after 11 minutes."""
    await system.database.execute("""update "user".jobs set run_after = now() where kind = 'sweep_erased'""")
    async with asyncio.timeout(60):
        while await system.count('"user".jobs', "kind = 'sweep_erased' and state <> 'done'"):
            await asyncio.sleep(0.05)
