import type { Activation } from "../kernel/activation.ts";
import type { Pause } from "../run/step.ts";
import type { Spending } from "../words/context.ts";
import type { Codec } from "./codec.ts";
import type { Json } from "./json.ts";
import { plainNote } from "./record-codec.ts";
import { PLAIN } from "./record-reader.ts";
import { errorJson } from "./revive.ts";

/** Names the value of a note in an error message. */
const NOTED = {
  asked: "the prompt",
  answered: "the answer",
  slept: "the due time",
  once: "a value kept by ctx.once",
  spent: "the spending",
  retrying: "the pause",
  held: "the error",
} as const;

/** A note of an operation, as its journal keeps it. */
export interface KeptNote {
  readonly type: keyof typeof NOTED;
  /** What tells it apart from other notes of its type. */
  readonly name: string | undefined;
  readonly json: Json | undefined;
  /** Whether it has to be on disk soon at every level: what others look for, and what others are told. */
  readonly isUrgent: boolean;
  /** The value with which the runnable goes on when the note is on disk. Absent where nobody waits for it. */
  readonly handed?: { readonly value: unknown };
}

/** Makes the kept form of a note, which is named by its type and, where there are several, a name. Throws when its value cannot be kept. */
export function keptNote(note: string, value: unknown, { runnable }: Activation, codec: Codec): KeptNote {
  const at = note.indexOf(":");
  const type = (at === -1 ? note : note.slice(0, at)) as keyof typeof NOTED;
  const name = at === -1 ? undefined : note.slice(at + 1);
  if (type === "held") return { type, name, json: errorJson(value), isUrgent: false };
  const json = PLAIN.has(type)
    ? plainNote(value as Spending | Pause)
    : codec.encode(value, `${NOTED[type]} of "${runnable.id}"`);
  const isUrgent = type === "asked" || type === "answered" || type === "slept";
  if (type !== "once" && type !== "answered") return { type, name, json, isUrgent };
  return { type, name, json, isUrgent, handed: { value: codec.decode(json) } };
}
