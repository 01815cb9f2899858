/** Runs in this process's memory, kept as a database would keep them: the store shares no object with its callers. */
import { OrchError } from "../errors/orch-error.ts";
import type { JournalRecord } from "../words/journal-record.ts";
import {
  type Append,
  type Claim,
  type Holder,
  isEnd,
  type JournalStore,
  type NewRun,
  type RunQuery,
  type StoredRun,
  type StoredStatus,
} from "./journal-store.ts";
import { MemoryRequests } from "./memory-requests.ts";

const LIMIT = 100;

interface MemoryRun {
  readonly run: NewRun;
  readonly records: JournalRecord[];
  readonly requests: MemoryRequests;
  snapshot: string | undefined;
  status: StoredStatus;
  dueAt: number | undefined;
  claim: { readonly epoch: number; until: number } | undefined;
}

/**
 * Makes a store that keeps runs in memory: for tests, and for hosts that only need what a durable host can do. Every
 * method is synchronous. Its runs outlive its hosts, and end with the process; `close` changes nothing.
 *
 * @example
 * ```ts
 * const store = memoryStore();
 * const claim = store.create(run, [started], clock.now() + 30_000);
 * ```
 */
export function memoryStore(): JournalStore {
  return new MemoryStore();
}

class MemoryStore implements JournalStore {
  readonly shared = false;
  readonly #runs = new Map<string, MemoryRun>();
  readonly #graphs = new Map<string, string>();
  /** Runs of which something was asked that may be open. */
  readonly #asked = new Set<MemoryRun>();
  readonly #listeners = new Set<() => void>();
  #epochs = 0;

  readonly create: JournalStore["create"] = (run, records, until) => {
    if (this.#runs.has(run.runId)) return "exists";
    const kept = records.map(copy);
    const claim = { epoch: ++this.#epochs, until };
    const own = { ...run, ...(run.origin === undefined ? {} : { origin: { ...run.origin } }) };
    this.#runs.set(run.runId, {
      run: own,
      records: kept,
      requests: new MemoryRequests(run.runId),
      snapshot: undefined,
      status: "running",
      dueAt: undefined,
      claim,
    });
    return { runId: run.runId, epoch: claim.epoch };
  };

  readonly claim: JournalStore["claim"] = (runId, now, until) => {
    const found = this.#runs.get(runId);
    if (found === undefined) return { kind: "unknown" };
    const holder = holderOf(found);
    if (holder !== undefined && holder.until > now) return { kind: "held", holder };
    found.claim = { epoch: ++this.#epochs, until };
    return { kind: "claimed", claim: { runId, epoch: this.#epochs } };
  };

  readonly renew: JournalStore["renew"] = (claims, until) =>
    claims.filter((claim) => {
      const held = this.#holding(claim)?.claim;
      if (held !== undefined) held.until = until;
      return held === undefined;
    });

  readonly release: JournalStore["release"] = (claims) => {
    for (const claim of claims) {
      const found = this.#holding(claim);
      if (found !== undefined) found.claim = undefined;
    }
    this.#tell();
  };

  readonly append: JournalStore["append"] = (batch) => {
    // All records are made and checked before any is kept, as in a transaction.
    const kept = batch.map(({ records }) => records.map(copy));
    const lengths = new Map<string, number | "ended">();
    for (const append of batch) this.#place(append, lengths);
    const lost: Claim[] = [];
    batch.forEach(({ claim, status, dueAt, verdicts = [] }, index) => {
      const found = this.#holding(claim);
      if (found === undefined) {
        lost.push(claim);
        return;
      }
      for (const one of kept[index]!) found.records.push(one);
      if (status !== undefined) found.status = status;
      if (status !== undefined && isEnd(status)) found.claim = undefined;
      if (dueAt !== undefined) found.dueAt = dueAt ?? undefined;
      found.requests.decide(verdicts);
    });
    if (
      batch.some(({ status, verdicts }) => verdicts !== undefined || (status !== undefined && isEnd(status)))
    )
      this.#tell();
    return lost;
  };

  readonly load: JournalStore["load"] = (runId, from = 1) =>
    this.#runs
      .get(runId)
      ?.records.slice(from - 1)
      .map(copy);

  readonly get: JournalStore["get"] = (runId) => {
    const found = this.#runs.get(runId);
    return found && stored(found);
  };

  readonly list: JournalStore["list"] = (query) => {
    const listed: StoredRun[] = [];
    let isBehind = query.after === undefined;
    for (const found of [...this.#runs.values()].reverse()) {
      if (!isBehind) {
        isBehind = found.run.runId === query.after;
        continue;
      }
      if (listed.length >= (query.limit ?? LIMIT)) break;
      const run = stored(found);
      if (fits(run, query)) listed.push(run);
    }
    return listed;
  };

  readonly offer: JournalStore["offer"] = (runId, request, now) => {
    const found = this.#runs.get(runId);
    if (found === undefined) return "unknown";
    if (!isHeld(found, now)) return "free";
    const number = found.requests.add(request, "open");
    this.#asked.add(found);
    this.#tell();
    return number;
  };

  readonly keep: JournalStore["keep"] = (runId, request, { records, requests, now }) => {
    const found = this.#runs.get(runId);
    if (found === undefined) return "unknown";
    if (isHeld(found, now)) return "held";
    if (found.records.length !== records) return "moved";
    if (requests !== undefined && found.requests.size !== requests) return "moved";
    if (found.requests.isKept(request)) return "answered";
    const number = found.requests.add(request, "kept");
    found.claim = undefined;
    this.#tell();
    return number;
  };

  readonly withdraw: JournalStore["withdraw"] = (runId, number) =>
    this.#runs.get(runId)?.requests.withdraw(number);

  readonly requests: JournalStore["requests"] = (runId) => this.#runs.get(runId)?.requests.list() ?? [];

  readonly undecided: NonNullable<JournalStore["undecided"]> = (runId) =>
    this.#runs.get(runId)?.requests.undecided() ?? { requests: [], made: 0 };

  readonly openRequests: JournalStore["openRequests"] = () =>
    [...this.#asked].flatMap((found) => {
      const open = found.requests.undecided().requests.filter(({ state }) => state === "open");
      if (open.length === 0) this.#asked.delete(found);
      return open;
    });

  readonly listen: NonNullable<JournalStore["listen"]> = (heard) => {
    const listener = (): void => heard();
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  readonly putGraph: NonNullable<JournalStore["putGraph"]> = (name, graph) => {
    if (!this.#graphs.has(name)) this.#graphs.set(name, graph);
  };

  readonly graph: NonNullable<JournalStore["graph"]> = (name) => this.#graphs.get(name);

  readonly putSnapshot: NonNullable<JournalStore["putSnapshot"]> = (runId, snapshot) => {
    const found = this.#runs.get(runId);
    if (found !== undefined) found.snapshot = snapshot;
  };

  readonly snapshot: NonNullable<JournalStore["snapshot"]> = (runId) => this.#runs.get(runId)?.snapshot;

  readonly delete: JournalStore["delete"] = (runId, now) => {
    const found = this.#runs.get(runId);
    if (found === undefined) return "unknown";
    if (isHeld(found, now)) return "held";
    this.#runs.delete(runId);
    this.#asked.delete(found);
    return "deleted";
  };

  readonly close: JournalStore["close"] = () => {};

  #tell(): void {
    for (const heard of this.#listeners) heard();
  }

  #holding(claim: Claim): MemoryRun | undefined {
    const found = this.#runs.get(claim.runId);
    return found?.claim?.epoch === claim.epoch ? found : undefined;
  }

  #place({ claim, from, records, status }: Append, known: Map<string, number | "ended">): void {
    const found = this.#holding(claim);
    const length = known.get(claim.runId) ?? found?.records.length;
    if (found === undefined || length === undefined || length === "ended") return;
    if (records.length > 0 && from !== length + 1) throw misplaced(claim.runId, from, length);
    known.set(claim.runId, status !== undefined && isEnd(status) ? "ended" : length + records.length);
  }
}

/** All that a record carries is text, which cannot be changed, so a flat copy is enough. */
function copy({ type, at, path, value, more }: JournalRecord): JournalRecord {
  if (value !== undefined)
    return more === undefined ? { type, at, path, value } : { type, at, path, value, more };
  return more === undefined ? { type, at, path } : { type, at, path, more };
}

function isHeld({ claim }: MemoryRun, now: number): boolean {
  return claim !== undefined && claim.until > now;
}

function holderOf({ claim }: MemoryRun): Holder | undefined {
  return claim && { name: "this process", until: claim.until };
}

function stored(found: MemoryRun): StoredRun {
  const { run, records, status, dueAt } = found;
  const holder = holderOf(found);
  return {
    ...run,
    ...(run.origin === undefined ? {} : { origin: { ...run.origin } }),
    status,
    updatedAt: records.at(-1)?.at ?? run.createdAt,
    records: records.length,
    ...(dueAt === undefined ? {} : { dueAt }),
    ...(holder === undefined ? {} : { holder }),
  };
}

function fits(run: StoredRun, query: RunQuery): boolean {
  const { orchestration, prefix = "", status, dueBefore, updatedBefore } = query;
  if (!run.runId.startsWith(prefix)) return false;
  if (orchestration !== undefined && run.orchestration !== orchestration) return false;
  if (status !== undefined && !(typeof status === "string" ? [status] : status).includes(run.status))
    return false;
  if (dueBefore !== undefined && !(run.dueAt !== undefined && run.dueAt <= dueBefore)) return false;
  return updatedBefore === undefined || run.updatedAt < updatedBefore;
}

/** The error that the store of `@orch/sqlite` throws too, whose class is defined there; `docs/errors.md` explains the code once. */
function misplaced(runId: string, from: number, records: number): OrchError {
  return new OrchError(
    "ORCH_JOURNAL_POSITION",
    { runId, from, records },
    {
      says: `Records were to be added to run "${runId}" from number ${from} on, and its journal has ${records}.`,
      fix: "Load the journal again and go on from its end. Nothing of this write was kept.",
    },
  );
}
