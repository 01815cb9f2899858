/** The tools of a server, read one by one: a bad one is left out with a warning, and takes none of the others away. */
import type { Tool as ServerTool } from "@modelcontextprotocol/client";
import { cutText } from "../../platform/cut-text.ts";
import type { McpLink } from "./mcp-link.ts";
import { NEVER } from "./mcp-link.ts";
import type { McpSdk } from "./sdk.ts";

/** More pages are not read. */
const MOST_PAGES = 100;
/** The longest part of a server's own words in a warning, in characters. */
const LONGEST_WORD = 200;

/** Says what is wrong with data that a tool gave; `undefined` where nothing is. */
export type CheckOutput = (data: unknown) => string | undefined;

/** What a server listed. */
export interface ToolList {
  readonly tools: readonly ServerTool[];
  /** By the server's name of the tool, for tools that promise a form of their data. */
  readonly checks: ReadonlyMap<string, CheckOutput>;
  /** What was left out, and why. */
  readonly warnings: readonly string[];
}

/** Lists the tools of a server, page by page. */
export async function listTools(link: McpLink, sdk: McpSdk, server: string): Promise<ToolList> {
  const reader = new ListReader(sdk, server);
  if (link.client.getServerCapabilities()?.tools === undefined) return reader.list;
  const seen = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const request = { method: "tools/list" as const, params: cursor === undefined ? {} : { cursor } };
    const listed = await link.client.request(request, sdk.schemas.PaginatedResult, { timeout: NEVER });
    const fresh = reader.read(listed["tools"]);
    cursor = listed.nextCursor;
    if (cursor === undefined) return reader.list;
    if (seen.has(cursor) || fresh === 0) {
      reader.warn(`its list of tools does not move on (the cursor "${word(cursor)}"), and ends there`);
      return reader.list;
    }
    seen.add(cursor);
  }
  reader.warn(`its list of tools has more than ${MOST_PAGES} pages, and ends there`);
  return reader.list;
}

class ListReader {
  readonly #sdk: McpSdk;
  readonly #server: string;
  readonly #tools: ServerTool[] = [];
  readonly #checks = new Map<string, CheckOutput>();
  readonly #names = new Set<string>();
  readonly #warnings = new Set<string>();

  constructor(sdk: McpSdk, server: string) {
    this.#sdk = sdk;
    this.#server = server;
  }

  get list(): ToolList {
    return { tools: this.#tools, checks: this.#checks, warnings: [...this.#warnings] };
  }

  warn(text: string): void {
    this.#warnings.add(`The MCP server "${this.#server}": ${text}.`);
  }

  /** Reads a page, and gives how many tools it added. */
  read(page: unknown): number {
    if (!Array.isArray(page)) {
      this.warn("a page of its tools is no list");
      return 0;
    }
    const before = this.#names.size;
    for (const entry of page) this.#add(entry);
    return this.#names.size - before;
  }

  #add(entry: unknown): void {
    const said = nameOf(entry);
    const read = this.#sdk.schemas.Tool["~standard"].validate(withoutOutput(entry));
    if (read.issues !== undefined) {
      const [issue] = read.issues;
      const where = issue === undefined ? "" : ` (${word(pathOf(issue))}: ${word(issue.message)})`;
      this.warn(
        `the tool "${word(said)}" is left out, as it is not described in the protocol's form${where}`,
      );
      return;
    }
    const tool = read.value;
    // A server that gives a page again names its tools again; the first one stands.
    if (this.#names.has(tool.name)) return;
    this.#names.add(tool.name);
    if (tool.execution?.taskSupport === "required") {
      this.warn(`the tool "${word(said)}" is left out, as it runs only as a task`);
      return;
    }
    this.#tools.push(tool);
    this.#check(tool.name, outputSchemaOf(entry));
  }

  #check(name: string, schema: unknown): void {
    if (schema === undefined) return;
    try {
      const validate = this.#sdk.outputValidator(schema);
      this.#checks.set(name, (data) => {
        const { valid, errorMessage } = validate(data);
        return valid ? undefined : (errorMessage ?? "it does not fit");
      });
    } catch (error) {
      const why = word(error instanceof Error ? error.message : String(error));
      this.warn(
        `the form that the tool "${word(name)}" promises for its data cannot be read (${why}), and is not checked`,
      );
    }
  }
}

/** The form of the data is read apart, so that a broken one costs no tool. */
function withoutOutput(entry: unknown): unknown {
  if (typeof entry !== "object" || entry === null) return entry;
  const { outputSchema: _outputSchema, ...rest } = entry as { readonly outputSchema?: unknown };
  return rest;
}

function outputSchemaOf(entry: unknown): unknown {
  return (entry as { readonly outputSchema?: unknown } | null)?.outputSchema;
}

function nameOf(entry: unknown): string {
  const { name } = (entry ?? {}) as { readonly name?: unknown };
  return typeof name === "string" ? name : "without a name";
}

/** Where in a description something is wrong. */
function pathOf({ path = [] }: { readonly path?: readonly unknown[] | undefined }): string {
  return path
    .map((step) => String(typeof step === "object" ? (step as { key: unknown }).key : step))
    .join(".");
}

/** A server's own words on one line, and not long. */
function word(text: string): string {
  return cutText(text.replaceAll(/\s+/g, " "), LONGEST_WORD);
}
