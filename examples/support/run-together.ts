/** Runs examples one after another in one process, since most of a short program's time is its start. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { childEnvironment } from "../../scripts/child-environment.ts";

/** What a program writes. */
export interface Written {
  readonly stdout: string;
  readonly stderr: string;
}

const MARK = "--- ";

/**
 * Runs examples of a folder by their names, none of which takes arguments or ends its process; gives what one of them writes. They are run
 * when the first of them is asked for. One that fails is the last that has written, and its failure stands in its `stderr`.
 */
export function runTogether(folder: string, names: readonly string[]): (name: string) => Promise<Written> {
  const program = names.map(
    (name) => `console.log("${MARK}${name}"); console.error("${MARK}${name}"); await import("./${name}.ts");`,
  );
  const flags = ["--conditions=@orch/source", "--disable-warning=ExperimentalWarning", "--input-type=module"];
  let ran: Promise<Written> | undefined;
  return async (name) => {
    ran ??= promisify(execFile)(process.execPath, [...flags, "--eval", program.join("\n")], {
      cwd: folder,
      env: childEnvironment(),
    }).catch((failed: Written) => failed);
    const { stdout, stderr } = await ran;
    return { stdout: partOf(stdout, name), stderr: partOf(stderr, name) };
  };
}

function partOf(text: string, name: string): string {
  const [, after = "it did not run"] = text.split(`${MARK}${name}\n`);
  return after.split(new RegExp(`^${MARK}`, "m"))[0]!;
}
