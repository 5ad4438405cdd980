"""The nearest candidates of a position as a FastAPI endpoint that asks pgvector (`uvicorn fastapi_pgvector:app`, with DATABASE_URL).

What most teams would write: one query, no account, no reasons, no ranking kept. It runs in an environment of its own.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
from fastapi import FastAPI, HTTPException

NEAREST = """
    select c.candidate_id, -(c.vector <#> p.vector) as score
    from matching.position_vectors p cross join lateral (
      select candidate_id, vector from matching.candidate_vectors order by vector <#> p.vector limit $2) c
    where p.position_id = $1 order by score desc"""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=5, max_size=10) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/v1/positions/{position_id}/matches")
async def list_matches(position_id: UUID, page_size: int = 50) -> dict[str, object]:
    rows = await app.state.pool.fetch(NEAREST, position_id, page_size)
    if not rows:
        raise HTTPException(404)
    matches = [
        {"positionId": str(position_id), "candidateId": str(row["candidate_id"]), "rank": rank, "score": row["score"]}
        for rank, row in enumerate(rows, 1)
    ]
    return {"matches": matches}
