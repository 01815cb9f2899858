/**
 * A balancer that knows HTTP/2, as gateways and meshes are: each request goes to the next worker, also when all of them come by one
 * connection. A worker that cannot be reached is passed over; a request that a worker broke off is broken off.
 */
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream";
import type { TcpBalancer } from "./tcp-balancer.ts";

/** Listens on the loopback before `backends`, which are ports; what the list gets later counts. */
export async function balanceRequests(backends: readonly number[]): Promise<TcpBalancer> {
  const clients = new Set<ServerHttp2Session>();
  const workers = new Map<number, Promise<ClientHttp2Session>>();
  let turn = 0;

  /** The connection to a worker, made when it is first needed. */
  const workerAt = (port: number): Promise<ClientHttp2Session> => {
    let worker = workers.get(port);
    if (worker === undefined) {
      worker = new Promise((resolve, reject) => {
        const session = connect(`http://127.0.0.1:${port}`);
        session.once("connect", () => resolve(session));
        session.once("close", () => workers.delete(port));
        session.on("error", reject);
      });
      workers.set(port, worker);
    }
    return worker;
  };
  const serve = async (stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> => {
    for (let left = backends.length; left > 0; left--) {
      const backend = backends[turn++ % backends.length]!;
      const worker = await workerAt(backend).catch(() => undefined);
      if (worker === undefined) continue;
      if (!stream.destroyed) join(stream, worker.request(headers, { endStream: false }));
      return;
    }
    stream.respond({ ":status": 503 }, { endStream: true });
  };
  const server = createServer();
  server.on("session", (session) => {
    clients.add(session);
    session.once("close", () => clients.delete(session));
  });
  server.on("stream", (stream, headers) => {
    stream.on("error", () => {});
    void serve(stream, headers);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const cut = (): void => {
    for (const session of clients) session.destroy();
    for (const worker of workers.values()) worker.then((session) => session.destroy()).catch(() => {});
  };
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    cut();
    await closed;
  };
  const { port } = server.address() as AddressInfo;
  return { port, cut, close, [Symbol.asyncDispose]: close };
}

/** Passes a request on, and its answer back, as they come. */
function join(stream: ServerHttp2Stream, request: ClientHttp2Stream): void {
  const breakOff = (): void => {
    if (!stream.destroyed) stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    if (!request.destroyed) request.close(constants.NGHTTP2_CANCEL);
  };
  pipeline(stream, request, () => {});
  request.once("response", (headers) => {
    if (stream.destroyed) return;
    stream.respond(headers);
    pipeline(request, stream, (error) => {
      if (error) breakOff();
    });
  });
  request.on("error", breakOff);
  stream.once("aborted", breakOff);
  stream.once("close", () => request.close(constants.NGHTTP2_CANCEL));
}
