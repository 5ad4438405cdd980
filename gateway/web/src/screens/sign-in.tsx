import { useState } from "preact/hooks";
import { Platform, register, sendPasswordReset, signIn, type Account } from "../api/account.ts";
import { ApiError, asApiError, type Problems } from "../api/errors.ts";
import { leaveFor, listProviders } from "../api/providers.ts";
import { useLoaded } from "../load.ts";
import { Field } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";
import { Brand } from "../parts/header.tsx";
import { ErrorNotice } from "../parts/notice.tsx";
import { Password } from "../parts/password.tsx";
import { Title } from "../parts/title.tsx";

type Values = Record<string, string>;
type OnSignedIn = (account: Account) => void;

interface SignInProps {
  ended: boolean;
  refusal: ApiError | undefined;
  onSignedIn: OnSignedIn;
}

export function SignInScreen({ ended, refusal, onSignedIn }: SignInProps) {
  const [isNew, setNew] = useState(false);
  const Panel = isNew ? NewAccount : KnownAccount;
  return (
    <main class="welcome">
      <section class="pitch">
        <Brand />
        <h2>Every match, explained.</h2>
        <p>A score is only as good as its reasons. Here each one quotes the position and the resume it rests on.</p>
        <ul>
          <li>Looking for work: see how your resume reads, and what makes it stronger.</li>
          <li>Hiring: a ranking that is live while you look at it.</li>
          <li>Names, age, photo and address never reach the score.</li>
        </ul>
      </section>
      <section class="card">
        <Title text={isNew ? "Create your account" : "Sign in"} />
        {ended && (
          <p class="notice" role="status">
            Your session is over. Sign in to go on where you were.
          </p>
        )}
        {refusal && <ErrorNotice error={refusal} />}
        <Panel key={String(isNew)} onSignedIn={onSignedIn} />
        <Providers />
        <p class="switch">
          {isNew ? "You have an account?" : "New here?"}{" "}
          <button type="button" class="link" onClick={() => setNew(!isNew)}>
            {isNew ? "Sign in" : "Create an account"}
          </button>
        </p>
      </section>
    </main>
  );
}

/** Other ways in, where the installation has some. Who comes so for the first time joins as a job seeker, and may join the other side later. */
function Providers() {
  const { value: providers = [] } = useLoaded(listProviders);
  const [error, setError] = useState<ApiError>();
  const leave = (provider: string) => (): Promise<void> =>
    leaveFor(provider, Platform.CAREERFORGE).catch((thrown: unknown) => setError(asApiError(thrown)));
  if (!providers.length) return null;
  return (
    <div class="providers">
      {error && <ErrorNotice error={error} />}
      {providers.map(({ name, displayName }) => (
        <button key={name} type="button" onClick={leave(name)}>
          Go on with {displayName}
        </button>
      ))}
    </div>
  );
}

function KnownAccount({ onSignedIn }: { onSignedIn: OnSignedIn }) {
  const [asksCode, setAsksCode] = useState(false);
  const [forgot, setForgot] = useState(false);
  const send = async ({ email = "", password = "", secondFactorCode = "" }: Values): Promise<void> => {
    try {
      onSignedIn(await signIn({ email, password, secondFactorCode }));
    } catch (error) {
      if (error instanceof ApiError && error.reason === "SECOND_FACTOR_REQUIRED") setAsksCode(true);
      throw error;
    }
  };
  if (forgot) return <ForgottenPassword />;
  const aside = (
    <button type="button" class="link" onClick={() => setForgot(true)}>
      Forgot your password?
    </button>
  );
  return (
    <Form submit="Sign in" onSend={send} aside={aside}>
      {(problems) => (
        <>
          <Email problems={problems} />
          <Password problems={problems} />
          {asksCode && <Code problems={problems} />}
        </>
      )}
    </Form>
  );
}

function ForgottenPassword() {
  const [mailedTo, setMailedTo] = useState("");
  const send = async ({ email = "" }: Values): Promise<void> => {
    await sendPasswordReset(email);
    setMailedTo(email);
  };
  if (mailedTo) return <p role="status">If {mailedTo} has an account, a mail with a link to a new password is on its way.</p>;
  return (
    <Form submit="Mail me a link" onSend={send}>
      {(problems) => <Email problems={problems} />}
    </Form>
  );
}

function NewAccount(_: { onSignedIn: OnSignedIn }) {
  const [mailedTo, setMailedTo] = useState("");
  const send = async ({ email = "", displayName = "", platform }: Values): Promise<void> => {
    await register({ email, displayName, platform: Number(platform) });
    setMailedTo(email);
  };
  if (mailedTo) return <p role="status">A mail is on its way to {mailedTo}. Open the link in it to complete your registration.</p>;
  return (
    <Form submit="Create account" onSend={send}>
      {(problems) => (
        <>
          <fieldset class="choice">
            <legend>What brings you here?</legend>
            <Choice platform={Platform.CAREERFORGE} title="I look for work" name="CareerForge" checked />
            <Choice platform={Platform.TALENTHUB} title="I hire" name="TalentHub" />
          </fieldset>
          <Field
            name="displayName"
            label="Your name (optional)"
            autoComplete="name"
            maxLength={200}
            problems={problems}
          />
          <Email problems={problems} />
        </>
      )}
    </Form>
  );
}

function Email({ problems }: { problems: Problems }) {
  return (
    <Field
      name="email"
      label="E-mail address"
      type="email"
      autoComplete="email"
      required
      maxLength={254}
      problems={problems}
    />
  );
}

function Code({ problems }: { problems: Problems }) {
  return (
    <Field
      name="secondFactorCode"
      label="Code of your authenticator"
      inputMode="numeric"
      autoComplete="one-time-code"
      required
      maxLength={20}
      problems={problems}
    />
  );
}

interface ChoiceProps {
  platform: Platform;
  title: string;
  name: string;
  checked?: boolean;
}

function Choice({ platform, title, name, checked }: ChoiceProps) {
  return (
    <label>
      <input type="radio" name="platform" value={platform} defaultChecked={checked ?? false} />
      <span>
        <strong>{title}</strong>
        <small>{name}</small>
      </span>
    </label>
  );
}
