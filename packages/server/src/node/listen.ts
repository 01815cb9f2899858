/** Listens on a port of this machine, and stops without losing anything. */
import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { portFailure } from "../errors/server-port-error.ts";
import type { Server } from "../server/create-server.ts";
import { type FetchServer, nodeListener } from "./node-listener.ts";

/** Where to listen, and how to stop. */
export interface ListenOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Default `127.0.0.1`: this machine only. */
  readonly hostname?: string;
  /** How long a stop waits for what goes on, in milliseconds. Default 0: it is parked at once. */
  readonly drain?: number;
  /** Stands before the server's own `fetch`: a guard, a log. Default: nothing does. */
  readonly around?: FetchServer;
}

/** A server that listens. */
export interface ListeningServer {
  /** Like `http://127.0.0.1:4100`. */
  readonly url: string;
  readonly port: number;
  /**
   * Stops: starts nothing more, waits for what goes on, then parks the rest, ends the streams and closes the port. A second
   * call parks at once. Both resolve when the port is closed; what was parked goes on when a server takes it up.
   */
  readonly stop: () => Promise<void>;
}

/**
 * Listens, and resolves when the port is open.
 *
 * @throws ServerPortError (`ORCH_SERVER_PORT`) when the port is taken, or the address is none of this machine.
 */
export async function listen(server: Server, options: ListenOptions = {}): Promise<ListeningServer> {
  const { port = 0, hostname = "127.0.0.1", drain = 0, around = server } = options;
  const http = createHttpServer(nodeListener(around));
  await new Promise<void>((resolve, reject) => {
    http.once("error", (error) => reject(portFailure(error, { hostname, port })));
    http.listen(port, hostname, resolve);
  });
  const address = http.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await server.park();
    closing ??= new Promise((resolve) => {
      http.close(() => resolve());
      // Streams have ended; what is left are connections without a request.
      http.closeIdleConnections();
      setImmediateOnce(() => http.closeAllConnections());
    });
    return closing;
  };
  let isStopping = false;
  const name = hostname.includes(":") ? `[${hostname}]` : hostname;
  return {
    url: `http://${name}:${address.port}`,
    port: address.port,
    stop: async () => {
      if (isStopping) return close();
      isStopping = true;
      if (drain > 0) await server.drain(drain);
      return close();
    },
  };
}

/** Lets what was written last leave first. */
function setImmediateOnce(then: () => void): void {
  // biome-ignore lint/style/noRestrictedGlobals: this is the door to Node
  setImmediate(then);
}
