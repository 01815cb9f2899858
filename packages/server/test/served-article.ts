/** A server with the article and any doors, on a port of this machine. */
import { orchestrationRuntime, type SessionStore } from "@orch/chat-runtime";
import type { DurableHost } from "@orch/core/host";
import { memoryHost } from "@orch/core/host";
import type { ChatOffer } from "../src/conversations/offered-chat.ts";
import { guard } from "../src/guard/guard.ts";
import { type ListeningServer, listen } from "../src/node/listen.ts";
import { createServer, type Server, type ServerOptions } from "../src/server/create-server.ts";
import type { Door, ServerLimits } from "../src/words/door.ts";
import { articleInput, articleWith, type Gate } from "./article.ts";

/** The token of every server of the suite. */
export const TOKEN = "token-of-the-suite-0123456789";

/** What the article is for its clients. */
export type ServedAs = "orchestration" | "chat";

/** How the article is served. */
export interface ServedOptions {
  readonly doors: readonly Door[];
  readonly gate: Gate;
  /** Whether the article is an orchestration, or a chat that answers each message with one. Default: an orchestration. */
  readonly as?: ServedAs;
  readonly host?: DurableHost;
  readonly sessions?: SessionStore;
  readonly port?: number;
  readonly limits?: Partial<ServerLimits>;
  readonly onError?: (error: unknown) => void;
}

/** A server of the article. */
export interface ServedArticle extends ListeningServer {
  readonly server: Server;
  readonly host: DurableHost;
  /** Where the newest run or turn of a principal is: `waiting`, `cancelled` and so on; `undefined` where it has none. */
  readonly standing: (principal: string) => Promise<string | undefined>;
}

/** Serves the article. The header `x-principal` says who calls; without it everybody is `ada`. */
export async function serveArticle(options: ServedOptions): Promise<ServedArticle> {
  const { doors, gate, host = memoryHost(), sessions, port = 0, limits = {}, onError } = options;
  const { as = "orchestration" } = options;
  const server = createServer({
    ...{ doors, host, limits },
    ...(sessions && { sessions }),
    ...(as === "chat" ? { chats: { article: articleChat(gate) } } : articleRuns(gate)),
    principal: (request) => ({ id: request.headers.get("x-principal") ?? "ada" }),
    ...(onError && { onError }),
  });
  const around = guard(server, { tokens: [TOKEN], origins: ["https://example.org"] });
  const listening = await listen(server, { port, around });
  return { ...listening, server, host, standing: (principal) => standing(server, principal) };
}

function articleRuns(gate: Gate): Pick<ServerOptions, "orchestrations"> {
  const description = "Writes an article.";
  return {
    orchestrations: { article: { orchestration: articleWith(gate), input: articleInput, description } },
  };
}

/** A chat that answers each message with an article. */
export function articleChat(gate: Gate): ChatOffer {
  const configuration = orchestrationRuntime(articleWith(gate), {
    toInput: ({ text }) => ({ topic: text }),
    toMessage: (text) => text,
  });
  return { configuration, description: "Writes articles." };
}

async function standing(server: Server, id: string): Promise<string | undefined> {
  const conversations = server.conversations({ id });
  if (conversations.chats.length === 0) return (await server.runs({ id }).list())[0]?.status;
  const [newest] = await conversations.list("article");
  if (newest === undefined) return undefined;
  const { history, questions } = await conversations.history("article", newest.session);
  return questions.length > 0 ? "waiting" : history.at(-1)?.status;
}

/** What a client sends that may call. */
export const LET_IN: { readonly [name: string]: string } = { authorization: `Bearer ${TOKEN}` };
