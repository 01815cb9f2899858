/** Serves the built site on this machine, compressed as hosts do it. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { BASE } from "../src/page/site-page.ts";

const TYPES: { readonly [extension: string]: string } = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".md": "text/markdown; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
};

/**
 * A page that the browser paints when it has read all of it. A table gets new widths with each piece that arrives, and how many
 * pieces there are depends on the machine. What moves after the first paint, the page moves itself.
 */
function paintedWhole(page: Buffer): string {
  const waits = '<head><link rel="expect" href="#all-is-read" blocking="render">';
  return page.toString().replace("<head>", waits).replace("</body>", '<i id="all-is-read"></i></body>');
}

/** A site that is being served. */
export interface ServedSite extends AsyncDisposable {
  /** The address of the start page, without a slash at its end. */
  readonly url: string;
}

/** Serves a folder under the path that the site has. */
export async function serveSite(folder: string): Promise<ServedSite> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://site");
    const path = decodeURIComponent(pathname.slice(BASE.length));
    const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
    const body = await readFile(file).catch(() => undefined);
    if (body === undefined || !pathname.startsWith(`${BASE}/`)) {
      response.writeHead(404).end();
      return;
    }
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    const sent = extname(file) === ".html" ? paintedWhole(body) : body;
    response.writeHead(200, { "content-type": type, "content-encoding": "gzip" }).end(gzipSync(sent));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${BASE}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
