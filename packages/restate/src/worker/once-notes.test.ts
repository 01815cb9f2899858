import type { AttemptHelp, Operation, Outcome } from "@orch/core/host";
import { expect, it } from "vitest";
import type { OnceNote } from "../words/once-note.ts";
import { OnceNotes } from "./once-notes.ts";
import type { WorkerLine } from "./worker-log.ts";

const operation: Operation = { id: "flow/pay#1@1", runId: "r", path: "flow/pay#1", visit: 1, attempt: 1 };

/** Makes a value, as an attempt does that calls `ctx.once`. */
const paying = async (given: Operation, help?: AttemptHelp): Promise<Outcome> => {
  const known = given.notes?.find(([name]) => name === "once:pay");
  if (known === undefined) await help?.keep?.(given, "once:pay", "receipt");
  return { kind: "completed", value: known === undefined ? "paid" : "known" };
};

it("keeps a value at once and with the outcome, and gives it to who performs the attempt again", async () => {
  const kept: OnceNote[] = [];
  let reads = 0;
  const notes = new OnceNotes(
    {
      keepNote: async (_, __, note) => void kept.push(note),
      notes: async () => {
        reads += 1;
        return kept;
      },
    },
    () => {},
  );
  const first = await notes.perform(operation, false, paying);
  expect(first).toEqual({ kind: "completed", value: "paid", notes: [["once:pay", "receipt"]] });
  expect(reads).toBe(0);
  const again = await notes.perform(operation, true, paying);
  expect(again).toEqual({ kind: "completed", value: "known", notes: [["once:pay", "receipt"]] });
});

it("goes on with a value that could not be kept, and does not perform again what it cannot read about", async () => {
  const away = new TypeError("away");
  const lines: WorkerLine[] = [];
  const gone = async (): Promise<never> => {
    throw away;
  };
  const notes = new OnceNotes({ keepNote: gone, notes: gone }, (line) => lines.push(line));
  expect(await notes.perform(operation, false, paying)).toMatchObject({ notes: [["once:pay", "receipt"]] });
  expect(lines).toEqual([{ level: "warn", runId: "r", text: expect.stringContaining("flow/pay#1") }]);
  let performed = 0;
  const perform = (): Outcome => {
    performed += 1;
    return { kind: "completed" };
  };
  await expect(notes.perform(operation, true, perform)).rejects.toBe(away);
  expect(performed).toBe(0);
});
