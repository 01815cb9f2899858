import type { Activation } from "../kernel/activation.ts";
import { closedBy } from "../kernel/closed-by.ts";
import type { Recorder } from "../kernel/recorder.ts";
import type { Waits } from "../kernel/waits.ts";
import { unlessAborted } from "../platform/unless-aborted.ts";
import type { AskOptions } from "../words/context.ts";
import { placeOf } from "./gate-place.ts";
import { once } from "./once.ts";
import type { Questions } from "./questions.ts";
import type { StepDoors } from "./step.ts";

/** The part of the driver that `ctx.ask` uses. */
export interface RunAsking extends Pick<Waits, "put" | "withdraw">, Pick<StepDoors, "keep"> {
  readonly recorder: Recorder | undefined;
  /** An answer came: looks whether the run waits for another. */
  readonly answered: (operation: Activation) => void;
  readonly questions: Questions;
}

/** Asks the question of a running runnable, and waits for the answer. */
export function askInRun<TAnswer>(
  driver: RunAsking,
  operation: Activation,
  { name = "question", prompt, answer }: AskOptions<TAnswer>,
): Promise<TAnswer> {
  const id = `${operation.path}/${name}`;
  const note = `answered:${name}`;
  const put = (resolve: (value: TAnswer) => void, reject: (error: unknown) => void): (() => void) => {
    const withdraw = (): void => driver.withdraw(id, closedBy(operation));
    // A state may end without waiting for the answer to its question.
    operation.attach().alarms.push(withdraw);
    const settle = (value: unknown): void => {
      const kept = Promise.resolve(driver.keep === undefined ? value : driver.keep(operation, note, value));
      driver.recorder?.answered(operation, id, value);
      driver.answered(operation);
      kept.then((own) => {
        driver.questions.taken(id);
        resolve(own as TAnswer);
      }, reject);
    };
    driver.put({ operation, name, prompt: () => prompt, schema: answer, settle, refuse: reject });
    return withdraw;
  };
  return once(operation, note, () => {
    const wait = (): Promise<TAnswer> => unlessAborted(operation.signal, put);
    return placeOf(operation)?.during(wait) ?? wait();
  });
}
