/** The door to the network: an HTTP/2 server that the Restate server calls. */
import {
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { systemClock } from "@orch/core/doors";

/** Takes the requests of a Restate server. */
export type WorkerHandler = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/** A server that listens. */
export interface Listening {
  readonly url: string;
  readonly close: (drain: number) => Promise<void>;
}

/** Listens for a Restate server. Rejects when the port is taken. */
export async function listenOn(handler: WorkerHandler, port: number, hostname: string): Promise<Listening> {
  const server = createServer(handler);
  const sessions = new Set<ServerHttp2Session>();
  server.on("session", (session) => {
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const { port: taken } = server.address() as AddressInfo;
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  return {
    url: `http://${host}:${taken}`,
    close: (drain) =>
      new Promise<void>((resolve) => {
        const stop = systemClock.after(drain, () => {
          for (const session of sessions) session.destroy();
        });
        server.close(() => {
          stop();
          resolve();
        });
        // Requests that are under way may end; new ones are refused.
        for (const session of sessions) session.close();
      }),
  };
}
