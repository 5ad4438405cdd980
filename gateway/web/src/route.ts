import { useEffect, useState } from "preact/hooks";

/** The parts of the path behind the `#`: the edge serves one page, whatever is shown. */
export function useRoute(): string[] {
  const [route, setRoute] = useState(readRoute);
  useEffect(() => {
    const update = (): void => setRoute(readRoute());
    addEventListener("hashchange", update);
    return () => removeEventListener("hashchange", update);
  }, []);
  return route;
}

export function go(path: string): void {
  location.hash = path;
}

function readRoute(): string[] {
  return location.hash.replace(/^#\/?/, "").split("/").filter(Boolean);
}
