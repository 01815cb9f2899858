/**
 * Counts the ways through the code, on any checkout whose dependencies are installed.
 *
 *     node scripts/walks.ts                      of this checkout
 *     node scripts/walks.ts ../old .             of two, side by side
 *     node scripts/walks.ts --list               each frame and carrier by name too
 *
 * - **frames**: the functions of `packages/core/src` on the stack when a state's own function is called.
 * - **files, functions, calls**: what V8's precise coverage counts in `packages/<name>/src` and `apps/<name>/src`
 *   between two moments, when everything ran once before. A file's own code counts as no function.
 * - **carriers**: the functions that get a text in a parameter, await it, iterate over it, or give it by `return` or
 *   `yield`, up to the moment when the terminal is sent it. A *contact* is one such moment. A carrier is *handed* the
 *   text where neither its callers nor a function that it called had it: the text waited in a queue, a field or a
 *   promise. *Forms* are the values of `type` in the objects that it travels in.
 *
 * The chat is the real program on a pseudo-terminal, with a server of the chat completions API on this machine.
 */
import { execFile } from "node:child_process";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { Carrier } from "./walks/carriers.ts";
import { countMessage, followText, type Way } from "./walks/chat.ts";
import type { CallWay, EngineWalks, Frames } from "./walks/engine.ts";
import type { PreloadOptions } from "./walks/preload.ts";
import type { Tallies, Tally } from "./walks/tally.ts";

const here = dirname(fileURLToPath(import.meta.url));
const run = promisify(execFile);

interface Walks {
  readonly engine: EngineWalks;
  readonly message: Tallies;
  readonly text: Way;
  readonly call: CallWay;
}

async function walk(checkout: string): Promise<Walks> {
  return {
    engine: await inProcess<EngineWalks>(checkout),
    message: await countMessage(checkout),
    text: await followText(checkout),
    call: await inProcess<CallWay>(checkout, { checkout, file: "", marker: "" }),
  };
}

/** Runs the walks of `engine.ts` in a process of its own; with options for the preload it follows a tool call. */
async function inProcess<TResult>(checkout: string, preload?: PreloadOptions): Promise<TResult> {
  const file = (name: string): string => join(here, "walks", name);
  const preloaded = preload === undefined ? [] : ["--import", pathToFileURL(file("preload.ts")).href];
  const flags = ["--conditions=@orch/source", "--no-warnings", ...preloaded];
  const { stdout } = await run(process.execPath, [...flags, file("engine.ts"), checkout], {
    env: { ...process.env, ...(preload !== undefined && { ORCH_WALK: JSON.stringify(preload) }) },
    maxBuffer: 1e8,
  });
  return JSON.parse(stdout) as TResult;
}

const shownFrames = ({ frames, files }: Frames): string => `${frames} frames in ${files} files`;
const shownTally = ({ files, functions, calls }: Tally): string =>
  `${files} files, ${functions} functions, ${calls} calls`;

function shownCarriers(carriers: readonly Carrier[]): string {
  const contacts = carriers.reduce((sum, one) => sum + one.contacts, 0);
  const handed = carriers.filter((one) => one.handedOver).length;
  const files = new Set(carriers.map(({ file }) => file)).size;
  return `${carriers.length} carriers in ${files} files, ${contacts} contacts, ${handed} handed`;
}

const inPackages = ({ file }: Carrier): boolean => file.includes("/packages/");

/** The table's rows: a label, and how it is read from the walks. */
const ROWS: readonly (readonly [string, (walks: Walks) => string])[] = [
  ["run(input) to the first invoke", ({ engine }) => shownFrames(engine.firstInvoke)],
  ["to the second invoke", ({ engine }) => shownFrames(engine.secondInvoke)],
  ["three states in memory", ({ engine }) => shownTally(engine.threeStates)],
  ["three states in SQLite", ({ engine }) => shownTally(engine.durable)],
  ["ChatRuntime: a message, one tool call", ({ engine }) => shownTally(engine.turn)],
  ["chat: the same, from key to screen", ({ message }) => shownTally(message.all)],
  ["  in the packages", ({ message: { all, rooms } }) => shownTally(less(all, rooms["apps/chat"]!))],
  ["  in the app", ({ message }) => shownTally(message.rooms["apps/chat"]!)],
  ["a piece of text, in the packages", ({ text }) => shownCarriers(text.carriers.filter(inPackages))],
  ["  in the app", ({ text }) => shownCarriers(text.carriers.filter((one) => !inPackages(one)))],
  ["  forms", ({ text }) => text.forms.join(", ")],
  ["a tool call: stack at the tool", ({ engine }) => shownFrames(engine.toolCall)],
  ["  from the model to the tool", ({ call }) => shownCarriers(call.there)],
  ["  and back to the model", ({ call }) => shownCarriers(call.whole)],
  ["  forms", ({ call }) => call.forms.join(", ")],
];

function less(all: Tally, part: Tally): Tally {
  return {
    files: all.files - part.files,
    functions: all.functions - part.functions,
    calls: all.calls - part.calls,
  };
}

/** Each frame and carrier, for whoever wants to know where a figure comes from. */
function details({ engine, text, call }: Walks, checkout: string): string {
  const named = (carriers: readonly Carrier[]): readonly string[] =>
    carriers.map(({ name, file, contacts, handedOver }) => {
      const path = file.replace(`${pathToFileURL(checkout).href}/`, "");
      return `${name}  ${path}  ${contacts}${handedOver ? "  handed" : ""}`;
    });
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ["first invoke", engine.firstInvoke.list],
    ["second invoke", engine.secondInvoke.list],
    ["a piece of text", named(text.carriers)],
    ["stack at the tool", engine.toolCall.list],
    ["a tool call", named(call.whole)],
  ];
  return parts
    .map(([title, lines]) => `${title}\n${lines.map((line) => `    ${line}`).join("\n")}\n`)
    .join("\n");
}

const args = process.argv.slice(2);
const named = args.filter((arg) => !arg.startsWith("--"));
const checkouts = (named.length === 0 ? [join(here, "..")] : named).map((path) => resolve(path));
const walks: Walks[] = [];
for (const checkout of checkouts) walks.push(await walk(checkout));
for (const [label, shown] of ROWS) {
  const cells = walks.map(shown);
  process.stdout.write(`${label.padEnd(40)}${cells.join("\n".padEnd(41))}\n`);
}
if (args.includes("--list"))
  for (const [nth, one] of walks.entries()) process.stdout.write(`\n${details(one, checkouts[nth]!)}`);
