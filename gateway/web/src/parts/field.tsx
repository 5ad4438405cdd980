import type { InputHTMLAttributes, TextareaHTMLAttributes } from "preact";
import type { Problems } from "../api/errors.ts";

interface Labelled {
  name: string;
  label: string;
  problems: Problems;
  hint?: string;
}

export function Field({ name, label, problems, hint, ...input }: Labelled & InputHTMLAttributes) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input id={name} name={name} {...stateOf(name, problems)} {...input} />
      <Help name={name} hint={hint} problem={problems[name]} />
    </div>
  );
}

export function TextField({ name, label, problems, hint, ...input }: Labelled & TextareaHTMLAttributes) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <textarea id={name} name={name} {...stateOf(name, problems)} {...input} />
      <Help name={name} hint={hint} problem={problems[name]} />
    </div>
  );
}

function stateOf(name: string, problems: Problems) {
  return { "aria-describedby": `${name}-help`, "aria-invalid": name in problems };
}

function Help({ name, hint, problem }: { name: string; hint: string | undefined; problem: string | undefined }) {
  return (
    <p id={`${name}-help`} class={problem ? "help bad" : "help"}>
      {problem ?? hint}
    </p>
  );
}
