/** Names the value of a note in an error message. */
export const NOTED = {
  asked: "the prompt",
  answered: "the answer",
  slept: "the due time",
  once: "a value kept by ctx.once",
  spent: "the spending",
  retrying: "the pause",
} as const;

/** The type of record and the name that a note is kept under. */
export function splitNote(note: string): readonly [keyof typeof NOTED, string | undefined] {
  const at = note.indexOf(":");
  const type = (at === -1 ? note : note.slice(0, at)) as keyof typeof NOTED;
  return [type, at === -1 ? undefined : note.slice(at + 1)];
}
