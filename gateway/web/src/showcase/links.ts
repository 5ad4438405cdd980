/** A link that may be followed: a web address and nothing that runs. Empty for anything else. */
export function followable(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return parsed && ["http:", "https:"].includes(parsed.protocol) && parsed.hostname ? parsed.href : "";
}

/** What a person reads of a link. */
export function shown(url: string): string {
  const { hostname, pathname } = new URL(url);
  return hostname.replace(/^www\./, "") + (pathname === "/" ? "" : pathname);
}

/** The last part of `/showcase/{user_id}`. */
export function userIdOf(path: string): string {
  return path.split("/")[2] ?? "";
}
