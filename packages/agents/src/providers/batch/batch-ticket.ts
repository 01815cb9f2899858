/** Where the answers of requests are that wait in batches of a provider. */
import { parseJson } from "@orch/core";
import { nodeModule } from "../../platform/node-module.ts";
import { sha256 } from "../../platform/sha256.ts";

/** Where the answer of one request will be. */
export interface BatchTicket {
  /** The provider's id of the batch. */
  readonly batch: string;
  /** The name of the request within the batch. */
  readonly request: string;
}

/** Where tickets are kept. With one that lasts, a process that was killed finds its batches again and pays nothing twice. */
export interface TicketStore {
  readonly get: (key: string) => BatchTicket | undefined | Promise<BatchTicket | undefined>;
  readonly set: (key: string, ticket: BatchTicket) => void | Promise<void>;
  readonly delete: (key: string) => void | Promise<void>;
}

/** Tickets in the memory of this process. */
export function ticketMemory(): TicketStore {
  const tickets = new Map<string, BatchTicket>();
  return {
    get: (key) => tickets.get(key),
    set: (key, ticket) => void tickets.set(key, ticket),
    delete: (key) => void tickets.delete(key),
  };
}

/** Tickets as small files in a folder, which is made when it is needed: they outlive the process. Needs Node, Bun or Deno. */
export function ticketFolder(folder: string): TicketStore {
  // A platform that has no files has no use for this function, and says so with the first call.
  const files = (): typeof import("node:fs/promises") => nodeModule("node:fs/promises")!;
  const fileOf = (key: string): string => `${folder}/${sha256(key)}.json`;
  return {
    get: async (key) => {
      const { readFile } = files();
      const text = await readFile(fileOf(key), "utf8").catch(() => undefined);
      return text === undefined ? undefined : readTicket(text);
    },
    set: async (key, ticket) => {
      const { mkdir, rename, writeFile } = files();
      await mkdir(folder, { recursive: true });
      // A file that is cut off by a crash would lose what was paid.
      const file = fileOf(key);
      await writeFile(`${file}.new`, JSON.stringify(ticket));
      await rename(`${file}.new`, file);
    },
    delete: async (key) => files().rm(fileOf(key), { force: true }),
  };
}

function readTicket(text: string): BatchTicket | undefined {
  try {
    const { batch, request } = parseJson(text) as Partial<BatchTicket>;
    return typeof batch === "string" && typeof request === "string" ? { batch, request } : undefined;
  } catch {
    return undefined;
  }
}
