/**
 * Puts Chromium on a machine of CI that has none, for the tests of pages. It installs Debian's package, and only as root, on
 * Debian, where the environment says `CI`. Everywhere else, and where the installation fails, one line says that these tests
 * are skipped. It never fails.
 *
 *     node scripts/provide-chromium.ts
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { findChromium, NO_CHROMIUM } from "./chromium.ts";

/** Both commands together may take so long, in milliseconds. */
const LIMIT = 480_000;

/** The machine, as far as the decision needs it. */
export interface Machine {
  readonly chromium: string | undefined;
  readonly isRoot: boolean;
  readonly isDebian: boolean;
  readonly isCi: boolean;
}

/** What is to be done on a machine. */
export function wayToChromium({ chromium, isRoot, isDebian, isCi }: Machine): "there" | "install" | "skip" {
  if (chromium !== undefined) return "there";
  return isRoot && isDebian && isCi ? "install" : "skip";
}

/** Runs a command within `limit` milliseconds; gives what went wrong, or nothing. */
export function runWithin(limit: number, command: string, args: readonly string[]): string | undefined {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const { error, status, stderr } = spawnSync(command, args, {
    env,
    timeout: limit,
    killSignal: "SIGKILL",
    encoding: "utf8",
  });
  if (error !== undefined) return error.message;
  return status === 0 ? undefined : (stderr.trim().split("\n").at(-1) ?? `exit code ${status}`);
}

function install(): string | undefined {
  const end = Date.now() + LIMIT;
  return (
    runWithin(LIMIT, "apt-get", ["update"]) ??
    runWithin(end - Date.now(), "apt-get", ["install", "-y", "--no-install-recommends", "chromium"])
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const find = (): string | undefined => findChromium(process.env, existsSync);
  const way = wayToChromium({
    chromium: find(),
    isRoot: process.getuid?.() === 0,
    isDebian: existsSync("/etc/debian_version"),
    isCi: (process.env["CI"] ?? "") !== "",
  });
  const problem = way === "install" ? install() : undefined;
  const chromium = find();
  if (chromium !== undefined) console.log(`tests of pages use ${chromium}`);
  else
    console.log(problem === undefined ? NO_CHROMIUM : `${NO_CHROMIUM} The installation failed: ${problem}`);
}
