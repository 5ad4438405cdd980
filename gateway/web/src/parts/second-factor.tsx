import { useState } from "preact/hooks";
import { beginSecondFactor, confirmSecondFactor, removeSecondFactor } from "../api/account-care.ts";
import type { Problems } from "../api/errors.ts";
import { Field } from "./field.tsx";
import { Form } from "./form.tsx";
import { Password } from "./password.tsx";
import { QrCode } from "./qr-code.tsx";
import { Section } from "./section.tsx";

/** A code of an authenticator beside the password. */
export function SecondFactor({ enabled, onChange }: { enabled: boolean; onChange: () => void }) {
  return (
    <Section id="second-factor" title="Second factor">
      {enabled ? <Removal onChange={onChange} /> : <SettingUp onChange={onChange} />}
    </Section>
  );
}

function SettingUp({ onChange }: { onChange: () => void }) {
  const [uri, setUri] = useState("");
  const [codes, setCodes] = useState<string[]>([]);
  const begin = async ({ password = "" }: Record<string, string>): Promise<void> => setUri(await beginSecondFactor(password));
  if (codes.length) return <RecoveryCodes codes={codes} onDone={onChange} />;
  if (uri) return <Confirmation uri={uri} onConfirmed={setCodes} />;
  return (
    <>
      <p>Off. With it, your password alone lets nobody in: each sign-in asks for a code that your phone shows.</p>
      <Form submit="Set up" onSend={begin}>
        {(problems) => <Password problems={problems} />}
      </Form>
    </>
  );
}

function Confirmation({ uri, onConfirmed }: { uri: string; onConfirmed: (codes: string[]) => void }) {
  const send = async ({ code = "" }: Record<string, string>): Promise<void> => onConfirmed(await confirmSecondFactor(code));
  const secret = new URL(uri).searchParams.get("secret") ?? "";
  return (
    <>
      <p>Read this with an authenticator app, then enter the six digits that it shows.</p>
      <QrCode text={uri} label="QR code for your authenticator app" />
      <p class="help">
        Without a camera, type this into the app: <code>{secret}</code>
      </p>
      <Form submit="Turn on" onSend={send}>
        {(problems) => <CodeField problems={problems} pattern="[0-9]{6}" maxLength={6} />}
      </Form>
    </>
  );
}

function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  return (
    <>
      <p role="status">
        <strong>It is on.</strong> Keep these codes where you find them without your phone: each signs you in once, and they are
        shown only now.
      </p>
      <ul class="codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div class="actions">
        <button type="button" onClick={() => navigator.clipboard.writeText(codes.join("\n"))}>
          Copy
        </button>
        <button type="button" class="primary" onClick={onDone}>
          I have kept them
        </button>
      </div>
    </>
  );
}

function Removal({ onChange }: { onChange: () => void }) {
  const send = async ({ password = "", code = "" }: Record<string, string>): Promise<void> => {
    await removeSecondFactor(password, code);
    onChange();
  };
  return (
    <>
      <p>On. To turn it off, enter your password and a code.</p>
      <Form submit="Turn off" onSend={send}>
        {(problems) => (
          <>
            <Password problems={problems} />
            <CodeField problems={problems} maxLength={20} />
          </>
        )}
      </Form>
    </>
  );
}

function CodeField(props: { problems: Problems; maxLength: number; pattern?: string }) {
  return <Field name="code" label="Code of your authenticator" autoComplete="one-time-code" inputMode="numeric" required {...props} />;
}
