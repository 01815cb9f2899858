import type { Clock } from "@orch/core";
import { systemClock } from "@orch/core/doors";
import { type FetchDoor, systemFetch } from "./fetch-door.ts";
import { answeredValue, callServer } from "./http-call.ts";

/** How a worker is registered. */
export interface AdminOptions {
  /** How long the call may take, in milliseconds. Default 30,000. */
  readonly timeout?: number;
  /** Whether a deployment that is registered under this address is replaced. For tests: invocations that began on it may break. */
  readonly force?: boolean;
  /** Sent with the call, like a token of the admin API. */
  readonly headers?: { readonly [name: string]: string };
  readonly fetch?: FetchDoor;
  readonly clock?: Clock;
}

/** Tells a server of a deployment. The server calls it at once, to learn what it has. */
export async function registerDeployment(admin: string, url: string, options: AdminOptions): Promise<void> {
  const { timeout = 30_000, force = false, headers = {}, fetch = systemFetch, clock = systemClock } = options;
  const call = { url: `${admin.replace(/\/+$/, "")}/deployments`, body: { uri: url, force } };
  answeredValue(await callServer(call, { timeout, headers, fetch, clock }), call.url);
}
