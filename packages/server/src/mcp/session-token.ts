/**
 * What a session is, in the text of its id: the server keeps nothing of it, so it goes on after a restart and in every
 * process. It gives no rights: who calls is known by the server's own guard, for each request.
 */
import type { ClientAbilities } from "./mcp-request.ts";

/** A session. */
export interface SessionToken {
  /** Names the session among all. */
  readonly key: string;
  readonly version: string;
  readonly abilities: ClientAbilities;
}

/** The id of a session. */
export function sessionText({ key, version, abilities }: SessionToken): string {
  const flags = `${abilities.elicitation ? "e" : "-"}${abilities.tasks ? "t" : "-"}`;
  return `${key}.${version}.${flags}`;
}

/** Reads the id of a session; `undefined` for one that no server of ours gave. */
export function sessionOf(text: string): SessionToken | undefined {
  const read = /^([\w-]{8,40})\.(\d{4}-\d{2}-\d{2})\.([e-])([t-])$/.exec(text);
  if (read === null) return undefined;
  const [, key = "", version = "", elicitation, tasks] = read;
  return { key, version, abilities: { elicitation: elicitation === "e", tasks: tasks === "t" } };
}
