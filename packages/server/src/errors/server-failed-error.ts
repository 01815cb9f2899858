import { OrchError } from "@orch/core";

/** Something failed that the client cannot help. What it was stays in the process: `onError` of the server is told. */
export class ServerFailedError extends OrchError<"ORCH_SERVER_FAILED"> {
  constructor(facts: { readonly request: string }, cause: unknown) {
    super(
      "ORCH_SERVER_FAILED",
      facts,
      { says: "The server could not answer the request.", fix: "Try again; the log of the server says why." },
      { cause },
    );
  }
}
