/** The fields of each public event, as a table: the schemas and the page about events are made of it. */
import type { PublicEvent, PublicEventBase } from "../words/public-event.ts";

/** What a field holds. */
export type EventField =
  | "text"
  | "number"
  | "boolean"
  | "true"
  | "texts"
  | "json"
  | "schema"
  | "error"
  | "usage";

type EventNamed<TType extends PublicEvent["type"]> = Extract<PublicEvent, { readonly type: TType }>;

/** The fields of one event beside those of all; a question mark stands behind what may be absent. */
type FieldNames<TEvent> = {
  [name in Exclude<keyof TEvent & string, keyof PublicEventBase | "type"> as undefined extends TEvent[name]
    ? `${name}?`
    : name]: EventField;
};

const STATE = { path: "text", state: "text" } as const;
const CALL = { ...STATE, call: "text", tool: "text" } as const;

/** Every public event. The compiler holds its fields against the types. */
export const eventFields: {
  readonly [type in PublicEvent["type"]]: Readonly<FieldNames<EventNamed<type>>>;
} = {
  "turn.started": { turn: "text", text: "text" },
  "turn.completed": { turn: "text", "text?": "text", "said?": "true", "value?": "json", "usage?": "usage" },
  "turn.failed": { turn: "text", error: "error" },
  "turn.cancelled": { turn: "text", reason: "text" },
  "run.started": { orchestration: "text" },
  "run.waiting": { questions: "texts", signals: "texts" },
  "run.completed": { "output?": "json", "of?": "text", duration: "number" },
  "run.failed": { error: "error", duration: "number" },
  "run.cancelled": { reason: "text", duration: "number" },
  "run.retried": {},
  "signal.received": { signal: "text" },
  "state.started": { ...STATE, kind: "text", visit: "number", "branches?": "number" },
  "state.completed": { ...STATE, "output?": "json", "said?": "true", duration: "number" },
  "state.failed": { ...STATE, error: "error", cancelled: "boolean", duration: "number" },
  "state.retrying": { ...STATE, attempt: "number", delay: "number", error: "error" },
  "state.skipped": STATE,
  "state.moved": { path: "text", from: "text", to: "text", cause: "text", "label?": "text" },
  "text.delta": { ...STATE, text: "text", answer: "boolean" },
  "text.cut": { path: "text" },
  "tool.started": { ...CALL, input: "json" },
  "tool.progress": { ...CALL, data: "json" },
  "tool.completed": { ...CALL, result: "json", failed: "boolean", duration: "number" },
  usage: { ...STATE, usage: "usage" },
  "question.asked": { ...STATE, question: "text", prompt: "json", "schema?": "schema" },
  "question.answered": { ...STATE, question: "text", "answer?": "json", "closed?": "true" },
  data: { ...STATE, channel: "text", data: "json" },
  parked: {},
};
