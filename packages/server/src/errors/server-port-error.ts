import { OrchError } from "@orch/core";
import type { ServerErrorFacts } from "./error-facts.ts";

type Facts = ServerErrorFacts["ORCH_SERVER_PORT"];

/** What Node says of a place where nothing can listen, by its code. */
const REASONS: { readonly [code: string]: Facts["reason"] } = {
  EADDRINUSE: "taken",
  EACCES: "forbidden",
  EADDRNOTAVAIL: "foreign",
  ENOTFOUND: "foreign",
  EAI_AGAIN: "foreign",
};

/** A server cannot listen where it was told to. */
export class ServerPortError extends OrchError<"ORCH_SERVER_PORT"> {
  constructor(facts: Facts, cause: unknown) {
    super("ORCH_SERVER_PORT", facts, textOf(facts), { cause });
  }
}

/** The error for a place where Node could not listen; any other failure as it is. */
export function portFailure(cause: unknown, place: Pick<Facts, "hostname" | "port">): unknown {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const reason = Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
  return reason === undefined ? cause : new ServerPortError({ ...place, reason }, cause);
}

function textOf({ hostname, port, reason }: Facts): { readonly says: string; readonly fix: string } {
  if (reason === "taken")
    return {
      says: `Port ${port} is taken by another program.`,
      fix: "Stop that one, or choose another port.",
    };
  if (reason === "forbidden")
    return { says: `Port ${port} may not be used by you.`, fix: "Choose a port above 1023." };
  return {
    says: `"${hostname}" is no address of this machine.`,
    fix: "Choose 127.0.0.1 for this machine alone, or 0.0.0.0 for all its addresses.",
  };
}
