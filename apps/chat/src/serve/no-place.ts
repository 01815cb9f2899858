import { UsageError } from "../errors/usage-error.ts";

/** Why nothing can be listened to there, in words that help. */
export function noPlace(reason: "taken" | "forbidden" | "foreign", host: string, port: number): UsageError {
  switch (reason) {
    case "taken":
      return new UsageError({
        problem: `Port ${port} is taken. Give another by --port, or 0 for a free one.`,
      });
    case "forbidden":
      return new UsageError({
        problem: `Port ${port} may not be used by you. Give one above 1023 by --port.`,
      });
    case "foreign":
      return new UsageError({ problem: `"${host}" is no address of this machine. Give one by --host.` });
  }
}
