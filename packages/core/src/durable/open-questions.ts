import type { WaitNode } from "../kernel/node.ts";
import type { OpenQuestion } from "../run/questions.ts";
import type { Schema } from "../words/schema.ts";
import type { Folded } from "./fold.ts";

/** A question of a run that nobody drives. `schema` is absent where only the runnable that asks knows it. */
export interface StoredQuestion extends OpenQuestion {
  readonly schema: Schema | undefined;
}

/** The questions that are open in a run, as its journal tells. */
export function openQuestions({ open }: Folded): StoredQuestion[] {
  const found: StoredQuestion[] = [];
  for (const operation of open.values()) {
    const { path, node, attached } = operation;
    const question = (node as WaitNode | undefined)?.question;
    for (const [name, note] of attached?.notes ?? []) {
      if (name !== "asked" && !name.startsWith("asked:")) continue;
      const asking = name === "asked" ? undefined : name.slice("asked:".length);
      if (asking !== undefined && attached?.notes.has(`answered:${asking}`)) continue;
      const { prompt, askedAt } = note.value as { readonly prompt: unknown; readonly askedAt: number };
      const id = asking === undefined ? path : `${path}/${asking}`;
      found.push({ id, path, prompt, askedAt, schema: question?.answer });
    }
    if (question !== undefined && !attached?.notes.has("asked")) {
      const prompt = question.ask(operation.input);
      found.push({ id: path, path, prompt, askedAt: 0, schema: question.answer });
    }
  }
  return found;
}
