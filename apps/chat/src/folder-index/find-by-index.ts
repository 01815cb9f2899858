/** Finds the files that count by the index of the folder, and by git until there is one. */
import type { FindFiles } from "@orch/agents/files";
import type { Clock } from "@orch/core";
import type { StartThread, Thread } from "../process/thread.ts";
import type { IndexPlace } from "./file-index.ts";

/** What the thread of the index is asked: for files that hold words, or, without words, to look for what changed. */
export interface IndexRequest {
  readonly id: number;
  readonly words?: readonly string[];
}

/** What it answers; without `found`, the index is not built yet. */
export interface IndexReply {
  readonly id: number;
  readonly found: readonly string[] | undefined;
}

/** What the index needs. */
export interface IndexParts {
  readonly place: IndexPlace;
  readonly start: StartThread;
  readonly clock: Clock;
  /** Answers until the index is built. */
  readonly byGit: FindFiles | undefined;
}

/** An answer of the index that takes longer is not waited for, in milliseconds. */
const PATIENCE = 1_000;

/** Makes the search. The thread starts with the first search, and builds after the answer. */
export function findByIndex({ place, start, clock, byGit }: IndexParts): FindFiles {
  const waiting = new Map<number, (found: readonly string[] | undefined) => void>();
  let thread: Thread | undefined;
  let ended = false;
  let last = 0;

  const end = (): void => {
    ended = true;
    for (const settle of waiting.values()) settle(undefined);
  };
  const told = (message: unknown): void => {
    const { id, found } = message as IndexReply;
    waiting.get(id)?.(found);
  };
  const send = (words?: readonly string[]): number => {
    thread ??= start("index-worker", place, { told, ended: end });
    thread.send({ id: ++last, ...(words && { words }) } satisfies IndexRequest);
    return last;
  };
  const ask = (words: readonly string[]): Promise<readonly string[] | undefined> => {
    if (ended) return Promise.resolve(undefined);
    const id = send(words);
    return new Promise((resolve) => {
      const settle = (found: readonly string[] | undefined): void => {
        stop();
        waiting.delete(id);
        resolve(found);
      };
      const stop = clock.after(PATIENCE, () => settle(undefined));
      waiting.set(id, settle);
    });
  };

  return async (words, signal) => {
    const found = (await ask(words)) ?? (await byGit?.(words, signal));
    if (!ended) send();
    return found;
  };
}
