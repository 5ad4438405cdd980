import type { InputHTMLAttributes, TextareaHTMLAttributes } from "preact";
import { useId } from "preact/hooks";
import type { Problems } from "../api/errors.ts";

interface Labelled {
  name: string;
  label: string;
  problems: Problems;
  hint?: string;
}

export function Field({ name, label, problems, hint, ...input }: Labelled & InputHTMLAttributes) {
  // Two forms of one screen may have a field of the same name.
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} name={name} {...stateOf(id, name in problems)} {...input} />
      <Help id={id} hint={hint} problem={problems[name]} />
    </div>
  );
}

export function TextField({ name, label, problems, hint, ...input }: Labelled & TextareaHTMLAttributes) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea id={id} name={name} {...stateOf(id, name in problems)} {...input} />
      <Help id={id} hint={hint} problem={problems[name]} />
    </div>
  );
}

function stateOf(id: string, invalid: boolean) {
  return { "aria-describedby": `${id}-help`, "aria-invalid": invalid };
}

function Help({ id, hint, problem }: { id: string; hint: string | undefined; problem: string | undefined }) {
  return (
    <p id={`${id}-help`} class={problem ? "help bad" : "help"}>
      {problem ?? hint}
    </p>
  );
}
