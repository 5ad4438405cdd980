import { useState } from "preact/hooks";
import { asApiError, type ApiError } from "../api/errors.ts";
import { State, changePosition, closePosition, getPosition, type Position, type Verb } from "../api/talent.ts";
import { useLoaded } from "../load.ts";
import { CloseDialog } from "../parts/close-dialog.tsx";
import { LiveRanking } from "../parts/live-ranking.tsx";
import { Empty, ErrorNotice, Loading } from "../parts/notice.tsx";
import { StateBadge } from "../parts/state-badge.tsx";
import { Title } from "../parts/title.tsx";

type Change = (next: Promise<Position>) => Promise<void>;

const VERBS: Partial<Record<State, { verb: Verb; label: string }>> = {
  [State.DRAFT]: { verb: "publish", label: "Publish" },
  [State.OPEN]: { verb: "pause", label: "Pause" },
  [State.PAUSED]: { verb: "reopen", label: "Reopen" },
};

export function PositionScreen({ id }: { id: string }) {
  const { value: position, error, set, again } = useLoaded(() => getPosition(id), id);
  return (
    <>
      <a class="back" href="#/positions">
        ← Positions
      </a>
      {error && <ErrorNotice error={error} onRetry={again} />}
      {!position && !error && <Loading what="the position" />}
      {position && <Opened position={position} onChanged={set} />}
    </>
  );
}

function Opened({ position, onChanged }: { position: Position; onChanged: (position: Position) => void }) {
  const [error, setError] = useState<ApiError>();
  const change: Change = async (next) => {
    try {
      onChanged(await next);
      setError(undefined);
    } catch (thrown) {
      setError(asApiError(thrown));
    }
  };
  return (
    <>
      <Title text={position.title}>
        <span role="status">
          <StateBadge state={position.state} />
        </span>
        <Actions position={position} change={change} />
      </Title>
      {error && <ErrorNotice error={error} />}
      <details class="description">
        <summary>Description</summary>
        <p>{position.description}</p>
      </details>
      <section aria-labelledby="candidates">
        <h2 id="candidates">Candidates</h2>
        <Candidates position={position} />
      </section>
    </>
  );
}

function Candidates({ position }: { position: Position }) {
  switch (position.state) {
    case State.OPEN:
      return <LiveRanking positionId={position.id} />;
    case State.DRAFT:
      return <Empty title="Not published yet">Publish the position; candidates are ranked within seconds.</Empty>;
    case State.PAUSED:
      return <Empty title="Paused">It takes no part in matching. Reopen it to see candidates again.</Empty>;
    default:
      return <Empty title="Closed">This position is over. Create a new one to see candidates.</Empty>;
  }
}

function Actions({ position, change }: { position: Position; change: Change }) {
  const [asking, setAsking] = useState(false);
  const next = VERBS[position.state];
  return (
    <div class="actions">
      {next && (
        <button
          type="button"
          class={next.verb === "pause" ? "" : "primary"}
          // The second half of a double click would undo the first: the button has become its opposite.
          onClick={(event) => event.detail < 2 && change(changePosition(position, next.verb))}
        >
          {next.label}
        </button>
      )}
      {(position.state === State.OPEN || position.state === State.PAUSED) && (
        <button type="button" onClick={() => setAsking(true)}>
          Close…
        </button>
      )}
      {asking && (
        <CloseDialog
          onClose={(reason) => change(closePosition(position, reason))}
          onEnd={() => setAsking(false)}
        />
      )}
    </div>
  );
}
