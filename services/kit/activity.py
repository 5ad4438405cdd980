"""What callers did, for the activity log: one line for each call that changes something, refused ones included.

The line is appended by a function of the database, which chains it to the one before; no service may change or delete one.
"""

import asyncio
import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from google.api import annotations_pb2
from google.protobuf.descriptor import MethodDescriptor
from skillsync.type.v1 import access_pb2
from sqlalchemy import text

from services.kit import telemetry
from services.kit.auth import Caller, caller
from services.kit.db import Database
from services.kit.door import network_of

# Looking at what others did is something done.
LOOKED_AT = frozenset(
    {
        access_pb2.PERMISSION_READ_ACTIVITY,
        access_pb2.PERMISSION_READ_AUDIT,
        access_pb2.PERMISSION_REVIEW_MILESTONES,
    }
)

RECORD = text("select activity.record(:owner, :actor, :service, :action, :target, :session, :result, :address)")

# What else somebody sends in an id's place is theirs, and the log is for ever.
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Who is refused for calling too often gets a line a minute, or the log would grow as fast as they call.
LIMITED, MOST_LIMITED = "RESOURCE_EXHAUSTED", 10_000

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Note:
    """What is known of a call beside who makes it. `target` is e.g. `position/0190…`; `owner_id` whose doing or suffering it is, and
    `session_id` the session that it was about, where the caller has none yet.
    """

    target: str = ""
    owner_id: UUID | None = None
    session_id: UUID | None = None
    worth_a_line: bool = False


_note: ContextVar[Note] = ContextVar("note")


@contextmanager
def noting(method: "Recorded", request: Any) -> Iterator[Note]:
    """The note of the call that is being served, for `about`."""
    note = Note(method.target(request), worth_a_line=method.changes_something)
    token = _note.set(note)
    try:
        yield note
    finally:
        _note.reset(token)


def about(account_id: UUID, session_id: UUID | None = None) -> None:
    """The call concerns this account, and gets a line even if it changes nothing."""
    if note := _note.get(None):
        note.target, note.owner_id, note.worth_a_line = f"account/{account_id}", account_id, True
        note.session_id = session_id or note.session_id


class Recorded:
    """What the contract says of a method, as far as the log is concerned."""

    def __init__(self, method: MethodDescriptor) -> None:
        options = method.GetOptions().Extensions
        rule, access = options[annotations_pb2.http], options[access_pb2.access]
        verb = rule.WhichOneof("pattern")
        self.action = method.full_name
        self.service = method.full_name.split(".")[1]
        self.public = access.public
        self.changes_something = verb != "get" or access.permission in LOOKED_AT
        in_path = re.findall(r"{(\w+)_id}", getattr(rule, verb) if verb else "")
        self._names = in_path or [name for name in _ids_of(method) if name != "request"]

    def target(self, request: Any) -> str:
        """The objects that the path names, or, if it names none, the request: `organization/0190…/account/0190…`."""
        sent = {name: getattr(request, f"{name}_id", "") for name in self._names}
        return "/".join(f"{name}/{value if ID.fullmatch(value) else '?'}" for name, value in sent.items() if value)


def _ids_of(method: MethodDescriptor) -> list[str]:
    fields = method.input_type.fields
    return [field.name.removesuffix("_id") for field in fields if field.name.endswith("_id") and not field.is_repeated]


def made(response: Any) -> str:
    """The resource that a call answers with, for the activity log: what it created or changed, or whose session it opened."""
    found = getattr(response, "account", response)
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", found.DESCRIPTOR.name).lower()
    return f"{name}/{found.id}" if getattr(found, "id", "") else ""


class Recorder:
    """Appends to the log through a service's own connection."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._limited: dict[tuple[str, str, UUID | None], int] = {}

    async def __call__(self, method: Recorded, note: Note, result: str) -> None:
        """Never fails a call: what cannot be recorded is counted, and stands in the service's log."""
        who = caller()
        # Services' own calls were recorded where they came in; strangers who are turned away would fill the log.
        if who.service or (who.account_id is None and not method.public) or not note.worth_a_line:
            return
        if result == LIMITED and not self._first_in_a_minute(method, who, note.owner_id):
            return
        values = {
            # Whose address it is: that of who acts, also on another's account.
            "owner": who.account_id or note.owner_id,
            # Who signs in is known only once it is done.
            "actor": who.account_id or (note.owner_id if result == "OK" else None),
            "service": method.service,
            "action": method.action,
            "target": note.target,
            "session": who.session_id or note.session_id,
            "result": result,
            "address": who.address,
        }
        try:
            # Who hangs up in the middle leaves a line all the same.
            await asyncio.shield(self._db.run(RECORD, values))
        # Whatever it is: the call is done, and its caller must hear how it ended.
        except Exception:
            telemetry.UNRECORDED.inc()
            log.warning("cannot record %s of %s (%s)", method.action, who.account_id, result, exc_info=True)

    def _first_in_a_minute(self, method: Recorded, who: Caller, owner_id: UUID | None) -> bool:
        """Of one account or network, about one account."""
        key = (method.action, str(who.account_id or network_of(who.address)), owner_id)
        minute = int(time.monotonic() // 60)
        if len(self._limited) >= MOST_LIMITED:
            self._limited.clear()
        known, self._limited[key] = self._limited.get(key), minute
        return known != minute
