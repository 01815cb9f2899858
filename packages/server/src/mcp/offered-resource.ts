/** Resources as an application offers them, beside orchestrations and runs. */
import { ServerSetupError } from "../errors/server-setup-error.ts";
import type { McpCaller, McpCompletion } from "./offered-prompt.ts";
import { type UriTemplate, uriTemplate } from "./uri-template.ts";

/** Something that clients can read, under a URI or a URI template. */
export interface McpResource {
  /** Default: the URI. */
  readonly name?: string;
  readonly title?: string;
  readonly description?: string;
  /** Default `text/plain` for a text, `application/octet-stream` for bytes. */
  readonly mimeType?: string;
  /** Reads it; `variables` are those of the template. `undefined`: there is none of these values, or not for this caller. */
  readonly read: (
    variables: { readonly [name: string]: string },
    caller: McpCaller,
  ) => string | Uint8Array | undefined | Promise<string | Uint8Array | undefined>;
  /** Proposes values for variables of the template, by their names. */
  readonly complete?: { readonly [variable: string]: McpCompletion };
  /**
   * Calls `changed` whenever it has changed, until the function that it gives is called. It is called for each client that
   * subscribes. Default: it never changes.
   */
  readonly watch?: (
    changed: () => void,
    variables: { readonly [name: string]: string },
    caller: McpCaller,
  ) => () => void;
}

/** A resource with where it is. */
export interface PlacedResource {
  /** The URI, or the template. */
  readonly uri: string;
  readonly resource: McpResource;
  readonly template: UriTemplate;
}

/** The resources of a door. */
export class OfferedResources {
  readonly all: readonly PlacedResource[];

  /** @throws ServerSetupError */
  constructor(resources: { readonly [uri: string]: McpResource }) {
    this.all = Object.entries(resources).map(([uri, resource]) => {
      if (uri.toLowerCase().startsWith("orch:"))
        throw new ServerSetupError({
          problem: `"${uri}" begins with orch:, which names orchestrations and runs`,
        });
      return { uri, resource, template: uriTemplate(uri) };
    });
  }

  /** The resource that a URI leads to, with the values of its template. Plain URIs go before templates. */
  at(
    uri: string,
  ): { readonly resource: McpResource; readonly variables: { readonly [name: string]: string } } | undefined {
    const plain = this.all.find((one) => one.uri === uri && one.template.variables.length === 0);
    if (plain !== undefined) return { resource: plain.resource, variables: {} };
    for (const { resource, template } of this.all) {
      const variables = template.variables.length === 0 ? undefined : template.valuesIn(uri);
      if (variables !== undefined) return { resource, variables };
    }
    return undefined;
  }

  /** The resource of a template, word for word. */
  ofTemplate(uri: unknown): McpResource | undefined {
    return this.all.find((one) => one.uri === uri)?.resource;
  }
}
