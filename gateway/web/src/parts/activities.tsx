import { listActivities, type Activity } from "../api/account-care.ts";
import { useLoaded } from "../load.ts";
import { begun, moment } from "../words.ts";
import { Empty, ErrorNotice, Loading } from "./notice.tsx";
import { Section } from "./section.tsx";

/** What was done by the person, and tried on the account. */
export function Activities() {
  const { value: activities, error, again } = useLoaded(listActivities);
  return (
    <Section id="activity" title="What happened lately">
      {error && <ErrorNotice error={error} onRetry={again} />}
      {!activities && !error && <Loading what="your activity" />}
      {activities?.length === 0 && <Empty title="Nothing yet">What you change is listed here.</Empty>}
      {activities && activities.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">What</th>
              <th scope="col">From</th>
              <th scope="col">Result</th>
            </tr>
          </thead>
          <tbody>
            {activities.map((activity) => (
              <Row key={activity.sequence} activity={activity} />
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

function Row({ activity }: { activity: Activity }) {
  return (
    <tr>
      <td>{moment(activity.time)}</td>
      <td>{wordsOf(activity.action)}</td>
      <td>{activity.address}</td>
      <td>{activity.result === "OK" ? "Done" : "Refused"}</td>
    </tr>
  );
}

/** `/skillsync.user.v1.UserService/ChangePassword` → `Change password`. */
export function wordsOf(action: string): string {
  const name = action.split(/[/.]/).at(-1) ?? action;
  return begun(name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase());
}
