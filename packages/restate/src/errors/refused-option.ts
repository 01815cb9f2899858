import { OrchError } from "@orch/core";

/** An option has a value that means nothing to this host. */
export function refusedOption(option: string, given: string, allowed: string): OrchError<"ORCH_OPTION"> {
  return new OrchError(
    "ORCH_OPTION",
    { option, given, allowed },
    { says: `The option ${option} is ${given}.`, fix: `Give ${allowed}, or leave it out.` },
  );
}
