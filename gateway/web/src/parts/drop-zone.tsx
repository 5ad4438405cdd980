import type { TargetedDragEvent } from "preact";
import { useState } from "preact/hooks";

const ACCEPTED = ".pdf,.docx,.odt,.rtf,.html,.htm,.md,.txt,.png,.jpg,.jpeg,.tif,.tiff,application/pdf,text/plain,image/*";

/** Takes one file, dropped or chosen. */
export function DropZone({ onFile }: { onFile: (file: File) => void }) {
  const [over, setOver] = useState(false);
  const take = (files: FileList | null | undefined): void => {
    const file = files?.[0];
    if (file) onFile(file);
  };
  const hover = (event: TargetedDragEvent<HTMLElement>): void => {
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: TargetedDragEvent<HTMLElement>): void => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer?.files);
  };
  return (
    <label class={over ? "drop over" : "drop"} onDragOver={hover} onDragLeave={() => setOver(false)} onDrop={drop}>
      <input class="unseen" type="file" accept={ACCEPTED} onChange={(event) => take(event.currentTarget.files)} />
      <svg viewBox="0 0 24 24" width="40" height="40" aria-hidden="true">
        <path d="M12 16V5m0 0L7.5 9.5M12 5l4.5 4.5M4 16v3h16v-3" />
      </svg>
      <strong>Drop your resume here, or choose a file</strong>
      <small>
        PDF, Word, OpenDocument, RTF, HTML, text or a picture, at most 20 MB. It is checked for malware, then read by machine.
      </small>
    </label>
  );
}
