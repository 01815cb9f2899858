/** What MCP servers offer to read, as messages name it: `@server:uri`. */
import type { FilePart, TextPart } from "@orch/agents";
import type { McpServer } from "@orch/agents/mcp";

/** How long a list of names waits for a server, in milliseconds: it is shown while somebody types. */
const LISTING = 500;
/** How long a message waits for what it names, in milliseconds. */
const READING = 10_000;

/** What became of reading one address. */
export type ReadResource =
  | { readonly server: string; readonly uri: string; readonly parts: readonly (TextPart | FilePart)[] }
  | { readonly problem: string };

/** What servers offer to read. */
export interface ServerResources {
  /** Names like `lab:lab://notes`, of the servers that are connected and answer at once. */
  readonly list: () => Promise<readonly string[]>;
  /** Reads what a name stands for; `undefined` where no server has the name before the colon. Never rejects. */
  readonly read: (named: string) => Promise<ReadResource | undefined>;
}

/** The servers, as far as reading goes. */
export interface ReadableServers {
  readonly names: readonly string[];
  /** Begins to connect, and resolves when each has answered or failed. */
  readonly connect: () => Promise<void>;
  readonly connected: (name: string) => McpServer | undefined;
  /** Why a server is not connected, in one line. */
  readonly problem: (name: string) => string;
  /** Resolves with the work, or after so many milliseconds. */
  readonly within: (ms: number, work: Promise<unknown>) => Promise<void>;
}

/** The resources of all servers. */
export function serverResources(servers: ReadableServers): ServerResources {
  return {
    list: async () => {
      void servers.connect();
      const found: string[] = [];
      const lists = servers.names.map(async (name) => {
        const offered = (await servers.connected(name)?.resources.list()) ?? [];
        found.push(...offered.map(({ uri }) => `${name}:${uri}`));
      });
      await servers.within(LISTING, Promise.allSettled(lists));
      return found.filter((name) => !/\p{Cc}/u.test(name)).toSorted();
    },
    read: async (named) => {
      const server = servers.names.find((name) => named.startsWith(`${name}:`));
      const uri = server === undefined ? "" : named.slice(server.length + 1);
      if (server === undefined || uri === "") return undefined;
      let read: ReadResource = { problem: `it did not answer within ${READING / 1000} s` };
      await servers.within(
        READING,
        readFrom(servers, server, uri).then((told) => {
          read = told;
        }),
      );
      return read;
    },
  };
}

async function readFrom(servers: ReadableServers, name: string, uri: string): Promise<ReadResource> {
  await servers.connect();
  const server = servers.connected(name);
  if (server === undefined) return { problem: servers.problem(name) };
  try {
    return { server: name, uri, parts: await server.resources.read(uri) };
  } catch (error) {
    return { problem: error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : String(error) };
  }
}
