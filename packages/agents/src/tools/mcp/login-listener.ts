/** Where a login leads back to: one address on the loopback, for as long as a login is under way. */
import { McpServerError } from "../../errors/mcp-server-error.ts";
import { nodeModule } from "../../platform/node-module.ts";

/** Waits for the browser of a person. */
export interface LoginListener {
  readonly redirectUrl: string;
  /** What the browser brought, once its `state` is the one that was given out. */
  readonly arrived: Promise<URLSearchParams>;
  readonly close: () => void;
}

const PATH = "/callback";
const PAGE = `<!doctype html><meta charset="utf-8"><title>Logged in</title><p>You can close this page and go back to the terminal.`;

/** Listens on the loopback: on the port of an earlier login where that is free, because servers know it, else on any. */
export async function listenForLogin(
  server: string,
  state: string,
  earlier: string | undefined,
): Promise<LoginListener> {
  const http = nodeModule("node:http");
  if (http === undefined)
    throw new McpServerError({ server, reason: "login", detail: "logging in takes Node" });
  let arrive: (params: URLSearchParams) => void = () => {};
  const arrived = new Promise<URLSearchParams>((resolve) => {
    arrive = resolve;
  });
  const listening = http.createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const isAnswer =
      request.method === "GET" && url.pathname === PATH && url.searchParams.get("state") === state;
    const headers = {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'",
    };
    response.writeHead(isAnswer ? 200 : 400, headers).end(isAnswer ? PAGE : "This is no answer to a login.");
    if (isAnswer) arrive(url.searchParams);
  });
  const listen = (port: number): Promise<number> =>
    new Promise((resolve, reject) => {
      listening.once("error", reject);
      listening.listen(port, "127.0.0.1", () => {
        listening.off("error", reject);
        const address = listening.address();
        resolve(typeof address === "object" && address !== null ? address.port : port);
      });
    });
  const wanted = earlier === undefined ? 0 : Number(new URL(earlier).port);
  const port = await listen(wanted).catch(() => listen(0));
  return {
    redirectUrl: `http://127.0.0.1:${port}${PATH}`,
    arrived,
    close: () => {
      listening.close();
      listening.closeAllConnections();
    },
  };
}
