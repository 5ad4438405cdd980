import { getMe, type Account } from "../api/account.ts";
import { useLoaded } from "../load.ts";
import { Activities } from "../parts/activities.tsx";
import { ErrorNotice, Loading } from "../parts/notice.tsx";
import { PasswordChange } from "../parts/password-change.tsx";
import { EraseAccount, ExportData } from "../parts/privacy.tsx";
import { SecondFactor } from "../parts/second-factor.tsx";
import { Sessions } from "../parts/sessions.tsx";
import { Title } from "../parts/title.tsx";
import { titled } from "../words.ts";

/** Everything about the own account. `onGone`: it was erased, or all its sessions were ended. */
export function AccountScreen({ onGone }: { onGone: () => void }) {
  const { value: account, error, again } = useLoaded(getMe);
  return (
    <>
      <Title text="Your account" />
      {error && <ErrorNotice error={error} onRetry={again} />}
      {!account && !error && <Loading what="your account" />}
      {account && <Parts account={account} onChange={again} onGone={onGone} />}
    </>
  );
}

function Parts({ account, onChange, onGone }: { account: Account; onChange: () => void; onGone: () => void }) {
  const hasPassword = account.authProvider === "password";
  return (
    <>
      <section class="card">
        <dl class="facts">
          <dt>E-mail address</dt>
          <dd>{account.email}</dd>
          <dt>Plan</dt>
          <dd>{titled(account.accountTier)}</dd>
          <dt>You sign in with</dt>
          <dd>{hasPassword ? "your password" : titled(account.authProvider)}</dd>
        </dl>
      </section>
      {hasPassword && <SecondFactor enabled={account.secondFactorEnabled} onChange={onChange} />}
      {hasPassword && <PasswordChange />}
      <Sessions onGone={onGone} />
      <Activities />
      <ExportData />
      <EraseAccount account={account} onGone={onGone} />
    </>
  );
}
