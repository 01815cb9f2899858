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
    for (const [name, note] of attached?.notes ?? []) {
      if (name !== "asked" && !name.startsWith("asked:")) continue;
      const asking = name === "asked" ? undefined : name.slice("asked:".length);
      if (asking !== undefined && attached?.notes.has(`answered:${asking}`)) continue;
      const { prompt, askedAt } = note.value as { readonly prompt: unknown; readonly askedAt: number };
      const id = asking === undefined ? path : `${path}/${asking}`;
      const schema = node?.kind === "question" ? node.answer : undefined;
      found.push({ id, path, prompt, askedAt, schema });
    }
    if (node?.kind === "question" && !attached?.notes.has("asked")) {
      found.push({ id: path, path, prompt: node.ask(operation.input), askedAt: 0, schema: node.answer });
    }
  }
  return found;
}
