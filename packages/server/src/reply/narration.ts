/** What a message tells: a turn of a chat, or a run of an orchestration. */
import { isOrchError } from "@orch/core";
import { ServerUnknownError } from "../errors/server-unknown-error.ts";
import type { DoorCall } from "../words/door.ts";
import type { PublicEvent } from "../words/public-event.ts";

/** One turn or run, as the door deals with it. */
export interface Narration {
  /** The id of its message: that of the turn or the run. */
  readonly id: string;
  /** Which events end it. */
  readonly kind: "turn" | "run";
  readonly follow: (after?: string) => Promise<AsyncGenerator<PublicEvent, void, undefined>>;
  readonly answer: (question: string, value: unknown) => Promise<void>;
  /** Whether one of these questions waits: an event that says so may be an old one, which is told again. */
  readonly waits: (questions: readonly string[]) => Promise<boolean>;
}

/** A turn of a conversation. */
export function turnNarration(
  { conversations, signal }: DoorCall,
  chat: string,
  session: string,
  turn: string,
): Narration {
  return {
    id: turn,
    kind: "turn",
    follow: (after) =>
      conversations.follow(chat, session, turn, { signal, ...(after !== undefined && { after }) }),
    answer: (question, value) => conversations.answer(chat, session, question, value),
    waits: async (asked) => {
      if (asked.length === 0) return false;
      const { questions } = await conversations.history(chat, session);
      return questions.some(({ question }) => asked.includes(question));
    },
  };
}

/** A run: the id of the chat is its id. */
export function runNarration({ runs, signal }: DoorCall, run: string): Narration {
  return {
    id: run,
    kind: "run",
    follow: (after) => runs.follow(run, { signal, ...(after !== undefined && { after }) }),
    answer: (question, value) => runs.answer(run, question, value),
    waits: async (asked) => {
      if (asked.length === 0) return false;
      const { questions } = await runs.describe(run);
      return questions.some(({ question }) => asked.includes(question));
    },
  };
}

/** What a name stands for: a chat, or else an orchestration. @throws ServerUnknownError (404) */
export function kindOf({ conversations, runs }: DoorCall, name: string): "chat" | "orchestration" {
  if (conversations.chats.some((chat) => chat.name === name)) return "chat";
  if (runs.orchestrations.some((orchestration) => orchestration.name === name)) return "orchestration";
  throw new ServerUnknownError({ what: "chat", id: name });
}

/**
 * The turn that is being answered, or was left in the middle, or the run of a chat; `undefined` where there is none. A run is told
 * also when it is over, because nothing else keeps its message.
 */
export async function openNarration(
  call: DoorCall,
  name: string,
  id: string,
): Promise<Narration | undefined> {
  try {
    if (kindOf(call, name) === "orchestration") return await runOf(call, name, id);
    const { answering, history } = await call.conversations.history(name, id);
    const last = history.at(-1);
    const turn = answering ?? (last?.status === "unfinished" ? last.turn : undefined);
    return turn === undefined ? undefined : turnNarration(call, name, id, turn);
  } catch (error) {
    if (isOrchError(error, "ORCH_SERVER_UNKNOWN") && error.facts.what !== "chat") return undefined;
    throw error;
  }
}

/** A run of this orchestration. @throws ServerUnknownError (404) */
export async function runOf(call: DoorCall, name: string, run: string): Promise<Narration> {
  const { orchestration } = await call.runs.describe(run);
  if (orchestration !== name) throw new ServerUnknownError({ what: "run", id: run });
  return runNarration(call, run);
}
