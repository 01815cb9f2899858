import { OrchError } from "@orch/core";

/** What is wrong with a connection to an MCP server. */
export interface McpServerFacts {
  /** The name it has in the configuration. */
  readonly server: string;
  readonly reason: "not-started" | "timeout" | "lost" | "given-up" | "refused" | "closed" | "login";
  /** What the system, the server or its last lines on stderr say, without secrets. */
  readonly detail?: string;
  /** The tool that was called, if any was. */
  readonly tool?: string;
  /** The HTTP status of a refusal. */
  readonly status?: number;
  /** The limit that was reached, in milliseconds. */
  readonly limit?: number;
}

/** An MCP server cannot be reached, or is gone. */
export class McpServerError extends OrchError<"ORCH_MCP_SERVER", McpServerFacts> {
  constructor(facts: McpServerFacts) {
    super("ORCH_MCP_SERVER", facts, { says: saysOf(facts), fix: fixOf(facts) });
  }
}

function saysOf({ server, reason, detail, tool, status, limit = 0 }: McpServerFacts): string {
  const why = detail === undefined || detail === "" ? "." : `: ${detail}`;
  const during = tool === undefined ? "" : ` while "${tool}" was called`;
  switch (reason) {
    case "not-started":
      return `The MCP server "${server}" could not be reached${why}`;
    case "timeout":
      return `The MCP server "${server}" was not ready within ${limit / 1_000} s${why}`;
    case "lost":
      return `The MCP server "${server}" is gone${during}${why}`;
    case "given-up":
      return `The MCP server "${server}" is gone, and connecting once more did not help${why}`;
    case "refused":
      return `The MCP server "${server}" answered ${status ?? "with a refusal"}${during}${why}`;
    case "login":
      return `The MCP server "${server}" wants a login${during}${why}`;
    case "closed":
      return `The connection to the MCP server "${server}" was closed before${during}.`;
  }
}

function fixOf({ reason, status, tool }: McpServerFacts): string {
  switch (reason) {
    case "not-started":
      return "Run its command by hand, or open its address, and correct `command`, `args`, `env` or `url`.";
    case "timeout":
      return "Look whether it starts by hand; if it is only slow, raise `connectTimeout`.";
    case "lost":
      return tool === undefined
        ? "Call again: the next call connects once more."
        : "The call may or may not have been carried out: look before it is made again. The next call connects once more.";
    case "given-up":
      return "Start the server again, look at what it says, and connect anew.";
    case "refused":
      return status === 401 || status === 403
        ? "Give the server's key in `headers`, or correct it; where it wants a login, give `login`."
        : "Correct what it says, or call again later.";
    case "login":
      return "Log in, in the chat with `orch mcp login`, or give `login.open` so that a person is shown where.";
    case "closed":
      return "Use its tools only until the connection is closed, or connect again.";
  }
}
