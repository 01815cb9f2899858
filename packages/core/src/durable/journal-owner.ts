import type { Recorder } from "../kernel/recorder.ts";

/** The owner of a journal, told about the result of each write. */
export interface JournalOwner {
  /** Numbers the events; `undefined` when nobody listens. */
  readonly recorder: Recorder | undefined;
  /** Called when all writes are on disk. */
  readonly onDisk: () => void;
  /** Something that was to be written later could not be. */
  readonly fail: (error: unknown) => void;
}
