import { useEffect, useReducer, useRef, useState } from "preact/hooks";
import { asApiError, type ApiError } from "../api/errors.ts";
import { matchFeed } from "../api/talent.ts";
import { follow, type Connection } from "../stream/follow.ts";
import { EMPTY, reduce, type Ranking, type Row } from "../stream/ranking.ts";
import { useListMotion } from "./list-motion.ts";
import { MatchRow } from "./match-row.tsx";
import { Empty, ErrorNotice, Loading } from "./notice.tsx";

/** How long a row that left stays to be seen leaving. */
const LEAVING_MS = 900;

const CONNECTIONS: Record<Connection, string> = {
  connecting: "Connecting…",
  live: "Live",
  reconnecting: "Connection lost; reconnecting…",
};

export function LiveRanking({ positionId }: { positionId: string }) {
  const { ranking, connection, error, again } = useRanking(positionId);
  return (
    <>
      <p class={`connection ${connection}`} role="status">
        {error ? "Stopped" : CONNECTIONS[connection]}
      </p>
      <p class="unseen" aria-live="polite">
        {ranking.news}
      </p>
      {error && <ErrorNotice error={error} onRetry={again} />}
      <Rows ranking={ranking} stopped={error !== undefined} />
    </>
  );
}

function useRanking(positionId: string) {
  const [ranking, dispatch] = useReducer(reduce, EMPTY);
  const [connection, setConnection] = useState<Connection>("connecting");
  const [error, setError] = useState<ApiError>();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const watching = new AbortController();
    const feed = matchFeed(positionId);
    const onItem = ({ event }: ReturnType<typeof feed.decode>): void => {
      dispatch(event);
      const gone = event.case === "match" && !event.value.newRank ? event.value.match : undefined;
      if (gone) setTimeout(() => dispatch({ case: "sweep", candidateId: gone.candidateId }), LEAVING_MS);
    };
    const onRestart = (): void => dispatch({ case: "restart" });
    onRestart();
    setError(undefined);
    follow({ ...feed, onItem, onRestart, onConnection: setConnection }, watching.signal).catch((thrown: unknown) =>
      setError(asApiError(thrown)),
    );
    return () => watching.abort();
  }, [positionId, turn]);
  return { ranking, connection, error, again: () => setTurn(turn + 1) };
}

function Rows({ ranking, stopped }: { ranking: Ranking; stopped: boolean }) {
  if (ranking.rows.length) return <RankedList rows={ranking.rows} />;
  if (stopped) return null;
  if (!ranking.complete) return <Loading what="the ranking" />;
  return <Empty title="No candidates yet">Keep this page open: whoever fits appears here by themselves.</Empty>;
}

function RankedList({ rows }: { rows: readonly Row[] }) {
  const list = useRef<HTMLOListElement>(null);
  useListMotion(list, rows);
  return (
    <ol class="ranking" ref={list} tabIndex={-1} aria-label="Ranked candidates">
      {rows.map((row) => (
        <MatchRow key={row.match.candidateId} row={row} />
      ))}
    </ol>
  );
}
