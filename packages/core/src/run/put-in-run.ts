import type { Asked, NewQuestion } from "../kernel/waits.ts";
import { askedNow } from "./asked-now.ts";
import type { LocalDriver } from "./local-driver.ts";

/** Puts a question of a run, to the run around it where there is one. Gives the time at which it was first asked. */
export function putInRun(
  driver: LocalDriver,
  { operation, name, prompt, schema, settle, refuse }: NewQuestion,
): number {
  const { path } = operation;
  const [note, id] = name === undefined ? ["asked", path] : [`asked:${name}`, `${path}/${name}`];
  const known = operation.attached?.notes.get(note)?.value as Asked | undefined;
  const asked = known ?? askedNow(prompt(), schema, driver.clock.now());
  if (driver.askAround !== undefined) {
    driver.rest(operation, name);
    const answer = driver.askAround({ name: id, prompt: asked.prompt, answer: schema });
    answer.then(settle, refuse).finally(() => driver.resting?.remove(operation));
    return asked.askedAt;
  }
  // Nobody hears of a question whose prompt cannot be kept.
  if (known === undefined) driver.note(operation, note, asked);
  driver.questions.open({ operation, id, path, asked, schema, settle, refuse });
  if (known === undefined) driver.recorder?.asked(operation, id, asked);
  driver.rest(operation, name);
  driver.tellIfWaiting();
  driver.hooks.opened?.(id);
  return asked.askedAt;
}
