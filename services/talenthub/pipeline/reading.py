"""The pipeline's sums, as the database has them."""

from typing import Any

from sqlalchemy import text

from services.kit.db import ReadSession
from services.talenthub.pipeline.facts import ChannelFacts, Facts, HireFacts, Scope, StageFacts, Stays, Wait
from services.talenthub.pipeline.statements import HIRES, PIPELINE


async def get_facts(session: ReadSession, scope: Scope) -> Facts:
    row = (await session.execute(text(PIPELINE), _values(scope, now=scope.now))).one()
    accepted, answered = row.offers
    return Facts(
        current=row.current or {},
        stages={stage: StageFacts(*counts) for stage, counts in (row.stages or {}).items()},
        stays=[Stays(*one) for one in row.stays or ()],
        waits={stage: Wait(*wait) for stage, wait in (row.waits or {}).items()},
        channels={name: ChannelFacts(*counts) for name, counts in (row.channels or {}).items()},
        arrivals=int(row.arrivals),
        offers_accepted=accepted,
        offers_answered=answered,
        open_positions=row.open_positions,
        hiring_capacity=int(row.capacity),
    )


async def get_hires(session: ReadSession, scope: Scope) -> HireFacts:
    row = (await session.execute(text(HIRES), _values(scope))).one()
    return HireFacts(row.hired, row.median, row.channels or {}, *row.offers)


def _values(scope: Scope, **more: Any) -> dict[str, Any]:
    return {
        "organizations": list(scope.organization_ids),
        "position": scope.position_id,
        "team": scope.team,
        "start": scope.start,
        "end": scope.end,
        **more,
    }
