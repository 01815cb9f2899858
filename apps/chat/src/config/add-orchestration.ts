/** Writes an orchestration into the text of an `orch.config.json`; comments and everything else stay as they are. */
import { isDeepStrictEqual } from "node:util";
import { parseJson } from "@orch/core";
import { withoutComments } from "./jsonc.ts";

type Settings = { readonly orchestrations?: { readonly [name: string]: unknown } };

/** The text with the orchestration `name` in it; `undefined` where the text is not understood. */
export function addOrchestration(text: string, name: string, file: string): string | undefined {
  const plain = withoutComments(text);
  const before = read(plain);
  if (before === undefined || before.orchestrations?.[name] !== undefined) return undefined;
  const line = `${JSON.stringify(name)}: { "file": ${JSON.stringify(file)} }`;
  const within = /"orchestrations"\s*:\s*\{/.exec(plain);
  const at = within === null ? plain.indexOf("{") + 1 : within.index + within[0].length;
  const empty = /^\s*\}/.test(plain.slice(at));
  const added =
    within === null
      ? `\n  "orchestrations": {\n    ${line}\n  }${empty ? "\n" : ","}`
      : `\n    ${line}${empty ? (/^\s*\n/.test(text.slice(at)) ? "" : "\n  ") : ","}`;
  const result = text.slice(0, at) + added + text.slice(at);
  const wanted = { ...before, orchestrations: { ...before.orchestrations, [name]: { file } } };
  // The place was found in the text; that it was the right one shows when the whole is read.
  return isDeepStrictEqual(read(withoutComments(result)), wanted) ? result : undefined;
}

function read(plain: string): Settings | undefined {
  try {
    const value = parseJson(plain);
    return typeof value === "object" && value !== null ? (value as Settings) : undefined;
  } catch {
    return undefined;
  }
}
