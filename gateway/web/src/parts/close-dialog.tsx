import { useEffect, useRef } from "preact/hooks";
import { CloseReason } from "../api/talent.ts";

interface CloseDialogProps {
  onClose: (reason: CloseReason) => void;
  /** The dialog is gone, whatever was chosen. */
  onEnd: () => void;
}

/** Asks why a position is over. */
export function CloseDialog({ onClose, onEnd }: CloseDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const choose = (reason: CloseReason) => (): void => {
    dialog.current?.close();
    onClose(reason);
  };
  return (
    <dialog ref={dialog} class="card" aria-labelledby="close-title" onClose={onEnd}>
      <h2 id="close-title">Close this position?</h2>
      <p>Closing cannot be undone. Was somebody hired?</p>
      <div class="actions">
        <button type="button" onClick={() => dialog.current?.close()}>
          Keep it
        </button>
        <button type="button" onClick={choose(CloseReason.FILLED)}>
          Yes, close
        </button>
        <button type="button" onClick={choose(CloseReason.CANCELLED)}>
          No, close
        </button>
      </div>
    </dialog>
  );
}
