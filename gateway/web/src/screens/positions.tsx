import {
  createOrganization,
  listOrganizations,
  listPositions,
  type Organization,
  type Position,
} from "../api/talent.ts";
import { useLoaded } from "../load.ts";
import { Field } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";
import { Empty, ErrorNotice, Loading } from "../parts/notice.tsx";
import { StateBadge } from "../parts/state-badge.tsx";
import { Title } from "../parts/title.tsx";
import { day } from "../words.ts";

export function PositionsScreen() {
  const { value: organizations, error, set, again } = useLoaded(listOrganizations);
  if (error) return <ErrorNotice error={error} onRetry={again} />;
  if (!organizations) return <Loading what="your organization" />;
  const [first] = organizations;
  return first ? <Positions organization={first} /> : <FirstOrganization onCreated={(made) => set([made])} />;
}

function FirstOrganization({ onCreated }: { onCreated: (organization: Organization) => void }) {
  const send = async ({ displayName = "" }: Record<string, string>): Promise<void> =>
    onCreated(await createOrganization(displayName));
  return (
    <>
      <Title text="Create your organization" />
      <section class="card narrow">
        <p>Positions belong to an organization. You become its admin, and can invite your team later.</p>
        <Form submit="Create organization" onSend={send}>
          {(problems) => (
            <Field
              name="displayName"
              label="Name"
              autoComplete="organization"
              required
              maxLength={200}
              problems={problems}
            />
          )}
        </Form>
      </section>
    </>
  );
}

function Positions({ organization }: { organization: Organization }) {
  return (
    <>
      <Title text="Positions">
        <span class="muted">{organization.displayName}</span>
        <a class="button primary" href="#/positions/new">
          New position
        </a>
      </Title>
      <PositionList />
    </>
  );
}

function PositionList() {
  const { value: positions, error, again } = useLoaded(listPositions);
  if (error) return <ErrorNotice error={error} onRetry={again} />;
  if (!positions) return <Loading what="your positions" />;
  if (!positions.length) {
    return <Empty title="No positions yet">Create one and publish it; candidates are ranked within seconds.</Empty>;
  }
  return (
    <ul class="list">
      {positions.map((position) => (
        <li key={position.id}>
          <PositionLink position={position} />
        </li>
      ))}
    </ul>
  );
}

function PositionLink({ position }: { position: Position }) {
  return (
    <a href={`#/positions/${position.id}`}>
      <strong>{position.title}</strong>
      <span class="muted">{day(position.createTime)}</span>
      <StateBadge state={position.state} />
    </a>
  );
}
