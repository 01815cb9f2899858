import type { ServerResponse } from "node:http";

/** Writes an answer, and waits for a reader that is slow. Resolves when all is written or the reader has gone. */
export async function writeResponse(
  response: Response,
  outgoing: ServerResponse,
  withoutBody: boolean,
): Promise<void> {
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) outgoing.appendHeader(name, value);
  if (response.body === null || withoutBody) {
    await response.body?.cancel();
    outgoing.end();
    return;
  }
  outgoing.flushHeaders();
  const reader = response.body.getReader();
  const gone = new Promise<"gone">((resolve) => {
    if (outgoing.destroyed) resolve("gone");
    outgoing.once("close", () => resolve("gone"));
  });
  try {
    for (;;) {
      const read = await Promise.race([reader.read(), gone]);
      if (read === "gone") return;
      if (read.done) break;
      if (!outgoing.write(read.value) && (await Promise.race([drained(outgoing), gone])) === "gone") return;
    }
    outgoing.end();
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => outgoing.once("drain", () => resolve()));
}
