import { useEffect } from "preact/hooks";
import {
  getShowcase,
  PreviewState,
  Visibility,
  type GetPublicShowcaseResponse,
  type LinkPreview,
  type PortfolioItem,
} from "../api/showcase.ts";
import { useLoaded } from "../load.ts";
import { Brand } from "../parts/header.tsx";
import { Empty, ErrorNotice, Loading } from "../parts/notice.tsx";
import { followable, shown } from "./links.ts";

const NOT_FOUND = 404;
const BAD_ID = 400;

export function ShowcasePage({ userId }: { userId: string }) {
  const { value, error, again } = useLoaded(() => getShowcase(userId));
  return (
    <>
      <header class="top">
        <a class="home" href="/">
          <Brand />
        </a>
      </header>
      <main class="page">
        {value && <Showcase showcase={value} />}
        {error && [NOT_FOUND, BAD_ID].includes(error.httpStatus) && <NobodyHere />}
        {error && ![NOT_FOUND, BAD_ID].includes(error.httpStatus) && <ErrorNotice error={error} onRetry={again} />}
        {!value && !error && <Loading what="the showcase" />}
      </main>
    </>
  );
}

function NobodyHere() {
  useTitle("No showcase");
  return (
    <div class="empty" role="alert">
      <h1>There is no showcase here</h1>
      <p>The address may be wrong, or the person does not show their projects to everybody.</p>
    </div>
  );
}

function Showcase({ showcase: { displayName, headline, items } }: { showcase: GetPublicShowcaseResponse }) {
  const name = displayName || "Somebody on SkillSync";
  useTitle(name);
  return (
    <>
      <div class="person">
        <h1>{name}</h1>
        {headline && <p class="muted">{headline}</p>}
      </div>
      {items.length ? (
        <ul class="projects" aria-label="Projects">
          {items.map((item) => (
            <li key={item.id}>
              <Project item={item} />
            </li>
          ))}
        </ul>
      ) : (
        <Empty title="No projects yet">{name} shows no project at the moment.</Empty>
      )}
    </>
  );
}

function Project({ item }: { item: PortfolioItem }) {
  const heading = `project-${item.id}`;
  return (
    <article class="card" aria-labelledby={heading}>
      <div class="head">
        <h2 id={heading}>{item.projectTitle}</h2>
        {item.visibility === Visibility.FEATURED && <span class="badge good">Featured</span>}
      </div>
      {item.description && <p class="words">{item.description}</p>}
      {item.technologies.length > 0 && (
        <ul class="technologies" aria-label="Technologies">
          {item.technologies.map((name) => (
            <li key={name}>{name}</li>
          ))}
        </ul>
      )}
      <Linked url={item.projectUrl} preview={item.linkPreview} what="Project" />
      <Linked url={item.githubUrl} preview={item.githubPreview} what="Code" />
    </article>
  );
}

/** Pictures of other servers are not loaded: they would learn who looks at whom. */
function Linked({ url, preview, what }: { url: string; preview: LinkPreview | undefined; what: string }) {
  const href = followable(url);
  if (!href) return null;
  const ready = preview?.state === PreviewState.READY ? preview : undefined;
  return (
    <a class="linked" href={href} rel="noopener noreferrer nofollow ugc">
      <span class="muted">
        {ready ? `${what} · ${ready.siteName}` : what}
      </span>
      <strong>{ready?.title || shown(href)}</strong>
      {ready?.description && <span class="words">{ready.description}</span>}
    </a>
  );
}

function useTitle(text: string): void {
  useEffect(() => {
    document.title = `${text} – SkillSync`;
  }, [text]);
}
