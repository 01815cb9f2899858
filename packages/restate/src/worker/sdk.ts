/** The SDK of Restate, which is loaded when a worker needs it, and the platform it needs. */
import process from "node:process";
import { RestatePlatformError } from "../errors/restate-platform-error.ts";
import type { WorkerLog } from "./worker-log.ts";

/** What a worker uses of the SDK. */
export type Sdk = typeof import("@restatedev/restate-sdk");

/** What takes the requests of a server. */
export type Endpoint = ReturnType<Sdk["endpoint"]>;

/** The platform, for tests that stand on another. */
export interface PlatformDoor {
  readonly node?: string;
  readonly load?: () => Promise<unknown>;
}

/** The oldest Node that the SDK runs on: older ones lack `Promise.withResolvers`, and a call to them hangs. */
const OLDEST_NODE = 22;

/**
 * Loads the SDK.
 *
 * @throws RestatePlatformError (`ORCH_RESTATE_PLATFORM`) when it is not there, or it or Node does not fit.
 */
export async function loadSdk(door: PlatformDoor = {}): Promise<Sdk> {
  const { node = process.versions.node, load = () => import("@restatedev/restate-sdk") } = door;
  if (Number.parseInt(node, 10) < OLDEST_NODE) throw new RestatePlatformError({ problem: "node", node });
  let sdk: Partial<Sdk>;
  try {
    sdk = (await load()) as Partial<Sdk>;
  } catch (cause) {
    throw new RestatePlatformError({ problem: "missing", node }, { cause });
  }
  const needs = ["endpoint", "object", "service", "serde", "RestatePromise", "InvocationIdParser"] as const;
  const lacks = needs.filter((name) => sdk[name] === undefined);
  if (lacks.length > 0) throw new RestatePlatformError({ problem: "version", node, lacks });
  return sdk as Sdk;
}

/** Writes the lines of a worker to stderr. */
export const systemLog: WorkerLog = ({ level, text, runId }) => {
  process.stderr.write(
    `[restate] ${level}${runId === undefined ? "" : ` ${JSON.stringify(runId)}`}: ${text}\n`,
  );
};
