/**
 * A balancer for workers on one machine: one address before several, which get its connections in turn. A worker that takes no connection
 * is passed over. It stands where a production set-up has the balancer of its cloud.
 */
import { connect, createServer, type Socket } from "node:net";
import { pipeline } from "node:stream";

/** One address before several. */
export interface TcpBalancer extends AsyncDisposable {
  readonly port: number;
  /** Breaks the connections; new ones are taken. */
  readonly cut: () => void;
  /** Listens no more and breaks the connections. */
  readonly close: () => Promise<void>;
}

/** Listens on the loopback, on `port` or a free one, before `backends`, which are ports too; what the list gets later counts. */
export async function balance(backends: readonly number[], port = 0): Promise<TcpBalancer> {
  const open = new Set<Socket>();
  let turn = 0;
  const keep = (socket: Socket): void => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  };
  const serve = (client: Socket, from: number, left: number): void => {
    const backend = backends[from % backends.length];
    if (backend === undefined || left === 0) {
      client.destroy();
      return;
    }
    const worker = connect({ port: backend, host: "127.0.0.1", noDelay: true });
    worker.once("error", () => serve(client, from + 1, left - 1));
    worker.once("connect", () => {
      worker.removeAllListeners("error");
      keep(worker);
      pipeline(client, worker, client, () => {});
    });
  };
  const server = createServer({ noDelay: true }, (client) => {
    keep(client);
    client.on("error", () => {});
    serve(client, turn++, backends.length);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    cut();
    await closed;
  };
  return {
    port: (server.address() as { readonly port: number }).port,
    cut,
    close,
    [Symbol.asyncDispose]: close,
  };
}
