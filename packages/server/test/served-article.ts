/** A server with the article and any doors, on a port of this machine. */
import type { DurableHost } from "@orch/core/host";
import { memoryHost } from "@orch/core/host";
import { guard } from "../src/guard/guard.ts";
import { type ListeningServer, listen } from "../src/node/listen.ts";
import { createServer, type Server } from "../src/server/create-server.ts";
import type { Door, ServerLimits } from "../src/words/door.ts";
import { articleInput, articleWith, type Gate } from "./article.ts";

/** The token of every server of the suite. */
export const TOKEN = "token-of-the-suite-0123456789";

/** How the article is served. */
export interface ServedOptions {
  readonly doors: readonly Door[];
  readonly gate: Gate;
  readonly host?: DurableHost;
  readonly port?: number;
  readonly limits?: Partial<ServerLimits>;
  readonly onError?: (error: unknown) => void;
}

/** A server of the article. */
export interface ServedArticle extends ListeningServer {
  readonly server: Server;
  readonly host: DurableHost;
}

/** Serves the article. The header `x-principal` says who calls; without it everybody is `ada`. */
export async function serveArticle(options: ServedOptions): Promise<ServedArticle> {
  const { doors, gate, host = memoryHost(), port = 0, limits = {}, onError } = options;
  const server = createServer({
    ...{ doors, host, limits },
    orchestrations: {
      article: { orchestration: articleWith(gate), input: articleInput, description: "Writes an article." },
    },
    principal: (request) => ({ id: request.headers.get("x-principal") ?? "ada" }),
    ...(onError && { onError }),
  });
  const around = guard(server, { tokens: [TOKEN], origins: ["https://example.org"] });
  const listening = await listen(server, { port, around });
  return { ...listening, server, host };
}

/** What a client sends that may call. */
export const LET_IN: { readonly [name: string]: string } = { authorization: `Bearer ${TOKEN}` };
