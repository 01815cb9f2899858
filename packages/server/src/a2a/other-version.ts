import type { DoorCall } from "../words/door.ts";
import { a2aFault } from "./a2a-fault.ts";
import { A2A_VERSION } from "./agent-card.ts";

/** The refusal of a request in another version. One that names none is of 0.3, as the protocol says. */
export function otherVersion({
  request,
  url,
}: Pick<DoorCall, "request" | "url">): ReturnType<typeof a2aFault> | undefined {
  const asked = request.headers.get("a2a-version") || url.searchParams.get("A2A-Version") || "0.3";
  if (asked === A2A_VERSION || asked.startsWith(`${A2A_VERSION}.`)) return undefined;
  return a2aFault(
    "VERSION_NOT_SUPPORTED",
    `Version ${asked.slice(0, 20)} is not spoken here. Send the header "A2A-Version: ${A2A_VERSION}".`,
  );
}
