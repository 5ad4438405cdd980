"""What the contract says of each method: who may call it, how often, and what the activity log keeps of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from google.protobuf import descriptor_pool
from skillsync.type.v1 import access_pb2

from services.kit.activity import Recorded
from services.kit.door import UNLIMITED, MethodLimit


@dataclass(frozen=True)
class Rule:
    """Who may call a method, as the contract says."""

    public: bool = False
    permission: int = 0
    services: frozenset[str] = frozenset()
    limit: MethodLimit = UNLIMITED
    recorded: Recorded | None = None


# Reflection has no contract of ours: any signed-in account.
SIGNED_IN = Rule(permission=access_pb2.PERMISSION_MANAGE_OWN_ACCOUNT)


def rules_of(services: Sequence[str]) -> dict[str, Rule]:
    """By method path. Raises ValueError for a method that does not say who may call it."""
    rules = {}
    for name in services:
        for method in descriptor_pool.Default().FindServiceByName(name).methods:
            options = method.GetOptions().Extensions
            access, limit = options[access_pb2.access], options[access_pb2.limit]
            callers = frozenset(access.service_only.callers) | frozenset(access.also_services)
            if not (access.public or access.permission or callers):
                raise ValueError(f"{method.full_name} does not say who may call it: give it (skillsync.type.v1.access)")
            rules[f"/{name}/{method.name}"] = Rule(
                access.public,
                access.permission,
                callers,
                MethodLimit(limit.per_account, limit.per_address),
                Recorded(method),
            )
    return rules
