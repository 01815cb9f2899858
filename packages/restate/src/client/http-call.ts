/** Calls to a Restate server: each has a time limit, and tells by a coded error what went wrong. */
import { type Clock, type Json, parseJson } from "@orch/core";
import { messageOf } from "@orch/core/doors";
import { RestateRefusedError } from "../errors/restate-refused-error.ts";
import { RestateSilentError } from "../errors/restate-silent-error.ts";
import { RestateUnreachableError } from "../errors/restate-unreachable-error.ts";
import type { FetchDoor } from "./fetch-door.ts";

/** What all calls to a server have in common. */
export interface CallDoors {
  readonly fetch: FetchDoor;
  readonly clock: Clock;
  /** How long a call may take, in milliseconds. */
  readonly timeout: number;
  readonly headers: { readonly [name: string]: string };
}

/** One call. */
export interface HttpCall {
  readonly url: string;
  readonly method?: "GET" | "POST" | "PATCH";
  readonly body?: unknown;
  readonly headers?: { readonly [name: string]: string };
}

/** What the server said. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: Json | undefined;
  readonly text: string;
}

/** Makes a call. @throws RestateUnreachableError, RestateSilentError. */
export async function callServer(call: HttpCall, doors: CallDoors): Promise<HttpAnswer> {
  const { url, method = "POST", body, headers } = call;
  const { timeout, clock } = doors;
  const controller = new AbortController();
  const silent = new RestateSilentError({ url, timeout });
  const stop = clock.after(timeout, () => controller.abort(silent));
  try {
    const answer = await doors.fetch(url, {
      method,
      headers: {
        accept: "application/json",
        "content-type": "application/json",
        ...doors.headers,
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: controller.signal,
    });
    const text = await answer.text();
    return { status: answer.status, body: jsonIn(text), text };
  } catch (cause) {
    if (controller.signal.aborted) throw silent;
    throw new RestateUnreachableError({ url, problem: problemOf(cause) }, { cause });
  } finally {
    stop();
  }
}

/** The value of an answer. @throws RestateRefusedError. */
export function answeredValue({ status, body, text }: HttpAnswer, url: string): Json | undefined {
  if (status >= 200 && status < 300) return body;
  throw new RestateRefusedError({ url, status, problem: saidIn(body) ?? text.slice(0, 500) });
}

/** The words of an error of the server. */
export function saidIn(body: Json | undefined): string | undefined {
  const { message } = (body ?? {}) as { readonly message?: Json };
  return typeof message === "string" ? message : undefined;
}

function jsonIn(text: string): Json | undefined {
  try {
    return text === "" ? undefined : parseJson(text, { maxDepth: 1_000 });
  } catch {
    return undefined;
  }
}

/** What the system says: `fetch` hides it in causes. */
function problemOf(error: unknown): string {
  const { cause } = error as { readonly cause?: unknown };
  const { code } = (cause ?? error) as { readonly code?: unknown };
  return typeof code === "string" ? code : messageOf(cause ?? error);
}
