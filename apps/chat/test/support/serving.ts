/** `orch serve`, or `orch worker`, as a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { childEnvironment } from "../../../../scripts/child-environment.ts";
import type { Sandbox } from "./sandbox.ts";

/** A server that has said its address. */
export interface Serving {
  readonly url: string;
  readonly child: ChildProcess;
  /** Its exit code; `null` where a signal ended it. */
  readonly ended: Promise<number | null>;
  /** What it wrote on standard error until now. */
  readonly told: () => string;
  /** Resolves when it has written this on standard error. */
  readonly says: (text: string) => Promise<void>;
}

/** Starts one in a sandbox, on a free port, with the model that needs no key. */
export async function serving(
  file: string,
  { folder, home }: Pick<Sandbox, "folder" | "home">,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
  command: "serve" | "worker" = "serve",
): Promise<Serving> {
  const argv = [file, command, "--port", "0", "--model", "local/extractive", ...args];
  const child = spawn(process.execPath, argv, { cwd: folder, env: childEnvironment({ HOME: home, ...env }) });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  let [out, told] = ["", ""];
  let wake = Promise.withResolvers<undefined>();
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    told += text;
    wake.resolve(undefined);
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
      if (out.includes("\n")) resolve(out.trim());
    });
    void ended.then((code) => reject(new TypeError(`orch ${command} ended with ${code}: ${told}`)));
  });
  const says = async (text: string): Promise<void> => {
    while (!told.includes(text)) {
      await wake.promise;
      wake = Promise.withResolvers();
    }
  };
  return { url, child, ended, told: () => told, says };
}
