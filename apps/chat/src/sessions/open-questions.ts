/** The questions of the run that is on its way. */
import type { ChatEvent } from "@orch/chat-runtime";
import { isOrchError, type JsonSchema, parseJson } from "@orch/core";

/** A question that waits for its answer. */
export interface OpenQuestion {
  readonly id: string;
  readonly path: string;
  /** The state that asks, where an event told. */
  readonly state?: string;
  readonly prompt: unknown;
  /** What an answer has to look like; absent where the question does not tell. */
  readonly schema?: JsonSchema;
}

/** Takes an event; gives the questions that are open after it, oldest first. */
export function questionsAfter(open: readonly OpenQuestion[], event: ChatEvent): readonly OpenQuestion[] {
  switch (event.type) {
    case "question.asked": {
      const { question: id, path, state, prompt, schema } = event;
      const asked = { id, path, state, prompt, ...(schema !== undefined && { schema }) };
      // A run that goes on asks what it asked before under the same id.
      return [...open.filter((question) => question.id !== id), asked];
    }
    case "question.answered":
      return open.filter(({ id }) => id !== event.question);
    case "state.completed":
    case "state.failed":
      return open.some(({ path }) => path === event.path)
        ? open.filter(({ path }) => path !== event.path)
        : open;
    default:
      return open;
  }
}

/**
 * Gives a typed text as an answer: as it stands, else as the JSON that it is, else as a yes or a no.
 * A question says by its schema which of them fits.
 *
 * @throws what the question said to the reading that was meant most likely, when none fits.
 */
export async function answerWith(text: string, give: (value: unknown) => Promise<void>): Promise<void> {
  let refusal: unknown;
  for (const value of readings(text)) {
    try {
      await give(value);
      return;
    } catch (error) {
      if (!isOrchError(error, "ORCH_INVALID_ANSWER")) throw error;
      refusal = error;
    }
  }
  throw refusal;
}

/** What a typed text may mean as an answer, the likeliest first. */
export function* readings(text: string): Iterable<unknown> {
  yield text;
  const word = text.trim().toLowerCase();
  if (YES.has(word)) yield true;
  else if (NO.has(word)) yield false;
  else {
    const value = jsonIn(text);
    if (value !== undefined) yield value;
  }
}

const YES: ReadonlySet<string> = new Set(["y", "yes", "true"]);
const NO: ReadonlySet<string> = new Set(["n", "no", "false"]);

function jsonIn(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
