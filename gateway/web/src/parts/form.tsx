import type { ComponentChildren, TargetedSubmitEvent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { asApiError, type ApiError, type Problems } from "../api/errors.ts";
import { ErrorNotice } from "./notice.tsx";

interface FormProps {
  submit: string;
  onSend: (values: Record<string, string>) => Promise<void>;
  children: (problems: Problems) => ComponentChildren;
  /** Buttons beside the one that sends. */
  aside?: ComponentChildren;
}

/** Checks the inputs by their own rules, sends them, and shows what the server refuses next to the field it names. */
export function Form({ submit, onSend, children, aside }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [problems, setProblems] = useState<Problems>({});
  const [failure, setFailure] = useState<ApiError>();
  const [busy, setBusy] = useState(false);

  useEffect(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus(), [problems]);

  const refuse = (error: ApiError): void => {
    const known = Object.keys(error.problems).some((name) => form.current?.elements.namedItem(name));
    setProblems(error.problems);
    setFailure(known ? undefined : error);
  };
  const send = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    const found = problemsOf(event.currentTarget);
    setProblems(found);
    setFailure(undefined);
    if (Object.keys(found).length) return;
    setBusy(true);
    await onSend(valuesOf(event.currentTarget)).catch((error: unknown) => refuse(asApiError(error)));
    setBusy(false);
  };
  return (
    <form ref={form} noValidate onSubmit={send}>
      {children(problems)}
      {failure && <ErrorNotice error={failure} />}
      <div class="actions">
        <button type="submit" class="primary" aria-disabled={busy}>
          {busy ? "One moment…" : submit}
        </button>
        {aside}
      </div>
    </form>
  );
}

function problemsOf(form: HTMLFormElement): Problems {
  const inputs = [...form.elements].filter(isInput);
  const wrong = inputs.filter((input) => !input.validity.valid);
  return Object.fromEntries(wrong.map((input) => [input.name, input.validationMessage]));
}

function isInput(element: Element): element is HTMLInputElement | HTMLTextAreaElement {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
}

function valuesOf(form: HTMLFormElement): Record<string, string> {
  const values = [...new FormData(form)].filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return Object.fromEntries(values.map(([name, value]) => [name, name.toLowerCase().endsWith("password") ? value : value.trim()]));
}
