/** The command line as data. */

import { parseArgs } from "node:util";
import { nearestName } from "@orch/agents";
import { UsageError } from "../errors/usage-error.ts";
import { BUNDLED_NAMES, type BundledName } from "./bundled-orchestrations.ts";
import { COMMANDS, OPTIONS } from "./command-line.ts";
import { SHELLS, type Shell } from "./completion.ts";
import { runArgs } from "./run-args.ts";
import { serveArgs, workerArgs } from "./serve-args.ts";

/** The format of standard output. */
export type OutputFormat = "text" | "json" | "stream-json" | "value";

/** Flags that every command understands. */
export interface Flags {
  readonly orchestration?: string;
  readonly model?: string;
  readonly output: OutputFormat;
  readonly continue: boolean;
  readonly resume?: string;
  readonly config?: string;
  readonly cwd?: string;
  readonly trust: boolean;
  /** Everything is logged; a text names the file. */
  readonly debug?: string | boolean;
  /** Whether the conversation is kept. */
  readonly session: boolean;
  /** Whether everything is told in lines that are read out. */
  readonly screenReader?: boolean;
}

/** `orch serve`. */
export interface ServeInvocation {
  readonly command: "serve";
  readonly port: number;
  readonly host: string;
  /** How long a stop waits for what goes on, in seconds. */
  readonly drain: number;
  readonly watch: boolean;
  readonly flags: Flags;
}

/** `orch worker`. */
export interface WorkerInvocation extends Omit<ServeInvocation, "command" | "watch"> {
  readonly command: "worker";
  /** The address by which the server reaches it, or the balancer before it. Default: where it listens. */
  readonly url?: string;
}

/** One command with its flags. */
export type Invocation =
  | { readonly command: "chat"; readonly print: boolean; readonly prompt?: string; readonly flags: Flags }
  | { readonly command: "run"; readonly orchestration: string; readonly input: string; readonly flags: Flags }
  | {
      readonly command: "new";
      readonly name: string;
      readonly copyOf?: BundledName;
      readonly flags: Flags;
    }
  | { readonly command: "completion"; readonly shell: Shell; readonly flags: Flags }
  | { readonly command: "check"; readonly target?: string; readonly flags: Flags }
  | { readonly command: "runs"; readonly all: boolean; readonly flags: Flags }
  | { readonly command: "inbox"; readonly flags: Flags }
  | { readonly command: "answer"; readonly question: string; readonly value: string; readonly flags: Flags }
  | {
      readonly command: "signal";
      readonly run: string;
      readonly kind: string;
      readonly value: string;
      /** What its sender names it, so that a second one of that name changes nothing. */
      readonly key?: string;
      readonly flags: Flags;
    }
  | { readonly command: "attach"; readonly run: string; readonly from: number; readonly flags: Flags }
  | { readonly command: "cancel"; readonly run: string; readonly flags: Flags }
  | { readonly command: "sessions" | "mcp"; readonly rest: readonly string[]; readonly flags: Flags }
  | ServeInvocation
  | WorkerInvocation
  | { readonly command: "acp"; readonly flags: Flags }
  | { readonly command: "explain"; readonly key?: string; readonly flags: Flags }
  | { readonly command: "doctor"; readonly target?: string; readonly flags: Flags }
  | {
      readonly command: "init" | "trust" | "version";
      readonly flags: Flags;
    }
  /** `about`: the word before `--help`. */
  | { readonly command: "help"; readonly about?: string; readonly flags: Flags };

const FORMATS: readonly OutputFormat[] = OPTIONS.output.choices;
const WORDS = [...new Set(COMMANDS.flatMap(({ word }) => word ?? []))];
/** A word that could be a command. */
const COMMAND_LIKE = /^[a-z][a-z-]+$/;

/** The options as they were written. */
export type Values = { readonly [name: string]: string | boolean | undefined };

/** How words and options are told apart. What is wrong with them is said in our own words. */
const READING = { options: OPTIONS, allowPositionals: true, strict: false, tokens: true } as const;

/**
 * Reads the command line.
 *
 * @throws UsageError (`ORCH_USAGE`) for an unknown flag, command or value, with the nearest known word.
 */
export function readArgs(args: readonly string[]): Invocation {
  const { values: all, positionals, tokens } = parseArgs({ args: [...args], ...READING });
  for (const token of tokens)
    if (token.kind === "option") checkOption(token.name, token.rawName, token.value);
  const values = all as Values;
  const flags = flagsOf(values);
  const [word, ...rest] = positionals;
  if (values["help"] === true) return { command: "help", flags, ...(word !== undefined && { about: word }) };
  if (values["version"] === true) return { command: "version", flags };
  const message =
    tokens.find(({ kind }) => kind === "option-terminator" || kind === "positional")?.kind ===
    "option-terminator";
  if (values["print"] === true || word === undefined || message) return chat(values, positionals, flags);
  switch (word) {
    case "run":
      return run(rest, values, flags);
    case "sessions":
    case "mcp":
      return { command: word, rest, flags };
    case "init":
    case "acp":
      return alone(word, rest, flags);
    case "serve":
      return serveArgs(rest, values, flags);
    case "worker":
      return workerArgs(rest, values, flags);
    case "doctor":
      if (rest.length > 1 || rest[0]?.includes("/") === false)
        throw new UsageError({
          problem: `orch doctor looks at the installation, or at one model named like openai/gpt-5.4-mini, and takes no "${rest[1] ?? rest[0]}".`,
        });
      return { command: word, flags, ...(rest[0] !== undefined && { target: rest[0] }) };
    case "new":
      return begin(rest, flags);
    case "completion":
      return completion(rest, flags);
    case "check":
      return check(rest, flags);
    case "config":
      return config(rest, flags);
    case "runs":
    case "inbox":
    case "answer":
    case "signal":
    case "attach":
    case "cancel":
      return runArgs(word, rest, values, flags);
    default:
      checkWord(word, rest.length === 0);
      return chat(values, positionals, flags);
  }
}

function checkOption(name: string, rawName: string, value: string | undefined): void {
  if (!Object.hasOwn(OPTIONS, name)) {
    const nearest = nearestName(name, Object.keys(OPTIONS));
    throw new UsageError({
      problem: `There is no option ${rawName}.`,
      ...(nearest !== undefined && { nearest: `--${nearest}` }),
    });
  }
  const option = OPTIONS[name as keyof typeof OPTIONS];
  const takesValue = option.type === "string";
  const mayTakeValue = "optional" in option;
  if (mayTakeValue && value === "") throw new UsageError({ problem: `${rawName}= needs a value.` });
  if (takesValue && (value === undefined || value === ""))
    throw new UsageError({ problem: `${rawName} needs a value.` });
  if (!takesValue && !mayTakeValue && value !== undefined)
    throw new UsageError({ problem: `${rawName} takes no value.` });
}

function flagsOf(values: Values): Flags {
  const text = (name: string): string | undefined => values[name] as string | undefined;
  const output = text("output") ?? (values["json"] === true ? "json" : "text");
  const format = FORMATS.find((one) => one === output);
  if (format === undefined) {
    throw new UsageError({
      problem: `--output knows ${FORMATS.join(", ")}, and not "${output}".`,
      ...nearestTo(output, FORMATS),
    });
  }
  const [orchestration, model, resume, config, cwd] = ["orc", "model", "resume", "config", "cwd"].map(text);
  if (resume !== undefined && values["continue"] === true)
    throw new UsageError({ problem: "--continue and --resume exclude each other." });
  if (values["no-session"] === true && (resume !== undefined || values["continue"] === true))
    throw new UsageError({ problem: "--no-session keeps nothing, so it goes on with no session." });
  const debug = values["debug"];
  return {
    output: format,
    ...(debug !== undefined && { debug }),
    continue: values["continue"] === true,
    trust: values["trust"] === true,
    session: values["no-session"] !== true,
    ...(values["screen-reader"] === true && { screenReader: true }),
    ...(orchestration !== undefined && { orchestration }),
    ...(model !== undefined && { model }),
    ...(resume !== undefined && { resume }),
    ...(config !== undefined && { config }),
    ...(cwd !== undefined && { cwd }),
  };
}

/** The nearest word, where one is near. */
function nearestTo(word = "", known: readonly string[]): { readonly nearest?: string } {
  const nearest = nearestName(word, known);
  return nearest === undefined ? {} : { nearest };
}

/**
 * A word that is nearly a command is one that was mistyped, and a lone word that could be a command was meant as one:
 * as a message it would cost money and answer something else.
 */
function checkWord(word: string, alone: boolean): void {
  const nearest = /\s/.test(word) ? undefined : nearestName(word, WORDS);
  if (nearest !== undefined) throw new UsageError({ problem: `There is no command "${word}".`, nearest });
  if (!alone || !COMMAND_LIKE.test(word)) return;
  throw new UsageError({
    problem: `There is no command "${word}": there are ${WORDS.join(", ")}. As a message it is: orch -- ${word}.`,
  });
}

function chat(values: Values, words: readonly string[], flags: Flags): Invocation {
  const print = values["print"] === true;
  if (values["input"] !== undefined)
    throw new UsageError({ problem: "--input belongs to orch run <orchestration>.", nearest: "run" });
  const prompt = words.join(" ").trim();
  return { command: "chat", print, flags, ...(prompt !== "" && { prompt }) };
}

function run(rest: readonly string[], values: Values, flags: Flags): Invocation {
  const [orchestration = flags.orchestration, surplus] = rest;
  if (orchestration === undefined)
    throw new UsageError({ problem: "orch run needs the name of an orchestration, like research." });
  if (surplus !== undefined)
    throw new UsageError({
      problem: `orch run does not know what to do with "${surplus}".`,
      nearest: "--input",
    });
  const input = values["input"] ?? "-";
  return { command: "run", orchestration, input: String(input), flags };
}

function alone(command: "init" | "acp", [surplus]: readonly string[], flags: Flags): Invocation {
  if (surplus !== undefined) throw new UsageError({ problem: `orch ${command} takes no "${surplus}".` });
  return { command, flags };
}

function check([target, surplus]: readonly string[], flags: Flags): Invocation {
  if (surplus !== undefined) throw new UsageError({ problem: `orch check takes no "${surplus}".` });
  return { command: "check", flags, ...(target !== undefined && { target }) };
}

function completion([named, surplus]: readonly string[], flags: Flags): Invocation {
  const shell = SHELLS.find((one) => one === named);
  if (shell === undefined || surplus !== undefined)
    throw new UsageError({
      problem: `orch completion needs one shell: ${SHELLS.join(", ")}.`,
      ...nearestTo(named, SHELLS),
    });
  return { command: "completion", shell, flags };
}

/** A name is that of a file, a state machine and a word of the command line. */
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

function begin([name, bundled, surplus]: readonly string[], flags: Flags): Invocation {
  if (name === undefined || !NAME.test(name))
    throw new UsageError({
      problem: "orch new needs a name of lower-case letters, digits and dashes, like my-flow.",
    });
  if (surplus !== undefined) throw new UsageError({ problem: `orch new takes no "${surplus}".` });
  if (bundled === undefined) return { command: "new", name, flags };
  const copyOf = BUNDLED_NAMES.find((one) => one === bundled);
  if (copyOf === undefined)
    throw new UsageError({
      problem: `orch new ${name} copies one of ${BUNDLED_NAMES.join(", ")}, and there is no "${bundled}".`,
      ...nearestTo(bundled, BUNDLED_NAMES),
    });
  return { command: "new", name, copyOf, flags };
}

function config(rest: readonly string[], flags: Flags): Invocation {
  const [action, key, surplus] = rest;
  if (action === "trust" && key === undefined) return { command: "trust", flags };
  if (action !== "explain" || surplus !== undefined)
    throw new UsageError({
      problem: "orch config knows explain and trust.",
      nearest: "orch config explain <key>",
    });
  return { command: "explain", flags, ...(key !== undefined && { key }) };
}
