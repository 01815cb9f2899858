/** One call of a configuration. It always ends, also when the configuration does not. */
import type { Clock } from "@orch/core";
import type {
  RuntimeConfiguration,
  Turn,
  TurnContext,
  TurnReply,
} from "../configurations/runtime-configuration.ts";
import { answerTurn } from "./answer-turn.ts";

/** How a call of a configuration ended. `abandoned`: it ignored its signal for the whole grace time. */
export type Answer =
  | { readonly type: "reply"; readonly reply: TurnReply }
  | { readonly type: "error"; readonly error: unknown }
  | { readonly type: "abandoned" };

/**
 * Asks a configuration, and waits for it; once the signal is aborted no longer than `grace` milliseconds.
 * It never rejects. What an abandoned configuration gives later is dropped.
 */
export function answerWithin(
  configuration: RuntimeConfiguration,
  turn: Turn,
  context: TurnContext,
  clock: Clock,
  grace: number,
): Promise<Answer> {
  const { signal } = context;
  return new Promise((resolve) => {
    let stopTimer: (() => void) | undefined;
    const settle = (answer: Answer): void => {
      stopTimer?.();
      signal.removeEventListener("abort", startTimer);
      resolve(answer);
    };
    const startTimer = (): void => {
      stopTimer = clock.after(grace, () => settle({ type: "abandoned" }));
    };
    signal.addEventListener("abort", startTimer, { once: true });
    const asked = (async () => answerTurn(configuration, turn, context))();
    asked.then(
      (reply) => settle({ type: "reply", reply }),
      (error: unknown) => settle({ type: "error", error }),
    );
  });
}
