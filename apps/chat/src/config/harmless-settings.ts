/**
 * The one list of what a file that is not the user's own may set. What the list does not call harmless waits for
 * `--trust`: a new setting does not compile before it is judged here, and a setting that nobody knows is refused.
 */
import type { ProviderConfig } from "@orch/agents";
import type { Config, McpConfig, ModelConfig, OrchestrationConfig } from "./config.ts";
import { put } from "./layers.ts";

/** A setting of a stranger's file that waits for the user's word, and why. */
export interface WeightySetting {
  /** Dotted, like `providers.groq.apiKey`. */
  readonly setting: string;
  readonly value: unknown;
  /** What it could do, as the end of a sentence that begins with the setting. */
  readonly why: string;
}

/** A stranger's settings, judged one by one. */
export interface JudgedSettings {
  readonly harmless: Config;
  readonly weighty: readonly WeightySetting[];
}

/** How deep the settings of a part stand: 1 for a value, 2 for a group, 3 for a group by name. */
const DEPTH: { readonly [part in keyof Config]-?: 1 | 2 | 3 } = {
  $schema: 1,
  model: 1,
  orchestration: 1,
  inbox: 1,
  limits: 2,
  ui: 2,
  updates: 1,
  log: 2,
  mcp: 3,
  host: 2,
  serve: 2,
  sessions: 2,
  context: 2,
  providers: 3,
  models: 3,
  orchestrations: 3,
};

type Inside<TPart extends keyof Config> = keyof NonNullable<Config[TPart]> & string;
/** Every setting there is. `*` stands for a name that the writer of the file chose. */
type Setting =
  | "$schema"
  | "model"
  | "orchestration"
  | "inbox"
  | `limits.${Inside<"limits">}`
  | `ui.${Inside<"ui">}`
  | "updates"
  | `log.${Inside<"log">}`
  | `mcp.*.${keyof McpConfig}`
  | `host.${Inside<"host">}`
  | `serve.${Inside<"serve">}`
  | `sessions.${Inside<"sessions">}`
  | `context.${Inside<"context">}`
  | `orchestrations.*.${keyof OrchestrationConfig}`
  | `models.*.${keyof ModelConfig}`
  | `providers.*.${keyof ProviderConfig}`;

/** `lower` holds while it is not above what holds without the file. */
type Verdict = "harmless" | "lower" | { readonly why: string };

const ADDRESS: Verdict = { why: "decides where your keys and conversations go" };
const KEY: Verdict = { why: "decides whose account sees your conversations" };
const WORKERS: Verdict = { why: "decides who runs your orchestrations and sees your conversations" };
const REACH: Verdict = { why: "decides who may reach your orchestrations and conversations" };
const COST: Verdict = { why: "decides how much a call may cost or how long it may take" };
const FACT: Verdict = {
  why: "changes what is assumed of a model, and with it what is sent and what is counted",
};
const MODEL_ENTRY = {
  contextWindow: FACT,
  maxOutputTokens: COST,
  price: FACT,
  caps: FACT,
  timeouts: COST,
  attempts: COST,
} as const satisfies { readonly [setting in keyof ModelConfig]-?: Verdict };

const VERDICTS: { readonly [setting in Setting]: Verdict } = {
  $schema: "harmless",
  // A name only: the provider keeps the address and the key that the user gave it.
  model: "harmless",
  orchestration: "harmless",
  // It stops at most what the user can stop.
  inbox: "harmless",
  "orchestrations.*.model": "harmless",
  "orchestrations.*.states": "harmless",
  // It is shown, cleaned like all foreign text.
  "orchestrations.*.description": "harmless",
  "host.kind": WORKERS,
  "host.ingress": WORKERS,
  "host.admin": WORKERS,
  "host.prefix": WORKERS,
  "host.identityKeys": WORKERS,
  "serve.orchestrations": REACH,
  "serve.hosts": REACH,
  "serve.origins": REACH,
  "serve.perMinute": REACH,
  // A name only: the code is asked about when it is loaded, by its content.
  "orchestrations.*.file": "harmless",
  "ui.theme": "harmless",
  "ui.glyphs": "harmless",
  "ui.vim": "harmless",
  "ui.screenReader": "harmless",
  "ui.notify": "harmless",
  "limits.maxTurns": "lower",
  "limits.concurrency": "lower",
  "mcp.*.command": { why: "starts a program as you" },
  "mcp.*.args": { why: "decides what a program that is started as you does" },
  "mcp.*.env": { why: "decides how a program that is started as you works" },
  "mcp.*.cwd": { why: "decides where a program is started as you" },
  "mcp.*.url": ADDRESS,
  "mcp.*.headers": ADDRESS,
  "mcp.*.allow": { why: "decides which tools a model has" },
  "mcp.*.approve": { why: "decides which calls you are asked about" },
  updates: { why: "decides whether a registry is asked for newer versions" },
  "log.level": { why: "decides what is written down of your conversations" },
  "sessions.file": { why: "decides where your conversations are kept" },
  "sessions.keepDays": { why: "decides when your conversations are deleted" },
  "context.strategy": { why: "decides how much of a conversation is sent, and what that costs" },
  "context.share": { why: "decides how much of a conversation is sent, and what that costs" },
  "models.*.contextWindow": MODEL_ENTRY.contextWindow,
  "models.*.maxOutputTokens": MODEL_ENTRY.maxOutputTokens,
  "models.*.price": MODEL_ENTRY.price,
  "models.*.caps": MODEL_ENTRY.caps,
  "models.*.timeouts": MODEL_ENTRY.timeouts,
  "models.*.attempts": MODEL_ENTRY.attempts,
  "providers.*.contextWindow": MODEL_ENTRY.contextWindow,
  "providers.*.maxOutputTokens": MODEL_ENTRY.maxOutputTokens,
  "providers.*.price": MODEL_ENTRY.price,
  "providers.*.caps": MODEL_ENTRY.caps,
  "providers.*.timeouts": MODEL_ENTRY.timeouts,
  "providers.*.attempts": MODEL_ENTRY.attempts,
  // Short names for models of a provider that the user has.
  "providers.*.models": "harmless",
  // Another kind has another address, and would get the key of this name: `openai` as `anthropic`, `stripe` as `openai`.
  "providers.*.kind": ADDRESS,
  "providers.*.baseURL": ADDRESS,
  "providers.*.headers": ADDRESS,
  "providers.*.create": ADDRESS,
  "providers.*.apiKey": KEY,
  "providers.*.apiKeyEnv": { why: "names a variable of your environment, whose value would be sent" },
  "providers.*.paths": { why: "decides which of your files are quoted" },
  "providers.*.preset": FACT,
  "providers.*.compat": FACT,
  "providers.*.cache": COST,
  "providers.*.cachePlacement": COST,
  "providers.*.citations": FACT,
};

/** Judges the settings of a file that is not the user's own; `below` is what holds without it. */
export function judgeSettings(config: Config, below: Config): JudgedSettings {
  const harmless: Record<string, unknown> = {};
  const weighty: WeightySetting[] = [];
  for (const [path, value] of settingsOf(config)) {
    const why = objectionTo(path, value, below);
    if (why === undefined) put(harmless, path, value);
    else weighty.push({ setting: path.join("."), value, why });
  }
  return { harmless: harmless as Config, weighty };
}

/** Each setting as a whole, with its path: `providers.openai.models` is one, whatever is in it. */
function* settingsOf(config: Config): Generator<[readonly string[], unknown]> {
  for (const [part, value] of Object.entries(config)) {
    const depth = Object.hasOwn(DEPTH, part) ? DEPTH[part as keyof Config] : 1;
    yield* at([part], value, depth);
  }
}

function* at(
  path: readonly string[],
  value: unknown,
  depth: number,
): Generator<[readonly string[], unknown]> {
  if (value === undefined) return;
  if (path.length === depth || typeof value !== "object" || value === null) yield [path, value];
  else for (const [key, item] of Object.entries(value)) yield* at([...path, key], item, depth);
}

function objectionTo(path: readonly string[], value: unknown, below: Config): string | undefined {
  const name = (path.length === 3 ? [path[0], "*", path[2]] : path).join(".");
  const verdict: Verdict = Object.hasOwn(VERDICTS, name)
    ? VERDICTS[name as Setting]
    : { why: "is not a setting that is known" };
  if (verdict === "harmless") return undefined;
  if (verdict !== "lower") return verdict.why;
  const [part, key] = path as ["limits", Inside<"limits">];
  const holds = below[part]?.[key];
  if (typeof value === "number" && holds !== undefined && value <= holds) return undefined;
  return `raises a limit${holds === undefined ? "" : ` of ${holds}`}`;
}

/** Every setting that is judged; `*` stands for a name. */
export const SETTINGS: readonly string[] = Object.keys(VERDICTS);
