import { createPosition, listOrganizations } from "../api/talent.ts";
import { Field, TextField } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";
import { Title } from "../parts/title.tsx";
import { go } from "../route.ts";

const EXAMPLE = `You must have:
- 5 years of experience in software development
- Python

Nice to have:
- Kubernetes`;

export function NewPositionScreen() {
  const send = async ({ title = "", description = "" }: Record<string, string>): Promise<void> => {
    const [organization] = await listOrganizations();
    const position = await createPosition(organization?.id ?? "", title, description);
    go(`/positions/${position.id}`);
  };
  const back = <a class="button" href="#/positions">Cancel</a>;
  return (
    <>
      <Title text="New position" />
      <section class="card">
        <Form submit="Save as draft" onSend={send} aside={back}>
          {(problems) => (
            <>
              <Field name="title" label="Title" required maxLength={200} problems={problems} />
              <TextField
                name="description"
                label="Description"
                rows={14}
                required
                maxLength={50_000}
                placeholder={EXAMPLE}
                hint="Requirements are read from this text. Say what must be there and what is only nice to have."
                problems={problems}
              />
            </>
          )}
        </Form>
      </section>
    </>
  );
}
