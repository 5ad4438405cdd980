import { useEffect } from "preact/hooks";
import { Platform, restore, signOut, type Account } from "./api/account.ts";
import { cameBack, signInFromProvider } from "./api/providers.ts";
import { ApiError, asApiError } from "./api/errors.ts";
import { whenSessionEnds } from "./api/http.ts";
import { useLoaded } from "./load.ts";
import { Header } from "./parts/header.tsx";
import { ErrorNotice, Loading } from "./parts/notice.tsx";
import { go, useRoute } from "./route.ts";
import { AccountScreen } from "./screens/account.tsx";
import { AnalysisScreen } from "./screens/analysis.tsx";
import { isMailedLink, MailedLinkScreen } from "./screens/mailed-link.tsx";
import { NewPositionScreen } from "./screens/new-position.tsx";
import { PositionScreen } from "./screens/position.tsx";
import { PositionsScreen } from "./screens/positions.tsx";
import { ResumesScreen } from "./screens/resumes.tsx";
import { SignInScreen } from "./screens/sign-in.tsx";

type Visitor = { account?: Account; ended?: boolean; refusal?: ApiError };

export function App() {
  const visitor = useLoaded<Visitor>(open);
  useEffect(() => whenSessionEnds(() => visitor.set({ ended: true })), []);
  const [place, code] = useRoute();
  if (isMailedLink(place) && code)
    return <MailedLinkScreen key={code} purpose={place} code={code} onSignedIn={(next) => visitor.set({ account: next })} />;
  if (!visitor.value) return <Opening error={visitor.error} onRetry={visitor.again} />;
  const { account, ended, refusal } = visitor.value;
  if (!account) {
    const onSignedIn = (next: Account): void => visitor.set({ account: next });
    return <SignInScreen ended={ended ?? false} refusal={refusal} onSignedIn={onSignedIn} />;
  }
  const leave = async (): Promise<void> => {
    await signOut();
    go("/");
    visitor.set({});
  };
  return (
    <>
      <Header account={account} onSignOut={leave} />
      <main class="page">
        <Screen account={account} onGone={() => visitor.set({})} />
      </main>
    </>
  );
}

function Opening({ error, onRetry }: { error: ApiError | undefined; onRetry: () => void }) {
  return (
    <main class="page">
      {error ? <ErrorNotice error={error} onRetry={onRetry} /> : <Loading what="your session" />}
    </main>
  );
}

function Screen({ account, onGone }: { account: Account; onGone: () => void }) {
  const [place = homeOf(account), id] = useRoute();
  if (place === "account") return <AccountScreen onGone={onGone} />;
  if (place === "analyses" && id) return <AnalysisScreen key={id} id={id} />;
  if (place === "positions" && id === "new") return <NewPositionScreen />;
  if (place === "positions" && id) return <PositionScreen key={id} id={id} />;
  return place === "positions" ? <PositionsScreen /> : <ResumesScreen />;
}

function homeOf(account: Account): string {
  return account.platforms.includes(Platform.CAREERFORGE) ? "resumes" : "positions";
}

/** Who comes: back from a provider, or with a session of this tab, or as nobody yet. */
function open(): Promise<Visitor> {
  if (cameBack()) return signInFromProvider().then((account) => ({ account }), refuse);
  return restore().then((account) => (account ? { account } : {}), forgive);
}

function refuse(error: unknown): Visitor {
  return { refusal: asApiError(error) };
}

/** A session that is over is no error when the page opens: the person signs in. */
function forgive(error: unknown): Visitor {
  if (error instanceof ApiError && error.httpStatus === 401) return { ended: true };
  throw error;
}
