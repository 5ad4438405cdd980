import { Platform, type Account } from "../api/account.ts";
import { useRoute } from "../route.ts";

const PLACES = [
  { platform: Platform.CAREERFORGE, href: "#/resumes", label: "CareerForge", covers: ["resumes", "analyses"] },
  { platform: Platform.TALENTHUB, href: "#/positions", label: "TalentHub", covers: ["positions"] },
];

export function Header({ account, onSignOut }: { account: Account; onSignOut: () => void }) {
  const places = PLACES.filter(({ platform }) => account.platforms.includes(platform));
  const [here = places[0]?.covers[0] ?? ""] = useRoute();
  return (
    <header class="top">
      <Brand />
      <nav aria-label="Platforms">
        {places.map(({ href, label, covers }) => (
          <a key={href} href={href} aria-current={covers.includes(here) ? "page" : undefined}>
            {label}
          </a>
        ))}
      </nav>
      <a class="who" href="#/account" aria-current={here === "account" ? "page" : undefined}>
        {account.displayName || account.email}
      </a>
      <button type="button" class="quiet" onClick={onSignOut}>
        Sign out
      </button>
    </header>
  );
}

export function Brand() {
  return (
    <span class="brand">
      <img src="/favicon.svg" alt="" width="28" height="28" />
      SkillSync
    </span>
  );
}
