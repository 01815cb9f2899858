/** Reads the input of `orch run`. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { isOrchError, type Json, parseJson } from "@orch/core";
import { withoutComments } from "../config/jsonc.ts";
import { InputError } from "../errors/input-error.ts";
import type { Doors } from "../process/doors.ts";
import { leadsElsewhere } from "../process/inside-folder.ts";
import { readProblem } from "../process/read-problem.ts";
import { readStdin } from "./read-stdin.ts";

/**
 * Reads one JSON value from `file`, or from standard input for `-`. A file that does not end in
 * `.json` is taken as a text.
 *
 * @throws InputError (`ORCH_INPUT`), also where a link in the folder leads out of it.
 */
export async function readInput(file: string, doors: Doors): Promise<Json> {
  if (file !== "-" && (await leadsElsewhere(doors.cwd, file)))
    throw new InputError({ file, problem: "it is a link that leads out of this folder" });
  const text =
    file === "-" ? await readStdin(doors.stdin, doors.clock) : await readText(file, resolve(doors.cwd, file));
  if (text.trim() === "") throw new InputError({ file, problem: "it is empty" });
  if (file !== "-" && !/\.jsonc?$/.test(file)) return text;
  try {
    return parseJson(withoutComments(text));
  } catch (cause) {
    const { detail = "it is not JSON" } = isOrchError(cause, "ORCH_JSON") ? cause.facts : {};
    throw new InputError({ file, problem: `it is not JSON: ${detail}` }, { cause });
  }
}

async function readText(file: string, path: string): Promise<string> {
  return readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new InputError({ file, problem: readProblem(cause) }, { cause });
  });
}
