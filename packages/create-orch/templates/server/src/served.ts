/** What the server offers, and where its runs are kept. */
import type { Model } from "@orch/agents";
import { orchestrationRuntime } from "@orch/chat-runtime";
import { createServer, type Server } from "@orch/server";
import { aiSdk } from "@orch/server/ai-sdk";
import { json } from "@orch/server/json";
import { openai } from "@orch/server/openai";
import { sse } from "@orch/server/sse";
import { sqliteHost } from "@orch/sqlite";
import { sqliteSessions } from "@orch/sqlite/sessions";
import { z } from "zod";
import { research } from "./research.ts";

export interface ServedOptions {
  readonly model: Model;
  readonly root: string;
  /** The database of runs and conversations. */
  readonly file: string;
}

/** The server, and what closes its database. */
export function served({ model, root, file }: ServedOptions): { server: Server; close: () => Promise<void> } {
  const host = sqliteHost(file);
  const sessions = sqliteSessions({ file });
  const flow = research({ model, root });
  const configuration = orchestrationRuntime(flow, {
    toInput: ({ text }) => text,
    toMessage: (text) => text,
  });
  const server = createServer({
    host,
    sessions,
    orchestrations: {
      research: { orchestration: flow, input: z.string(), description: "Answers from the notes." },
    },
    chats: { chat: { configuration } },
    doors: [json(), sse(), aiSdk(), openai()],
  });
  const close = async (): Promise<void> => {
    await host.close();
    await sessions.close();
  };
  return { server, close };
}
