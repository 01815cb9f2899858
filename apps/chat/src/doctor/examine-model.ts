/** `orch doctor <provider/model>`: ten small calls show what a server can do, and which settings follow. */
import {
  type AssistantMessage,
  generate,
  type Model,
  type ModelsConfig,
  type ProviderConfig,
  resolveModel,
} from "@orch/agents";
import type { Flags } from "../config/args.ts";
import { UsageError } from "../errors/usage-error.ts";
import { exitCodes } from "../headless/exit-codes.ts";
import { jsonLine } from "../headless/result.ts";
import type { HeadlessOutput } from "../headless/run-headless.ts";
import type { Doors } from "../process/doors.ts";
import type { Setup } from "../setup/compose.ts";
import { type SafeText, safe, safeJson, safeText, visibleText } from "../terminal/safe-text.ts";
import { plainText } from "../terminal/styled.ts";
import { wrapLine } from "../terminal/width.ts";
import { diagnosisLines } from "./doctor.ts";
import { PROBES, type Probe, type ProbeResult, type ProbeResults } from "./probe.ts";
import {
  type ConfiguredModel,
  endsProbing,
  findingOf,
  type ProbeFinding,
  THOUGHT,
} from "./probe-findings.ts";
import { WireWitness } from "./wire-witness.ts";

/** Probes the model, tells each finding as it is there, and gives the exit code. Ctrl-C ends it with what is known. */
export async function examineModel(
  name: string,
  flags: Flags,
  setup: Setup,
  doors: Doors,
  { stdout, stderr }: HeadlessOutput,
): Promise<number> {
  const prober = new Prober(name, setup, doors);
  const columns = doors.stdout.isTTY ? doors.stdout.columns || 80 : undefined;
  const plain = flags.output === "text";
  const configured = await prober.configured();
  stderr.write(announcement(prober.where, doors.stderr));
  const controller = new AbortController();
  const off = doors.onSignal("SIGINT", () => controller.abort());
  const tell = (finding: ProbeFinding): void => {
    if (plain) stdout.write(safe`${diagnosisLines(finding, columns)}\n`);
  };
  const findings = await probeAll(prober, configured, controller.signal, tell).finally(off);
  const told = { name, findings, config: prober.configLine(findings) };
  stdout.write(plain ? endOf(told) : jsonOf(told));
  if (controller.signal.aborted) return exitCodes.SIGINT;
  return isWell(findings) ? exitCodes.done : exitCodes.failed;
}

/** What is about to happen, before anything is sent. */
function announcement(where: string, { isTTY, columns }: Doors["stderr"]): SafeText {
  const asks = PROBES.map((probe) => probe.asks).join(", ");
  const text = visibleText(
    `${PROBES.length} small calls go to ${where}, and cost what they cost there: ${asks}. Ctrl-C ends them.`,
  );
  const width = isTTY ? (columns || 80) - 1 : Number.POSITIVE_INFINITY;
  const rows = wrapLine([{ text }], width, { soft: true }).map(plainText);
  return safe`${safeText(rows.join("\n"))}\n`;
}

/** Makes one probe after the other, until the first one says that none can tell anything. */
async function probeAll(
  prober: Prober,
  configured: ConfiguredModel,
  signal: AbortSignal,
  tell: (finding: ProbeFinding) => void,
): Promise<readonly ProbeFinding[]> {
  const findings: ProbeFinding[] = [];
  let so: ProbeResults = {};
  for (const probe of PROBES) {
    const result = await prober.probe(probe, so, signal);
    if (signal.aborted) break;
    so = { ...so, [probe.name]: result };
    const finding = findingOf(probe.name, result, configured);
    findings.push(finding);
    tell(finding);
    if (probe.name === "text" && endsProbing(result)) break;
  }
  return findings;
}

interface Told {
  readonly name: string;
  readonly findings: readonly ProbeFinding[];
  readonly config: { readonly [key: string]: unknown } | undefined;
}

function isWell(findings: readonly ProbeFinding[]): boolean {
  return findings.length > 0 && findings.every(({ state }) => state !== "broken");
}

function endOf({ findings, config }: Told): SafeText {
  const left = PROBES.length - findings.length;
  const end = left === 0 ? "" : `${left} of the ${PROBES.length} calls were not made.\n`;
  if (config !== undefined)
    return safe`\n${visibleText(`${end}What follows for orch.config.json:`, { multiline: true })}\n${safeJson(config)}\n`;
  const fits = left === 0 ? "The settings fit this server." : "";
  return safe`\n${visibleText(`${end}${fits}`.trim(), { multiline: true })}\n`;
}

function jsonOf({ name, findings, config }: Told): SafeText {
  const plain = findings.map(({ compat: _compat, caps: _caps, ...finding }) => finding);
  const notMade = PROBES.length - findings.length;
  const told = { v: 1, ok: isWell(findings), model: name, findings: plain, notMade };
  return jsonLine({ ...told, ...(config !== undefined && { config }) });
}

/** An answer of the model with a thought. */
function thoughtful({ id }: Model): AssistantMessage {
  const thought = { type: "reasoning", text: THOUGHT, opaque: { field: "reasoning_content" } } as const;
  const content = [thought, { type: "text", text: "ready" }] as const;
  return { role: "assistant", origin: id, finish: { reason: "stop" }, content };
}

/** Makes models whose flags are set for a probe. A key goes where the configuration sends it, and nowhere else. */
class Prober {
  readonly where: string;
  readonly #name: string;
  readonly #provider: string;
  readonly #config: Required<ModelsConfig>;
  readonly #doors: Doors;
  readonly #witness: WireWitness;
  readonly #folder: string;

  constructor(name: string, setup: Setup, doors: Doors) {
    const { providers = {}, models = {} } = setup.config.config as ModelsConfig;
    this.#name = name;
    this.#provider = name.slice(0, name.indexOf("/"));
    this.#config = { providers, models };
    this.#doors = doors;
    this.#folder = setup.folder;
    this.#witness = new WireWitness(doors.fetch);
    const address = Object.hasOwn(providers, this.#provider) ? providers[this.#provider]?.baseURL : undefined;
    this.where = address === undefined ? this.#provider : `${this.#provider} at ${address}`;
  }

  /** What the settings make of a request that asks for everything. Nothing is sent. */
  async configured(): Promise<ConfiguredModel> {
    let body = "";
    const dry: typeof globalThis.fetch = (_, init) => {
      body = typeof init?.body === "string" ? init.body : "";
      return Promise.resolve(new Response(null, { status: 400 }));
    };
    // As the chat makes it: the entry that a probe adds would make a provider of any name.
    this.#resolve(this.#name, this.#config, dry);
    const { id, caps } = this.#model(this.#name, {}, dry);
    if (id.provider === "local")
      throw new UsageError({
        problem: `${this.#name} runs here and has no server to look at. Name another, like openai/gpt-5.4-mini.`,
      });
    const everything = this.#model(this.#name, { caps: { reasoning: true } }, dry);
    const { messages, ...rest } = PROBES[3]!.request({});
    await generate(everything, {
      ...rest,
      messages: [...messages, thoughtful(everything), ...messages],
      reasoning: "low",
      signal: new AbortController().signal,
    });
    return { body, caps, hasFlags: id.api === "chat-completions" };
  }

  async probe(probe: Probe, so: ProbeResults, signal: AbortSignal): Promise<ProbeResult> {
    const { caps, wrongName } = probe;
    const compat = probe.compat?.(so);
    const name = wrongName ? `${this.#name}-that-does-not-exist` : this.#name;
    const model = this.#model(
      name,
      { ...(compat && { compat }), ...(caps && { caps }) },
      this.#witness.fetch,
    );
    const finish = await generate(model, { ...probe.request(so), signal });
    return { finish, seen: this.#witness.seen };
  }

  /** The setting that follows, as it stands in a configuration; `undefined` where nothing does. */
  configLine(findings: readonly ProbeFinding[]): { readonly [key: string]: unknown } | undefined {
    const compat = Object.assign({}, ...findings.map((finding) => finding.compat)) as object;
    const caps = Object.assign({}, ...findings.map((finding) => finding.caps)) as object;
    const provider = Object.keys(compat).length > 0 ? { providers: { [this.#provider]: { compat } } } : {};
    const model = Object.keys(caps).length > 0 ? { models: { [this.#name]: { caps } } } : {};
    const line = { ...provider, ...model };
    return Object.keys(line).length > 0 ? line : undefined;
  }

  #model(
    name: string,
    { compat, caps }: { readonly compat?: object; readonly caps?: object },
    fetch: typeof globalThis.fetch,
  ): Model {
    const { providers, models } = this.#config;
    const entry: ProviderConfig =
      (Object.hasOwn(providers, this.#provider) && providers[this.#provider]) || {};
    const known = (Object.hasOwn(models, this.#name) && models[this.#name]) || {};
    return this.#resolve(
      name,
      {
        providers: {
          ...providers,
          [this.#provider]: {
            ...entry,
            attempts: 1,
            ...(compat && { compat: { ...entry.compat, ...compat } }),
          },
        },
        models: { ...models, [name]: { ...known, attempts: 1, caps: { ...known.caps, ...caps } } },
      },
      fetch,
    );
  }

  #resolve(name: string, config: ModelsConfig, fetch: typeof globalThis.fetch): Model {
    const { env, clock, random } = this.#doors;
    return resolveModel(name, config, { env, keyNow: true, root: this.#folder, clock, random, fetch });
  }
}
