import { useState } from "preact/hooks";
import { completeRegistration, resetPassword, unlock, verifyEmail, type Account } from "../api/account.ts";
import { Field } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";
import { Brand } from "../parts/header.tsx";
import { Title } from "../parts/title.tsx";
import { go } from "../route.ts";

interface Purpose {
  title: string;
  submit: string;
  done: string;
}

const PURPOSES: Record<string, Purpose> = {
  "complete-registration": { title: "Complete your registration", submit: "Create my account", done: "" },
  "reset-password": { title: "Set a new password", submit: "Set password", done: "Your new password is set." },
  "verify-email": { title: "Confirm your address", submit: "Confirm", done: "Your e-mail address is confirmed." },
  unlock: { title: "Unlock your account", submit: "Unlock", done: "Your account is unlocked." },
};

/** As the contract names what is chosen with the link. */
const PASSWORDS: Record<string, { name: string; label: string }> = {
  "complete-registration": { name: "password", label: "Choose a password" },
  "reset-password": { name: "newPassword", label: "New password" },
};

/** Whether a route is one of those that mails link to. */
export function isMailedLink(place: string | undefined): place is string {
  return place !== undefined && place in PURPOSES;
}

interface Props {
  purpose: string;
  code: string;
  onSignedIn: (account: Account) => void;
}

/** Nothing happens before the button is pressed: programs that look into mails open links too, and a code is good once. */
export function MailedLinkScreen({ purpose, code, onSignedIn }: Props) {
  const [done, setDone] = useState(false);
  const words = PURPOSES[purpose] as Purpose;
  const send = async ({ password = "", newPassword = "" }: Record<string, string>): Promise<void> => {
    if (purpose === "complete-registration") onSignedIn(await completeRegistration(code, password));
    else if (purpose === "reset-password") await resetPassword(code, newPassword);
    else await (purpose === "unlock" ? unlock : verifyEmail)(code);
    // Out of the address bar and of the history, where the code has nothing to do any more.
    history.replaceState(null, "", location.pathname + location.search);
    if (purpose === "complete-registration") go("/");
    else setDone(true);
  };
  return (
    <main class="welcome">
      <section class="card">
        <Brand />
        <Title text={words.title} />
        {done ? <Done words={words.done} /> : <Question purpose={purpose} submit={words.submit} onSend={send} />}
      </section>
    </main>
  );
}

function Question({ purpose, submit, onSend }: { purpose: string; submit: string; onSend: (values: Record<string, string>) => Promise<void> }) {
  const wanted = PASSWORDS[purpose];
  return (
    <Form submit={submit} onSend={onSend}>
      {(problems) =>
        wanted && (
          <Field
            name={wanted.name}
            label={wanted.label}
            type="password"
            autoComplete="new-password"
            required
            minLength={10}
            maxLength={200}
            hint="At least 10 characters, any you like."
            problems={problems}
          />
        )
      }
    </Form>
  );
}

function Done({ words }: { words: string }) {
  const leave = (): void => {
    go("/");
    location.reload();
  };
  return (
    <>
      <p role="status">{words}</p>
      <button type="button" class="primary" onClick={leave}>
        Go on
      </button>
    </>
  );
}
