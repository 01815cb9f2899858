/** Memoised parts of a runnable: what `ctx.once` keeps. */
import type { Activation } from "../kernel/activation.ts";
import { leavesOf } from "../kernel/leaves.ts";
import { copyOf } from "../platform/copy-of.ts";
import type { StepDoors } from "./step.ts";

/** Gives what was kept under the note's name, or makes and keeps it. A failure is not kept. */
export function once<TValue>(
  operation: Activation,
  name: string,
  make: () => TValue | Promise<TValue>,
  keep?: StepDoors["keep"],
): Promise<TValue> {
  const { notes } = operation.attach();
  const note = notes.get(name);
  // A later attempt may change what it is given, as the attempt may that made it.
  if (note?.kind === "kept") return Promise.resolve(copyOf(note.value as TValue));
  if (note !== undefined) return note.value as Promise<TValue>;
  const coming = (async () => {
    const value = await make();
    // What an activation made is not kept once it has ended, so its caller is not given it either.
    if (operation.over) throw operation.reason ?? tooLate(operation);
    return keep === undefined ? value : ((await keep(operation, name, value)) as TValue);
  })();
  notes.set(name, { kind: "coming", value: coming });
  coming.then(
    (value) => notes.set(name, { kind: "kept", value: copyOf(value) }),
    () => notes.delete(name),
  );
  return coming;
}

/** What `ctx.once` is making now inside an activation. */
export function onceUnderWay(root: Activation): readonly Promise<unknown>[] {
  const making: Promise<unknown>[] = [];
  for (const { attached } of leavesOf(root)) {
    for (const [name, { kind, value }] of attached?.notes ?? []) {
      if (kind === "coming" && name.startsWith("once:")) making.push(value);
    }
  }
  return making;
}

function tooLate({ runnable, path, attempt }: Activation): Error {
  return runnable.errors.tooLate({ runnable: runnable.id, path, attempt });
}
