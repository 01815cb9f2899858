/** One try of an answer, and whether it left anything that a second try would show twice. */
import type { TurnContext } from "../configurations/runtime-configuration.ts";

/** A context for one try. */
export interface Attempt {
  readonly context: TurnContext;
  /** Whether nothing was said or remembered: no text was shown, and no tool has run that is remembered. */
  readonly isSilent: () => boolean;
}

/** Watches what a try says and remembers. */
export function attemptIn(context: TurnContext): Attempt {
  let silent = true;
  return {
    isSilent: () => silent,
    context: {
      ...context,
      say: (text, path) => {
        if (text !== "") silent = false;
        context.say(text, path);
      },
      remember: (message) => {
        silent = false;
        context.remember(message);
      },
    },
  };
}
