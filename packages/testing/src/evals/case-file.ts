/** Cases as files of JSON, made to be read in a review. */
import type { Json } from "@orch/core";
import { EvalCaseError } from "../errors/eval-case-error.ts";
import type { EvalCase } from "./eval-case.ts";
import { objectIn } from "./object-in.ts";
import { packCalls, unpackCalls } from "./packed-calls.ts";

/** Writes a case as a file: indented, and each model call with only what is new in it. */
export async function writeCase(path: string, made: EvalCase): Promise<void> {
  const { mkdir, writeFile } = await import("node:fs/promises");
  const { dirname } = await import("node:path");
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify({ ...made, calls: packCalls(made.calls) }, null, 2)}\n`);
}

/**
 * Reads a case.
 *
 * @throws EvalCaseError (`ORCH_EVAL_CASE`) when the file is no case.
 */
export async function readCase(path: string): Promise<EvalCase> {
  const { readFile } = await import("node:fs/promises");
  return caseIn(await readFile(path, "utf8"), path);
}

/** Reads every `.json` file of a folder as a case, in the order of their names. */
export async function readCases(folder: string): Promise<readonly EvalCase[]> {
  const { readdir } = await import("node:fs/promises");
  const { join } = await import("node:path");
  const files = (await readdir(folder)).filter((file) => file.endsWith(".json")).sort();
  return Promise.all(files.map((file) => readCase(join(folder, file))));
}

const LISTS = ["answers", "calls", "tools"] as const;

function caseIn(text: string, name: string): EvalCase {
  const found = objectIn(text, name);
  if (found["version"] !== 1) throw new EvalCaseError({ name, problem: "it is not of version 1" });
  const lacks = LISTS.find((list) => !Array.isArray(found[list]));
  if (lacks !== undefined) throw new EvalCaseError({ name, problem: `it lacks the list "${lacks}"` });
  const expected = found["expected"];
  if (typeof found["name"] !== "string" || typeof expected !== "object" || expected === null) {
    throw new EvalCaseError({ name, problem: "it lacks its name or what is expected" });
  }
  const made = found as unknown as EvalCase;
  return { ...made, calls: unpackCalls(found["calls"] as readonly Json[], name) };
}
