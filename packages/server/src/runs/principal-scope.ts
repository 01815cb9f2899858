/**
 * Whose a run or a session is stands in its id on the host: the principal's id, encoded, before the id that the principal
 * knows. So it is known in every process and on every host, without an index, and another principal's ids lead nowhere.
 */

import { ServerRequestError } from "../errors/server-request-error.ts";
import { ServerSetupError } from "../errors/server-setup-error.ts";
import type { Principal } from "../words/principal.ts";

/** Ids that a principal may know. A dot ends the scope, so none stands in them. */
const OWN = /^[\w-]{1,64}$/;
/** What the ids of a server's runs may begin with. */
const SPACE = /^[\w-]{1,64}$/;
/** Ids on the host, which a server without principals shows as they are. */
const ANY = /^[\w.:~#-]{1,300}$/;

/** Where the ids of one principal lie. */
export interface PrincipalScope {
  /** What the ids on the host begin with; empty where there are no principals. */
  readonly prefix: string;
  /** The id on the host; `undefined` for what can be no id. */
  readonly inside: (id: string) => string | undefined;
  /** The id that the principal knows; `undefined` for one of another principal. */
  readonly outside: (hostId: string) => string | undefined;
}

const NOBODY: PrincipalScope = {
  prefix: "",
  inside: (id) => (ANY.test(id) ? id : undefined),
  outside: (hostId) => hostId,
};

/** `space` keeps the runs of a server apart from all others on its host. */
export function principalScope(principal: Principal | undefined, space?: string): PrincipalScope {
  const front = frontOf(space);
  if (principal === undefined) return front === "" ? NOBODY : scopeOf(front);
  const { id } = principal;
  if (typeof id !== "string" || id === "" || id.length > 200)
    throw new ServerRequestError({ problem: "the id of its principal has no, or more than 200 characters" });
  return scopeOf(`${front}p-${encoded(id)}.`);
}

/** What the ids of all runs of a server begin with. @throws ServerSetupError */
export function frontOf(space: string | undefined): string {
  if (space === undefined) return "";
  if (SPACE.test(space)) return `${space}~`;
  throw new ServerSetupError({
    problem: `"${space}" is no space for runs: letters, digits, _ and - will do`,
  });
}

function scopeOf(prefix: string): PrincipalScope {
  return {
    prefix,
    inside: (own) => (OWN.test(own) ? prefix + own : undefined),
    outside: (hostId) => (hostId.startsWith(prefix) ? hostId.slice(prefix.length) : undefined),
  };
}

/** An id that a caller chose for what it starts; `undefined` for one that may not be chosen. */
export function chosenId(id: string): string | undefined {
  return OWN.test(id) ? id : undefined;
}

/**
 * The principal that a run or session was started for, from its id: `principalOf(ctx.runId)` in a runnable. `undefined` where
 * it was started without one. Claims are not kept, because they may have changed since.
 */
export function principalOf(id: string): Principal | undefined {
  const code = /^(?:[\w-]+~)?p-([\w-]+)\./.exec(id)?.[1];
  if (code === undefined) return undefined;
  try {
    const bytes = Uint8Array.from(atob(code.replaceAll("-", "+").replaceAll("_", "/")), (char) =>
      char.charCodeAt(0),
    );
    return { id: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return undefined;
  }
}

function encoded(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const code = btoa(String.fromCharCode(...bytes));
  return code.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
