import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";

/** A request of Node as the standard has it; `undefined` for one that has no address. */
export function requestOf(incoming: IncomingMessage, signal: AbortSignal): Request | undefined {
  const { method = "GET", headers, url = "/", socket } = incoming;
  const scheme = "encrypted" in socket && socket.encrypted === true ? "https" : "http";
  const address = `${scheme}://${headers.host ?? "localhost"}`;
  if (!url.startsWith("/") || !URL.canParse(url, address)) return undefined;
  const hasBody = method !== "GET" && method !== "HEAD";
  const body = hasBody ? (Readable.toWeb(incoming) as ReadableStream<Uint8Array>) : null;
  try {
    return new Request(new URL(url, address), {
      ...{ method, headers: headersOf(incoming), signal, body },
      ...(hasBody && { duplex: "half" as const }),
    });
  } catch {
    // A method that the standard forbids, like TRACE, or a header that it cannot hold.
    return undefined;
  }
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.append(rawHeaders[at]!, rawHeaders[at + 1]!);
  return headers;
}
