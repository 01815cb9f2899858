import { OrchError } from "@orch/core";

/** A file of the project runs code, and the user has not allowed it yet. */
export class UntrustedError extends OrchError<"ORCH_UNTRUSTED"> {
  constructor(facts: { readonly file: string }) {
    super("ORCH_UNTRUSTED", facts, {
      says: `${facts.file} runs code and is not trusted yet, or changed since it was.`,
      fix: "Read it, then start once with --trust, or give /trust in the chat; that is remembered until the file changes.",
    });
  }
}
