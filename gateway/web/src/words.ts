import { timestampDate, type Timestamp } from "@bufbuild/protobuf/wkt";

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const KILO = new Intl.NumberFormat(undefined, { style: "unit", unit: "kilobyte", maximumFractionDigits: 0 });
const MEGA = new Intl.NumberFormat(undefined, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 });

export function day(time: Timestamp | undefined): string {
  return time ? DAY.format(timestampDate(time)) : "";
}

export function moment(time: Timestamp | undefined): string {
  return time ? MOMENT.format(timestampDate(time)) : "";
}

export function fileSize(bytes: number): string {
  return bytes < 1e6 ? KILO.format(Math.max(1, bytes / 1e3)) : MEGA.format(bytes / 1e6);
}

/** `text_layer` → `Text layer`. */
export function titled(name: string): string {
  return begun(name.replaceAll("_", " ").toLowerCase());
}

/** `is empty` → `Is empty.` */
export function sentence(words: string): string {
  return !words || /[.!?…]$/.test(words) ? begun(words) : `${begun(words)}.`;
}

export function begun(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A share of 1 as points of 100. */
export function points(share: number): string {
  return (share * 100).toFixed(1);
}

export function years(count: number): string {
  return `${count.toFixed(1)} years`;
}

const MONTH = new Intl.DateTimeFormat(undefined, { month: "short", year: "numeric", timeZone: "UTC" });

/** Where only the year is known, the year. */
export function month(when: { year: number; month: number } | undefined): string {
  if (!when) return "";
  return when.month ? MONTH.format(Date.UTC(when.year, when.month - 1)) : String(when.year);
}

/** `1 line`, `3 lines`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
