/** Requests to providers, written down: where they went and what came of them, and at `debug` what was sent. */
import type { Clock } from "@orch/core";
import { isWritten, type Log } from "./log.ts";

/** Does what `fetch` does, and writes a line for each request. What it carries is written at `debug` only. */
export function loggedFetch(fetch: typeof globalThis.fetch, log: Log, clock: Clock): typeof globalThis.fetch {
  return async (input, init) => {
    const began = clock.now();
    const method = init?.method ?? (input instanceof Request ? input.method : "GET");
    const about = { method, host: hostOf(input) };
    log.write("debug", "request.sent", { ...about, ...bodyOf(init?.body) });
    try {
      const response = await fetch(input, init);
      const level = response.ok ? "info" : "warn";
      log.write(level, "request", { ...about, status: response.status, ms: clock.now() - began });
      if (!response.ok && isWritten("debug", log.level)) void tellRefusal(response.clone(), about, log);
      return response;
    } catch (error) {
      log.write("warn", "request", { ...about, failed: reasonOf(error), ms: clock.now() - began });
      throw error;
    }
  };
}

/** The address without its path and its query, which may hold keys. */
function hostOf(input: Parameters<typeof globalThis.fetch>[0]): string {
  const address = input instanceof Request ? input.url : String(input);
  return URL.canParse(address) ? new URL(address).host : "(no address)";
}

function bodyOf(body: unknown): { readonly body?: string } {
  return typeof body === "string" ? { body } : {};
}

async function tellRefusal(response: Response, about: object, log: Log): Promise<void> {
  const body = await response.text().catch(() => undefined);
  if (body !== undefined) log.write("debug", "request.refused", { ...about, body });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  return code ?? cause?.code ?? error.name;
}
