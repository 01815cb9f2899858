import type { Recorder } from "../kernel/recorder.ts";
import type { RunState } from "../kernel/transition.ts";
import type { Clock } from "../platform/clock.ts";
import type { Random } from "../platform/random.ts";
import type { OrchestrationEvent } from "../words/events.ts";
import type { Codec } from "./codec.ts";
import type { Claim, JournalStore, NewRun, StoredRun } from "./journal-store.ts";
import type { Durability, JournalWriter } from "./journal-writer.ts";
import type { PartWriter } from "./part-writer.ts";
import type { Patience } from "./patience.ts";
import type { RecordTime } from "./record-time.ts";

/** What the driver of one run that is kept needs. */
export interface DurableSpec {
  readonly run: RunState;
  readonly doors: { readonly runId: string; readonly clock: Clock; readonly random: Random };
  readonly time: RecordTime;
  readonly grace: number | undefined;
  readonly recorder: ((write: (event: OrchestrationEvent) => void) => Recorder) | undefined;
  /** Takes each event once its record is on disk. */
  readonly deliver: ((event: OrchestrationEvent) => void) | undefined;
  readonly store: JournalStore;
  readonly writer: JournalWriter;
  readonly patience: Patience;
  readonly level: Durability;
  readonly codec: Codec;
  /** What is large in its values. */
  readonly parts: PartWriter;
  /** How long a claim holds unless it is renewed, in milliseconds. */
  readonly lease: number;
  /** What to create, for a run that is new. */
  readonly create: NewRun | undefined;
  /** The name of its graph, where the store keeps it. */
  readonly graph: string | undefined;
  /** For a run that was resumed: its claim, the number of the next record, and what the store says of it. */
  readonly resume:
    | { readonly claim: Claim; readonly next: number; readonly stored: Pick<StoredRun, "status" | "dueAt"> }
    | undefined;
  readonly opened: (id: string) => void;
  /** Told when the run waits. */
  readonly rests: () => void;
}
