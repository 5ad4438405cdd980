import { useState } from "preact/hooks";
import { changePassword } from "../api/account-care.ts";
import { Field } from "./field.tsx";
import { Form } from "./form.tsx";
import { Section } from "./section.tsx";

export function PasswordChange() {
  const [times, setTimes] = useState(0);
  const send = async ({ currentPassword = "", newPassword = "" }: Record<string, string>): Promise<void> => {
    await changePassword(currentPassword, newPassword);
    setTimes(times + 1);
  };
  return (
    <Section id="password" title="Password">
      {times > 0 && <p role="status">Changed. Your other sessions were ended.</p>}
      <Form key={times} submit="Change password" onSend={send}>
        {(problems) => (
          <>
            <Field
              name="currentPassword"
              label="Current password"
              type="password"
              autoComplete="current-password"
              required
              maxLength={200}
              problems={problems}
            />
            <Field
              name="newPassword"
              label="New password"
              type="password"
              autoComplete="new-password"
              required
              minLength={10}
              maxLength={200}
              hint="At least 10 characters, any you like."
              problems={problems}
            />
          </>
        )}
      </Form>
    </Section>
  );
}
