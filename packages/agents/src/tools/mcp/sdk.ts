/** The official SDK, loaded on first use. */
import { sdkFailure } from "../../model/sdk-failure.ts";

const FACTS = { provider: "mcp", package: "@modelcontextprotocol/sdk", version: "^1.32.0" } as const;

/** The parts of the SDK that are used here. */
export interface McpSdk {
  readonly Client: typeof import("@modelcontextprotocol/sdk/client/index.js").Client;
  readonly Stdio: typeof import("@modelcontextprotocol/sdk/client/stdio.js").StdioClientTransport;
  readonly Http: typeof import("@modelcontextprotocol/sdk/client/streamableHttp.js").StreamableHTTPClientTransport;
  readonly platformFetch: () => import("@modelcontextprotocol/sdk/shared/transport.js").FetchLike;
  /** Reads a JSON schema, and gives the function that checks data by it. Throws for a schema that cannot be read. */
  readonly outputValidator: (
    schema: unknown,
  ) => (data: unknown) => { readonly valid: boolean; readonly errorMessage?: string | undefined };
  readonly types: typeof import("@modelcontextprotocol/sdk/types.js");
}

/**
 * Loads the SDK.
 *
 * @throws MissingSdkError (`ORCH_MISSING_SDK`)
 */
export async function loadMcpSdk(): Promise<McpSdk> {
  try {
    // Each import stands in the `try` by itself and is awaited at once: in this form every bundler lets it be absent.
    const client = await import("@modelcontextprotocol/sdk/client/index.js");
    const stdio = await import("@modelcontextprotocol/sdk/client/stdio.js");
    const http = await import("@modelcontextprotocol/sdk/client/streamableHttp.js");
    const transport = await import("@modelcontextprotocol/sdk/shared/transport.js");
    const types = await import("@modelcontextprotocol/sdk/types.js");
    const { AjvJsonSchemaValidator } = await import("@modelcontextprotocol/sdk/validation/ajv");
    return {
      Client: client.Client,
      Stdio: stdio.StdioClientTransport,
      Http: http.StreamableHTTPClientTransport,
      platformFetch: () => transport.createFetchWithInit(),
      // One for each schema: two tools may use one `$id`.
      outputValidator: (schema) => new AjvJsonSchemaValidator().getValidator(schema as object),
      types,
    };
  } catch (error) {
    throw sdkFailure(error, FACTS);
  }
}
