/**
 * Loaded into the chat before its own code (`node --import`): lets Node load the sources, `.tsx` too, and measures
 * what runs between two signals. It is told by the environment what to measure and where to write it.
 */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire, registerHooks, stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Carriers } from "./carriers.ts";
import { Counter, isSource } from "./tally.ts";

/** What is given over the environment, as JSON in `ORCH_WALK`. */
export interface PreloadOptions {
  readonly checkout: string;
  /** Where the result is written. */
  readonly file: string;
  /** The text to follow. Without it, calls are counted. */
  readonly marker?: string;
}

const options = JSON.parse(process.env["ORCH_WALK"]!) as PreloadOptions;
const { checkout, file, marker } = options;
const carriers = marker === undefined ? undefined : new Carriers();
const { transformSync } = createRequire(join(checkout, "package.json"))(
  "esbuild",
) as typeof import("esbuild");

registerHooks({
  load(url, context, next) {
    const path = url.startsWith("file://") ? fileURLToPath(url) : "";
    const screen = path.endsWith(".tsx");
    const followed = carriers !== undefined && path.startsWith(checkout) && isSource(path);
    if (!screen && !followed) return next(url, context);
    const text = readFileSync(path, "utf8");
    const code = screen
      ? transformSync(text, { loader: "tsx", jsx: "automatic", format: "esm", target: "node22" }).code
      : stripTypeScriptTypes(text);
    const source = followed ? carriers.rewrite(code, url) : code;
    return { format: "module", source, shortCircuit: true };
  },
});

const counter = carriers === undefined ? new Counter(checkout) : undefined;

/** Whoever waits for the file never sees half of it. */
function report(value: unknown): void {
  writeFileSync(`${file}.part`, JSON.stringify(value));
  renameSync(`${file}.part`, file);
}

let begun = false;
process.on("SIGUSR2", () => {
  const tally = counter?.take();
  if (begun && tally !== undefined) report(tally);
  else if (carriers === undefined) report("begun");
  else if (begun) report({ carriers: [...carriers.found.values()], forms: [...carriers.forms] });
  else {
    carriers.follow(marker);
    report("begun");
  }
  begun = true;
});

if (carriers !== undefined) {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = ((chunk: unknown, ...rest: never[]) => {
    // On the screen: what happens to the text from now on is no part of its way.
    if (begun && String(chunk).includes(marker!)) carriers.follow(undefined);
    return write(chunk as string, ...rest);
  }) as typeof process.stdout.write;
}
