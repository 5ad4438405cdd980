import { State } from "../api/talent.ts";
import { titled } from "../words.ts";

const LOOKS: Partial<Record<State, string>> = { [State.OPEN]: "good", [State.PAUSED]: "warn" };

export function StateBadge({ state }: { state: State }) {
  return <span class={`badge ${LOOKS[state] ?? ""}`}>{titled(State[state] ?? "")}</span>;
}
