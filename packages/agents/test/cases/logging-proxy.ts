/** A proxy on a real socket that writes down what it is asked for, and servers behind it whose names no DNS knows. */
import { createPrivateKey } from "node:crypto";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { onTestFinished } from "vitest";

/** A certificate for `model.invalid` and what is below it, until 2120; it is secret nowhere. */
const KEY =
  "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgcgWrfpsSzW/3ySiC+Z2kyPmSPnlMWohnTeSI78IbyaKhRANCAATPDx5y1jwmOpnv8jCCBHOkKvOI2obHEHG5vORQetG+IyokYhTUS3KpB6NQzacIwttMs81/3OZvlKIjoVY1k5Du";
const CERTIFICATE =
  "MIIBfzCCASSgAwIBAgIBATAKBggqhkjOPQQDAjAYMRYwFAYDVQQDDA1tb2RlbC5pbnZhbGlkMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAYMRYwFAYDVQQDDA1tb2RlbC5pbnZhbGlkMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEzw8ectY8JjqZ7/IwggRzpCrziNqGxxBxubzkUHrRviMqJGIU1EtyqQejUM2nCMLbTLPNf9zmb5SiI6FWNZOQ7qNdMFswKQYDVR0RBCIwIIINbW9kZWwuaW52YWxpZIIPKi5tb2RlbC5pbnZhbGlkMA8GA1UdEwEB/wQFMAMBAf8wHQYDVR0OBBYEFFk2ah/UYrMmS5Xu+ZNtrS+tJMkdMAoGCCqGSM49BAMCA0kAMEYCIQD0JxuF/KDGgIcODq7v/SYNq4Adk2D5aDHoNwm+HuqVMAIhAMPttpWre9gSJ2wvTzIpDg4yXUtB7+7CiK/A6uPMC4HX";

/** What the proxy was asked for, like `CONNECT model.invalid:443` or `POST http://model.invalid/v1`. */
export interface LoggingProxy {
  readonly url: string;
  readonly lines: readonly string[];
  /** The credentials of each request. */
  readonly users: readonly (string | undefined)[];
}

/** How the proxy behaves. */
export interface ProxyManners {
  /** Where everything is led, whatever its name: the port of a server on this machine, by scheme. */
  readonly to: { readonly http?: number; readonly https?: number };
  /** The only user that may pass, as `user:password`. */
  readonly user?: string;
}

/** Starts a proxy that ends with the test. */
export async function loggingProxy({ to, user }: ProxyManners): Promise<LoggingProxy> {
  const lines: string[] = [];
  const users: (string | undefined)[] = [];
  const wanted = user === undefined ? undefined : `Basic ${Buffer.from(user).toString("base64")}`;
  const enters = ({ method, url, headers }: IncomingMessage): boolean => {
    lines.push(`${method} ${url}`);
    users.push(headers["proxy-authorization"]);
    return wanted === undefined || headers["proxy-authorization"] === wanted;
  };
  const server = createServer((asked, answer) => {
    if (!enters(asked)) return answer.writeHead(407).end();
    const { pathname, search } = new URL(asked.url!);
    const { "proxy-authorization": _, ...headers } = asked.headers;
    const onward = { port: to.http, method: asked.method!, path: pathname + search, headers };
    const sent = request({ host: "127.0.0.1", ...onward }, (got) => {
      answer.writeHead(got.statusCode!, got.statusMessage, got.rawHeaders);
      got.pipe(answer);
    });
    sent.once("error", () => answer.writeHead(502).end());
    answer.once("close", () => sent.destroy());
    asked.pipe(sent);
    return answer;
  });
  server.on("connect", (asked, socket) => {
    if (!enters(asked)) return socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    if (to.https === undefined) return socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    const onward = connect(to.https, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    for (const [one, other] of [
      [onward, socket],
      [socket, onward],
    ] as const)
      one.on("error", () => other.destroy());
    return socket;
  });
  return { url: await listening(server), lines, users };
}

/** A server that speaks TLS as `model.invalid`; the process trusts it until the test ends. Gives its port. */
export async function secureServer(
  answer: (asked: IncomingMessage, res: ServerResponse) => void,
): Promise<number> {
  const before = getCACertificates("default");
  const cert = `-----BEGIN CERTIFICATE-----\n${CERTIFICATE.replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
  setDefaultCACertificates([...before, cert]);
  onTestFinished(() => setDefaultCACertificates(before));
  const key = createPrivateKey({ key: Buffer.from(KEY, "base64"), format: "der", type: "pkcs8" });
  const server = createSecureServer({ key: key.export({ format: "pem", type: "pkcs8" }), cert }, answer);
  return Number(new URL(await listening(server)).port);
}

async function listening(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
