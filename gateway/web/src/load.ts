import { useCallback, useEffect, useState } from "preact/hooks";
import { asApiError, type ApiError } from "./api/errors.ts";

export interface Loaded<T> {
  value: T | undefined;
  error: ApiError | undefined;
  set(value: T): void;
  again(): void;
}

/** What `read` returns, read anew when `key` changes. An answer that comes too late is dropped. */
export function useLoaded<T>(read: () => Promise<T>, key = ""): Loaded<T> {
  const [value, set] = useState<T>();
  const [error, setError] = useState<ApiError>();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let current = true;
    setError(undefined);
    read().then(
      (found) => current && set(() => found),
      (thrown: unknown) => current && setError(asApiError(thrown)),
    );
    return () => {
      current = false;
    };
  }, [key, turn]);
  const again = useCallback(() => setTurn((count) => count + 1), []);
  return { value, error, set: (next) => set(() => next), again };
}
