/** The official client, loaded on first use. */
import { sdkFailure } from "../../model/sdk-failure.ts";

const FACTS = { provider: "mcp", package: "@modelcontextprotocol/client", version: "^2.4.0" } as const;

type Package = typeof import("@modelcontextprotocol/client");

/** The parts of the official client that are used here. */
export interface McpSdk {
  readonly Client: Package["Client"];
  readonly Stdio: typeof import("@modelcontextprotocol/client/stdio").StdioClientTransport;
  readonly Http: Package["StreamableHTTPClientTransport"];
  readonly OlderHttp: Package["SSEClientTransport"];
  /** Reads a JSON schema, and gives the function that checks data by it. Throws for a schema that cannot be read. */
  readonly outputValidator: (
    schema: unknown,
  ) => (data: unknown) => { readonly valid: boolean; readonly errorMessage?: string | undefined };
  readonly schemas: Package["specTypeSchemas"];
  readonly ProtocolError: Package["ProtocolError"];
  readonly isInputRequiredResult: Package["isInputRequiredResult"];
  readonly auth: Package["auth"];
  readonly extractWWWAuthenticateParams: Package["extractWWWAuthenticateParams"];
  readonly UnauthorizedError: Package["UnauthorizedError"];
  readonly OAuthError: Package["OAuthError"];
  readonly InsufficientScopeError: Package["InsufficientScopeError"];
  readonly refreshAuthorization: Package["refreshAuthorization"];
  readonly selectResourceURL: Package["selectResourceURL"];
}

/**
 * Loads the client.
 *
 * @throws MissingSdkError (`ORCH_MISSING_SDK`)
 */
export async function loadMcpSdk(): Promise<McpSdk> {
  try {
    // Each import stands in the `try` by itself and is awaited at once: in this form every bundler lets it be absent.
    const client = await import("@modelcontextprotocol/client");
    const stdio = await import("@modelcontextprotocol/client/stdio");
    const { AjvJsonSchemaValidator } = await import("@modelcontextprotocol/client/validators/ajv");
    return {
      Client: client.Client,
      Stdio: stdio.StdioClientTransport,
      Http: client.StreamableHTTPClientTransport,
      OlderHttp: client.SSEClientTransport,
      // One for each schema: two tools may use one `$id`.
      outputValidator: (schema) => new AjvJsonSchemaValidator().getValidator(schema as object),
      schemas: client.specTypeSchemas,
      ProtocolError: client.ProtocolError,
      isInputRequiredResult: client.isInputRequiredResult,
      auth: client.auth,
      extractWWWAuthenticateParams: client.extractWWWAuthenticateParams,
      UnauthorizedError: client.UnauthorizedError,
      OAuthError: client.OAuthError,
      InsufficientScopeError: client.InsufficientScopeError,
      refreshAuthorization: client.refreshAuthorization,
      selectResourceURL: client.selectResourceURL,
    };
  } catch (error) {
    throw sdkFailure(error, FACTS);
  }
}
