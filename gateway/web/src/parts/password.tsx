import type { Problems } from "../api/errors.ts";
import { Field } from "./field.tsx";

/** The one that works now. */
export function Password({ problems }: { problems: Problems }) {
  return (
    <Field
      name="password"
      label="Password"
      type="password"
      autoComplete="current-password"
      required
      maxLength={200}
      problems={problems}
    />
  );
}
