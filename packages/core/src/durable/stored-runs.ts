/** Reads runs from a store: their records, the state these give, and the events they tell of. */

import { FencedError } from "../errors/fenced-error.ts";
import { RunStateError } from "../errors/run-state-error.ts";
import { UnknownRunError } from "../errors/unknown-run-error.ts";
import { VersionMismatchError } from "../errors/version-mismatch-error.ts";
import type { Clock } from "../platform/clock.ts";
import { DEFAULT_GRACE } from "../run/driver-hooks.ts";
import type { History } from "../run/host.ts";
import type { OrchestrationEvent } from "../words/events.ts";
import type { JournalRecord } from "../words/journal-record.ts";
import type { RecordedVersion } from "../words/migrate.ts";
import type { Codec } from "./codec.ts";
import type { ForkOptions } from "./durable-host-options.ts";
import { beforeRetries, type Counted, effective, wholeRecords } from "./effective.ts";
import { fold } from "./fold.ts";
import type { FoldWatch } from "./fold-watch.ts";
import type { Folded } from "./folded.ts";
import { type Fork, type ForkSource, forkOf } from "./fork-of.ts";
import { type Claim, isEnd, type JournalStore, type StoredRun, type StoredStatus } from "./journal-store.ts";
import type { Json } from "./json.ts";
import type { UncheckedAnswer } from "./kept-requests.ts";
import { LastLook } from "./last-look.ts";
import { Misfit } from "./misfit.ts";
import type { PartReader } from "./part-reader.ts";
import { decisionToJson, detailsOf, detailsText } from "./record-codec.ts";
import { RerunWatch } from "./rerun-watch.ts";
import { type RestoredFold, Snapshots } from "./snapshots.ts";
import type { Verdict } from "./stored-request.ts";
import { toldEvents } from "./told-events.ts";
import { type AnyOrchestration, versionOf, versionOfRecords } from "./version-of.ts";

/** A run as it was read. */
export interface StoredJournal {
  readonly stored: StoredRun;
  /** All records, or those from the last one of a snapshot on. */
  readonly records: readonly JournalRecord[];
  /** How many records its snapshot has; 0 where there is none. */
  readonly base: number;
  /** Those that count; absent where a snapshot stands for the first of them. */
  readonly counted?: Counted;
  /** The parts of its journal, where it was read by a snapshot. */
  readonly parts?: PartReader;
  /** The state they give. */
  readonly folded: Folded;
  /** How many records there are in all. */
  readonly count: number;
}

/** A run that was read from its beginning. */
export interface WholeJournal extends StoredJournal {
  readonly counted: Counted;
  /** What counted before each retry, oldest first. */
  readonly earlier: readonly Counted[];
}

/** The runs of one store. */
export class StoredRuns {
  readonly #store: JournalStore;
  readonly #codec: Codec;
  readonly #clock: Clock;
  readonly #last = new LastLook();
  readonly #snapshots: Snapshots;

  constructor(store: JournalStore, codec: Codec, clock: Clock) {
    this.#store = store;
    this.#codec = codec;
    this.#clock = clock;
    this.#snapshots = new Snapshots(store, codec);
  }

  /** @throws UnknownRunError when it is not there. */
  async get(runId: string): Promise<StoredRun> {
    const stored = await this.#store.get(runId);
    if (stored === undefined) throw new UnknownRunError({ runId });
    return stored;
  }

  /** A run, as one of this orchestration. @throws UnknownRunError; RunStateError when it is one of another. */
  async of(orchestration: AnyOrchestration, runId: string): Promise<StoredRun> {
    const stored = await this.get(runId);
    if (stored.orchestration === orchestration.id) return stored;
    throw new RunStateError(
      { runId, status: stored.status },
      `The run "${runId}" is one of "${stored.orchestration}", and was to be read with "${orchestration.id}".`,
      `Give the orchestration "${stored.orchestration}", or the id of another run.`,
    );
  }

  /** Reads a run for one who only looks at it: changing anything in what is given is wrong. */
  async look(orchestration: AnyOrchestration, runId: string): Promise<StoredJournal> {
    const stored = await this.of(orchestration, runId);
    const known = this.#last.find(orchestration, stored);
    if (known !== undefined) return known;
    const read = (await this.#short(orchestration, stored)) ?? (await this.read(orchestration, runId));
    this.#last.keep(orchestration, read);
    return read;
  }

  /** Reads a run for one who changes what is given, and writes nothing. */
  async own(orchestration: AnyOrchestration, runId: string): Promise<StoredJournal> {
    const stored = await this.of(orchestration, runId);
    return (await this.#short(orchestration, stored)) ?? this.read(orchestration, runId);
  }

  /** A run is removed: one of its id may be made anew. */
  forget(): void {
    this.#last.forget();
  }

  /** Reads a run for one who goes on with it, by a snapshot where there is one. */
  async readOn(orchestration: AnyOrchestration, runId: string, claim: Claim): Promise<StoredJournal> {
    const stored = await this.of(orchestration, runId);
    const known = this.#last.take(orchestration, stored) ?? (await this.#short(orchestration, stored));
    if (known !== undefined && known.folded.limit <= known.folded.events) return known;
    return this.read(orchestration, runId, claim);
  }

  /** Keeps a snapshot of a run as it is in the store now; gives its length, or `undefined` where it has none. */
  async keepSnapshot(of: AnyOrchestration, runId: string, each: number): Promise<number | undefined> {
    const stored = await this.of(of, runId);
    if (isEnd(stored.status)) return undefined;
    return this.#snapshots.keep(of, (await this.#short(of, stored)) ?? (await this.read(of, runId)), each);
  }

  /** Reads what came since a run was looked at, or since its snapshot. */
  async #short(orchestration: AnyOrchestration, stored: StoredRun): Promise<StoredJournal | undefined> {
    const onward: RestoredFold = (counted, from) =>
      this.fold(orchestration, stored, counted, versionOf(orchestration), undefined, from);
    const known = this.#last.takeOlder(orchestration, stored);
    const read = known && (await this.#snapshots.onward(stored, known, onward));
    return read ?? this.#snapshots.find(orchestration, stored, onward);
  }

  /** Reads a run from its beginning. With a claim, what `migrate` made of its records is written down. */
  async read(orchestration: AnyOrchestration, runId: string, claim?: Claim): Promise<WholeJournal> {
    const stored = await this.of(orchestration, runId);
    const records = (await this.#store.load(runId)) ?? [];
    const counted = effective(records);
    const earlier = beforeRetries(records);
    const from = versionOfRecords(records, stored);
    const present = versionOf(orchestration);
    const { migrate } = orchestration;
    const count = records.length;
    if (migrate === undefined || (from.version === present.version && from.hash === present.hash)) {
      const folded = this.fold(orchestration, stored, counted, from);
      if (claim === undefined || folded.run.ended !== undefined || folded.limit <= folded.events)
        return { stored, records, base: 0, counted, earlier, folded, count };
      await this.append(claim, count, missedUpTo(folded.limit, orchestration.id, this.#clock.now()));
      return this.read(orchestration, runId, claim);
    }
    const migrated = migrate(wholeRecords(counted), from);
    const rewritten: Counted = { records: migrated };
    const folded = this.fold(orchestration, stored, rewritten, from);
    const read = { stored, records, base: 0, counted: rewritten, earlier: [], folded };
    if (claim === undefined) return { ...read, count };
    const record: JournalRecord = {
      type: "migrated",
      at: this.#clock.now(),
      path: orchestration.id,
      value: JSON.stringify(migrated),
      more: detailsText({ v: present })!,
    };
    await this.append(claim, count, record);
    return { ...read, count: count + 1 };
  }

  /**
   * Writes the record of a retry, with the conditions that are asked on account of it: the branches that were not started
   * begin then. What states wrote that completed, and run again, is taken back.
   */
  async retry(
    orchestration: AnyOrchestration,
    claim: Claim,
    read: StoredJournal,
    retried: JournalRecord,
  ): Promise<void> {
    const counted = effective([...(await this.#store.load(claim.runId))!, retried]);
    const noted: Json[] = [];
    const watch = new RerunWatch();
    const { run } = fold(orchestration, counted, {
      runId: claim.runId,
      codec: this.#codec,
      grace: DEFAULT_GRACE,
      deciding: read.count + 1,
      noted: (decision) => noted.push(decisionToJson(decision, this.#codec)),
      watch,
    });
    const rerun = watch.rerun(counted, run.root);
    const more = detailsText({
      ...detailsOf(retried.more),
      ...(noted.length > 0 ? { d: noted } : {}),
      ...(rerun.length > 0 ? { t: rerun } : {}),
    });
    await this.append(claim, read.count, { ...retried, more: more! }, "running");
  }

  /** Adds one record after the first `count`. */
  async append(claim: Claim, count: number, record: JournalRecord, status?: StoredStatus): Promise<void> {
    const append = { claim, from: count + 1, records: [record], ...(status === undefined ? {} : { status }) };
    const lost = await this.#store.append([append]);
    if (lost.length > 0) throw new FencedError({ runId: claim.runId });
  }

  /** Writes kept answers to what runnables ask in a run that is cancelled before these can take them: they came first. */
  async answer(claim: Claim, count: number, kept: ReadonlyMap<string, UncheckedAnswer>): Promise<void> {
    const at = this.#clock.now();
    const records = [...kept].map(([id, { path, value }]): JournalRecord => {
      const json = this.#codec.encode(value, `the answer to "${id}"`) ?? null;
      const more = detailsText({ n: id.slice(path.length + 1), u: 1 })!;
      return { type: "answered", at, path, value: JSON.stringify(json), more };
    });
    const verdicts = [...kept.values()].map(({ number }) => ({ number, state: "taken" }) as const);
    const lost = await this.#store.append([{ claim, from: count + 1, records, verdicts }]);
    if (lost.length > 0) throw new FencedError({ runId: claim.runId });
  }

  /** Writes verdicts on requests. */
  async decide(claim: Claim, verdicts: readonly Verdict[]): Promise<void> {
    const lost = await this.#store.append([{ claim, from: 1, records: [], verdicts }]);
    if (lost.length > 0) throw new FencedError({ runId: claim.runId });
  }

  /** Writes the end of a run whose process was killed just before it wrote the end. This releases its claim. */
  async close(claim: Claim, count: number, status: StoredStatus): Promise<void> {
    await this.#store.append([{ claim, from: count + 1, records: [], status, dueAt: null }]);
  }

  /** Makes the journal of a fork of a run, which was read. */
  async fork(
    orchestration: AnyOrchestration,
    { stored, counted }: WholeJournal,
    options: ForkOptions,
  ): Promise<Fork> {
    const fold: ForkSource["fold"] = (records, watch) =>
      void this.fold(
        orchestration,
        stored,
        { records, parts: counted.parts! },
        versionOf(orchestration),
        watch,
      );
    return forkOf({ runId: stored.runId, counted, codec: this.#codec, fold }, options);
  }

  /** @throws VersionMismatchError when the records do not fit. */
  fold(
    orchestration: AnyOrchestration,
    { runId, origin, createdAt }: StoredRun,
    counted: Counted,
    recorded: RecordedVersion,
    watch?: FoldWatch,
    from?: Folded,
  ): Folded {
    try {
      const options = { runId, codec: this.#codec, grace: DEFAULT_GRACE, since: origin && createdAt };
      return fold(orchestration, counted, watch === undefined ? options : { ...options, watch }, from);
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      const { record, path } = error;
      const facts = { runId, orchestration: orchestration.id, recorded, record, path };
      throw new VersionMismatchError({ ...facts, present: versionOf(orchestration) });
    }
  }

  /** The kept events of a run, for its readers. Those up to `until`, of a run that was read, need no store. */
  historyOf(
    orchestration: AnyOrchestration,
    runId: string,
    read?: StoredJournal,
    until: number = read?.folded.events ?? 0,
  ): History {
    return {
      until,
      load: async (_from, to) => {
        const known = isWhole(read) && to <= until ? read : await this.read(orchestration, runId);
        return { events: this.events(orchestration, runId, known), until: known.folded.events };
      },
    };
  }

  /** The kept events, as they were told. */
  events(
    orchestration: AnyOrchestration,
    runId: string,
    { counted, earlier }: Pick<WholeJournal, "counted" | "earlier">,
  ): OrchestrationEvent[] {
    return toldEvents(orchestration, runId, this.#codec, [...earlier, counted]);
  }
}

function isWhole(read: StoredJournal | undefined): read is WholeJournal {
  return read?.counted !== undefined;
}

/** The record of events that were told at level `end` by a process that was killed before it kept them. */
function missedUpTo(limit: number, path: string, at: number): JournalRecord {
  return { type: "missed", at, path, value: String(limit) };
}
