import { RunStateError } from "../errors/run-state-error.ts";
import { type KeptForm, keptForm } from "../kernel/kept-form.ts";
import type { JournalRecord } from "../words/journal-record.ts";
import type { JournalStore, StoredRun } from "./journal-store.ts";
import { readJson } from "./json.ts";
import { detailsOf, detailsText } from "./record-codec.ts";
import { standIn } from "./stand-in.ts";
import { structureHash } from "./structure-hash.ts";
import { type AnyOrchestration, versionOf } from "./version-of.ts";

/** The graphs of definitions in a store: each is kept once, and every run of it can be read without its code. */
export class KeptGraphs {
  readonly #store: JournalStore;
  /** By definition, the name of its graph. */
  readonly #kept = new WeakMap<AnyOrchestration, string>();
  readonly #standIns = new Map<string, AnyOrchestration>();

  constructor(store: JournalStore) {
    this.#store = store;
  }

  /** Keeps the graph of a definition, and gives its name. A graph that cannot be kept now is kept with a later run. */
  keep(orchestration: AnyOrchestration): string | undefined {
    const store = this.#store;
    if (store.putGraph === undefined) return undefined;
    const known = this.#kept.get(orchestration);
    if (known !== undefined) return known;
    const form = keptForm(orchestration);
    const name = structureHash(form);
    const text = JSON.stringify(form);
    this.#kept.set(orchestration, name);
    const failed = (): void => void this.#kept.delete(orchestration);
    try {
      // Runs of before, whose records name no graph, are found by the hash of their structure.
      for (const key of [name, versionOf(orchestration).hash]) {
        const written = store.putGraph(key, text);
        if (written instanceof Promise) written.catch(failed);
      }
    } catch {
      failed();
    }
    return name;
  }

  /** The definition of a run, made again from its graph. @throws RunStateError when no graph is kept. */
  async definitionOf(stored: StoredRun, records: readonly JournalRecord[]): Promise<AnyOrchestration> {
    const name = detailsOf(records[0]?.more).h ?? stored.hash;
    const known = this.#standIns.get(name);
    if (known !== undefined) return known;
    const text = await this.#store.graph?.(name);
    if (text === undefined) throw noGraph(stored);
    const made = standIn(readJson(text) as unknown as KeptForm, stored.version);
    this.#standIns.set(name, made);
    return made;
  }
}

/** Names the graph in the first record of a run. */
export function namingGraph(
  records: readonly JournalRecord[],
  name: string | undefined,
): readonly JournalRecord[] {
  const [first, ...rest] = records;
  if (name === undefined || first === undefined) return records;
  return [{ ...first, more: detailsText({ ...detailsOf(first.more), h: name })! }, ...rest];
}

function noGraph({ runId, orchestration, status }: StoredRun): Error {
  return new RunStateError(
    { runId, status },
    `The store keeps no graph of "${orchestration}" as it was when the run "${runId}" was started, so the run cannot be read without its code.`,
    `Give the orchestration "${orchestration}" as the second argument: host.run(id, orchestration).`,
  );
}
