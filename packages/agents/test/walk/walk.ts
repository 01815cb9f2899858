/** A random walk of conversations over every adapter and preset. */
import { z } from "zod";
import { agent } from "../../src/agent/agent.ts";
import { keepRecent } from "../../src/compaction/keep-recent.ts";
import { runAgent } from "../../src/run/runner.ts";
import { type Message, userMessage } from "../../src/words/message.ts";
import type { Model } from "../../src/words/model.ts";
import type { AgentResult } from "../../src/words/result.ts";
import { Draw } from "./draw.ts";
import { providerTools } from "./provider-runs.ts";
import { targets, type WalkTarget } from "./targets.ts";
import { act, DISLIKES, said, serverTools, settings, TOO_LONG, tools } from "./walk-draws.ts";
import { CALM, type IllegalBody, type Made, type Mood, type WalkServer, walkServer } from "./walk-server.ts";

/** What a walk counted. */
export interface WalkReport {
  readonly turns: number;
  readonly conversations: number;
  readonly requests: number;
  /** Tools that ran at a provider. */
  readonly ran: number;
  /** Turns on another target than the one before in the same conversation. */
  readonly switches: number;
  /** Calls that were made again without what was refused, or shorter. */
  readonly repairs: number;
  /** Turns by how they ended. */
  readonly ends: { readonly [stopReason: string]: number };
  /** Conversations that no calm provider could answer any more, each with its story. */
  readonly dead: readonly string[];
  readonly illegal: readonly (IllegalBody & { readonly turn: number })[];
  /** How many targets answered. */
  readonly targets: number;
}

/** How often a conversation is tried with a calm provider before it counts as dead. */
const PATIENCE = 2;
const LONGEST = 24;

/** Walks so many turns. */
export async function walk(turns: number, seed: number): Promise<WalkReport> {
  // Servers of one model take each other's thinking, and what ran there.
  const made = new Map<string, Made>();
  const servers = await Promise.all(
    targets.map((target, at) => {
      const { provider, api, model } = target.model("http://localhost").id;
      const key = `${provider} ${api} ${model}`;
      const known = made.get(key) ?? { signed: new Map(), ran: new Map() };
      made.set(key, known);
      return walkServer(target, (at + 1) * 10_000_000, known);
    }),
  );
  try {
    const walker = new Walker(servers, new Draw(seed));
    while (walker.turns < turns) await walker.conversation();
    return walker.report();
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
}

class Walker {
  turns = 0;
  readonly #servers: readonly WalkServer[];
  readonly #draw: Draw;
  readonly #ends: { [stopReason: string]: number } = {};
  readonly #dead: string[] = [];
  readonly #illegal: (IllegalBody & { readonly turn: number })[] = [];
  readonly #seen = new Set<string>();
  #conversations = 0;
  #switches = 0;
  #repairs = 0;

  constructor(servers: readonly WalkServer[], draw: Draw) {
    this.#servers = servers;
    this.#draw = draw;
  }

  report(): WalkReport {
    return {
      turns: this.turns,
      conversations: this.#conversations,
      requests: this.#servers.reduce((sum, { requests }) => sum + requests, 0),
      ran: this.#servers.reduce((sum, { ran }) => sum + ran, 0),
      switches: this.#switches,
      repairs: this.#repairs,
      ends: this.#ends,
      dead: this.#dead,
      illegal: this.#illegal,
      targets: this.#seen.size,
    };
  }

  /** One conversation, from its first message to its end or its death. */
  async conversation(): Promise<void> {
    const draw = this.#draw;
    this.#conversations += 1;
    const models = new Map<WalkServer, Model>();
    const moods = new Map<WalkServer, Pick<Mood, "dislikes" | "limit" | "tooLong">>();
    let messages: readonly Message[] = [];
    let server = draw.of(...this.#servers);
    const length = 4 + draw.below(LONGEST);
    for (let turn = 0; turn < length; turn++) {
      if (turn > 0 && draw.chance(0.4)) {
        const before = server;
        server = draw.of(...this.#servers);
        if (server !== before) this.#switches += 1;
      }
      this.#seen.add(server.target.name);
      // A new model remembers no refusal, as after a restart.
      if (draw.chance(0.1)) models.delete(server);
      const model = models.get(server) ?? server.target.model(server.url);
      models.set(server, model);
      const disposition = moods.get(server) ?? this.#disposition();
      moods.set(server, disposition);
      server.mood = { ...disposition, act: (body) => act(draw, body, server.target.wire) };
      const result = await this.#turn(model, [...messages, ...said(draw)], server.target);
      messages = this.#kept(result);
      this.#gather(server);
      if (result.stopReason === "done") continue;
      server.mood = { ...CALM, ...disposition };
      const calm = await this.#calm(model, messages);
      this.#gather(server);
      if (calm === undefined) {
        this.#dead.push(`turn ${this.turns}, ${server.target.name}: ${result.stopReason}, then ${this.#why}`);
        return;
      }
      messages = calm;
    }
  }

  #why = "";

  /** A plain question to a calm provider, more than once where one repair uncovers the next. */
  async #calm(model: Model, messages: readonly Message[]): Promise<readonly Message[] | undefined> {
    let now = messages;
    for (let times = 0; times < PATIENCE; times++) {
      const result = await this.#count(
        runAgent(agent({ name: "walker", model }), [...now, userMessage("And now?")]),
      );
      now = result.messages;
      if (result.stopReason === "done") return now;
      this.#why = `${result.stopReason}: ${result.failure?.message ?? ""}`;
    }
    return undefined;
  }

  async #turn(
    model: Model,
    messages: readonly Message[],
    { runs }: WalkTarget,
  ): Promise<AgentResult<unknown>> {
    const draw = this.#draw;
    const output = draw.chance(0.12)
      ? { output: z.object({ word: z.string(), more: z.array(z.number()).optional() }) }
      : {};
    const one = agent({
      name: "walker",
      model,
      instructions: draw.of("Be brief.", "", "Be \ud83d odd."),
      tools: [...tools(draw), ...serverTools(draw), ...providerTools(draw, runs)],
      settings: settings(draw),
      maxTurns: 3,
      ...(draw.chance(0.3) && { prepare: keepRecent({ above: draw.of(200, 1_500) }) }),
      ...(output as object),
    });
    const controller = new AbortController();
    const events = draw.chance(0.05) ? 1 + draw.below(6) : Number.POSITIVE_INFINITY;
    let heard = 0;
    return this.#count(
      runAgent(one, messages, {
        signal: controller.signal,
        onApproval: () => draw.of<true | { deny: string }>(true, { deny: "no \ud83d" }),
        onEvent: () => {
          heard += 1;
          if (heard === events) controller.abort();
        },
      }),
    );
  }

  async #count(running: Promise<AgentResult<unknown>>): Promise<AgentResult<unknown>> {
    this.turns += 1;
    const result = await running;
    this.#ends[result.stopReason] = (this.#ends[result.stopReason] ?? 0) + 1;
    this.#repairs += result.warnings.filter((warning) => warning.includes("The call is made again")).length;
    return result;
  }

  /** As it is, or as a store gives it back. */
  #kept({ messages }: AgentResult<unknown>): readonly Message[] {
    return this.#draw.chance(0.3) ? (JSON.parse(JSON.stringify(messages)) as readonly Message[]) : messages;
  }

  #disposition(): Pick<Mood, "dislikes" | "limit" | "tooLong"> {
    const draw = this.#draw;
    return {
      dislikes: draw.chance(0.3) ? [draw.of(...DISLIKES)] : [],
      limit: draw.chance(0.15) ? 9_000 + draw.below(20_000) : Number.POSITIVE_INFINITY,
      tooLong: draw.of(...TOO_LONG),
    };
  }

  #gather(server: WalkServer): void {
    for (const one of server.illegal.splice(0)) this.#illegal.push({ ...one, turn: this.turns });
  }
}
