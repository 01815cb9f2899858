/** What the routes serve, and where its conversations are kept. */
import { join } from "node:path";
import { type Model, resolveModel } from "@orch/agents";
import { orchestrationRuntime } from "@orch/chat-runtime";
import { createServer, type Server } from "@orch/server";
import { aiSdk } from "@orch/server/ai-sdk";
import { sqliteHost } from "@orch/sqlite";
import { sqliteSessions } from "@orch/sqlite/sessions";
import { research } from "./research.ts";

export interface ServedOptions {
  readonly model: Model;
  readonly root: string;
  /** The database of runs and conversations. */
  readonly file: string;
}

/** Makes the server. */
export function makeServer({ model, root, file }: ServedOptions): Server {
  const configuration = orchestrationRuntime(research({ model, root }), {
    toInput: ({ text }) => text,
    toMessage: (text) => text,
  });
  return createServer({
    host: sqliteHost(file),
    sessions: sqliteSessions({ file }),
    chats: { chat: { configuration } },
    doors: [aiSdk()],
  });
}

// While you edit, Next.js loads this module again and again in one process: the server is made once.
const kept = globalThis as { orchServer?: Server };

/** The server of this process. */
export function served(): Server {
  const { env } = process;
  const root = join(process.cwd(), "notes");
  kept.orchServer ??= makeServer({
    // `local/extractive` needs no key and no network: it quotes the notes. README.md says how to use a language model.
    model: resolveModel(env["MODEL"] ?? "local/extractive", {}, { env, root }),
    root,
    file: env["DATABASE"] ?? join(process.cwd(), "data/runs.db"),
  });
  return kept.orchServer;
}
