import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Row } from "../stream/ranking.ts";

const MOVE = { duration: 350, easing: "cubic-bezier(0.2, 0, 0, 1)" };
const FLASH = { duration: 1600, easing: "ease-out", pseudoElement: "::before" };

/**
 * Lets rows slide to their new place and light up once for each change, unless the person asked for less motion.
 * Keeps the focus where it is, since the browser drops it when an element is put elsewhere. The list takes it from a
 * row that is gone.
 */
export function useListMotion(list: RefObject<HTMLElement | null>, rows: readonly Row[]): void {
  const shown = useRef(new Map<string, number>());
  // Measured while rendering, since after it the old places are gone.
  const tops = topsOf(list.current);
  const focused = list.current?.contains(document.activeElement) ? document.activeElement : null;
  useLayoutEffect(() => {
    if (focused instanceof HTMLElement) (focused.isConnected ? focused : list.current)?.focus({ preventScroll: true });
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) {
      for (const item of itemsOf(list.current)) slide(item, tops.get(item));
      rows.forEach((row, index) => flash(itemsOf(list.current)[index], row, shown.current));
    }
    shown.current = new Map(rows.map((row) => [row.match.candidateId, row.version]));
  }, [rows]);
}

function slide(item: HTMLElement, before: number | undefined): void {
  const way = (before ?? item.offsetTop) - item.offsetTop;
  if (way) item.animate([{ transform: `translateY(${way}px)` }, { transform: "none" }], MOVE);
}

function flash(item: HTMLElement | undefined, row: Row, shown: ReadonlyMap<string, number>): void {
  if (row.change === "none" || shown.get(row.match.candidateId) === row.version) return;
  item?.animate([{ opacity: 1 }, { opacity: 0 }], FLASH);
}

function topsOf(list: HTMLElement | null): Map<HTMLElement, number> {
  return new Map(itemsOf(list).map((item) => [item, item.offsetTop]));
}

function itemsOf(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.children ?? [])].filter((item) => item instanceof HTMLElement);
}
