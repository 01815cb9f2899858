/** The server of the page: the chat for `useChat`, its orchestration for `useRun`, and the files that Vite built. */
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { orchestrationRuntime } from "@orch/chat-runtime";
import { createServer } from "@orch/server";
import { aiSdk } from "@orch/server/ai-sdk";
import { json } from "@orch/server/json";
import { type ListeningServer, listen } from "@orch/server/node";
import { sse } from "@orch/server/sse";
import { type ResearchOptions, research } from "./research.ts";

const TYPES: { readonly [ending: string]: string } = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
};

/** Listens. `files` is the folder of the built page. */
export async function serve(
  options: ResearchOptions & { readonly port?: number; readonly files: string },
): Promise<ListeningServer> {
  const { port = 0, files } = options;
  const flow = research(options);
  const configuration = orchestrationRuntime(flow, {
    toInput: ({ text }) => text,
    toMessage: (text) => text,
  });
  const server = createServer({
    chats: { research: { configuration } },
    orchestrations: { report: { orchestration: flow } },
    doors: [aiSdk(), json(), sse()],
  });
  const isOurs = /^\/(ai-sdk|v1|sse)\//;
  const fetch = (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    return isOurs.test(pathname) ? server.fetch(request) : file(files, pathname);
  };
  return listen(server, { port, around: { fetch } });
}

async function file(folder: string, pathname: string): Promise<Response> {
  const path = join(folder, normalize(pathname === "/" ? "/index.html" : pathname));
  try {
    return new Response(await readFile(path), {
      headers: { "content-type": TYPES[extname(path)] ?? "application/octet-stream" },
    });
  } catch {
    return new Response("There is no such page.", { status: 404 });
  }
}
