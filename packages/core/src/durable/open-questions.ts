import type { Activation } from "../kernel/activation.ts";
import type { MachineNode } from "../kernel/machine-frame.ts";
import type { WaitNode } from "../kernel/node.ts";
import type { Asked, Slept } from "../kernel/waits.ts";
import { given } from "../platform/given.ts";
import type { OpenQuestion } from "../run/questions.ts";
import { jsonSchemaOf, type Schema } from "../words/schema.ts";
import type { Folded } from "./folded.ts";

/** A question of a run that no process drives. `answer` is absent where only the asking runnable knows it. */
export interface StoredQuestion extends OpenQuestion {
  readonly answer: Schema | undefined;
}

/** The questions that are open in a run, as its journal tells. */
export function openQuestions({ run: { root }, open }: Folded): StoredQuestion[] {
  const found: StoredQuestion[] = [];
  const circuit = (root.node as MachineNode | undefined)?.circuit;
  // With the end of the run the question of its circuit is closed.
  for (const asked of isEnding(root) ? [] : askedBy(root)) {
    found.push({ path: root.path, ...asked, answer: circuit?.answer });
  }
  for (const operation of open.values()) {
    // What is being stopped asks nothing any more.
    if (isEnding(operation)) continue;
    const { path, node, attached } = operation;
    const question = (node as WaitNode | undefined)?.question;
    for (const asked of askedBy(operation)) {
      // Another version of the definition asked, and this one does not.
      if (asked.id === path && question === undefined) continue;
      found.push({ path, ...asked, answer: question?.answer });
    }
    if (question !== undefined && attached?.notes.has("asked") !== true) {
      const prompt = question.ask(operation.input);
      const shape = given({ schema: jsonSchemaOf(question.answer) });
      found.push({ id: path, path, prompt, askedAt: 0, ...shape, answer: question.answer });
    }
  }
  return found;
}

/** The question of this id, if it is open in a run: who asks, and its schema where that is known. Nothing of the user's is called. */
export function findQuestion(
  { run: { root }, open }: Pick<Folded, "run" | "open">,
  id: string,
): Pick<StoredQuestion, "path" | "answer"> | undefined {
  const state = open.get(id);
  const question = (state?.node as WaitNode | undefined)?.question;
  if (question !== undefined) return isEnding(state!) ? undefined : { path: id, answer: question.answer };
  for (const operation of [root, ...open.values()]) {
    const { path } = operation;
    if (!id.startsWith(`${path}/`) || isEnding(operation)) continue;
    if (!askedBy(operation).some((asked) => asked.id === id)) continue;
    const circuit = (operation.node as MachineNode | undefined)?.circuit;
    return { path, answer: circuit?.answer };
  }
  return undefined;
}

/** Whether an activation has ended or is stopped, so that what it asked is closed. */
export function isEnding({ over, reason }: Activation): boolean {
  return over || reason !== undefined;
}

/** The questions that an activation asked, and that have no answer. */
export function askedBy({ path, attached }: Activation): (Asked & { readonly id: string })[] {
  const notes = attached?.notes;
  if (notes === undefined) return [];
  return [...notes].flatMap(([name, note]) => {
    const id = openId(path, name, notes);
    return id === undefined ? [] : [{ id, ...(note.value as Asked) }];
  });
}

/** What an operation asked or waits for, it does from this moment on: its timeouts begin then. A sleep ends when it was due. */
export function askAgain(operation: Activation, at: number): void {
  waitAgain(operation, at);
  const notes = operation.attached?.notes;
  for (const [name, { value }] of notes ?? []) {
    if (!/^asked(?:$|:)/.test(name)) continue;
    notes!.set(name, { kind: "kept", value: { ...(value as Asked), askedAt: at } });
  }
}

/** The timeout of a wait for a signal or a condition begins at this moment, unless it began later. */
export function waitAgain({ attached, node }: Activation, at: number): void {
  const slept = attached?.notes.get("slept")?.value as Slept | undefined;
  if (slept === undefined || (node as WaitNode | undefined)?.awaits === undefined) return;
  const { due, ms } = slept;
  if (due < at + ms)
    attached!.notes.set("slept", { kind: "kept", value: { due: at + ms, ms } satisfies Slept });
}

/** The id of the unanswered question that a note is about; `undefined` for every other note. */
function openId(path: string, name: string, notes: ReadonlyMap<string, unknown>): string | undefined {
  if (name === "asked") return path;
  if (!name.startsWith("asked:")) return undefined;
  const asking = name.slice("asked:".length);
  return notes.has(`answered:${asking}`) ? undefined : `${path}/${asking}`;
}
