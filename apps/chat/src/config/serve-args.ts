/** The words of `orch serve` and `orch worker`. */
import { UsageError } from "../errors/usage-error.ts";
import type { Flags, ServeInvocation, Values, WorkerInvocation } from "./args.ts";

const PORT = 4111;
const WORKER_PORT = 9080;
const DRAIN = 10;

/** Reads the words of `orch serve`. */
export function serveArgs(rest: readonly string[], values: Values, flags: Flags): ServeInvocation {
  if (rest.length > 0) throw new UsageError({ problem: `orch serve takes no "${rest[0]}".` });
  return {
    command: "serve",
    port: numberIn(values, "port", PORT, 65_535),
    host: String(values["host"] ?? "127.0.0.1"),
    drain: numberIn(values, "drain", DRAIN, 86_400),
    watch: values["watch"] === true,
    flags,
  };
}

/** Reads the words of `orch worker`. */
export function workerArgs(rest: readonly string[], values: Values, flags: Flags): WorkerInvocation {
  if (rest.length > 0) throw new UsageError({ problem: `orch worker takes no "${rest[0]}".` });
  const url = values["url"];
  if (url !== undefined && !(URL.canParse(String(url)) && /^https?:/.test(String(url))))
    throw new UsageError({ problem: `--url needs an address like http://workers:9080, and not "${url}".` });
  return {
    command: "worker",
    port: numberIn(values, "port", WORKER_PORT, 65_535),
    host: String(values["host"] ?? "127.0.0.1"),
    drain: numberIn(values, "drain", DRAIN, 86_400),
    ...(url !== undefined && { url: String(url) }),
    flags,
  };
}

function numberIn(values: Values, name: string, usual: number, most: number): number {
  const value = values[name];
  if (value === undefined) return usual;
  if (/^\d+$/.test(String(value)) && Number(value) <= most) return Number(value);
  throw new UsageError({ problem: `--${name} needs a whole number up to ${most}, and not "${value}".` });
}
