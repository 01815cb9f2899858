/** Orchestrations as a server offers them. */
import type { Graph, GraphInside, JsonSchema, Schema } from "@orch/core";
import type { AnyOrchestration } from "@orch/core/host";
import { ServerSetupError } from "../errors/server-setup-error.ts";
import { finishingPath } from "../view/finishing-path.ts";
import type { PublicOrchestration } from "../words/public-run.ts";

/** How an orchestration is made public. */
export interface OrchestrationOffer {
  readonly orchestration: AnyOrchestration;
  /** For those who choose: people, models, other programs. */
  readonly description?: string;
  /** Checks what callers send, before a run is made, and tells them what it has to look like. */
  readonly input?: Schema;
  /** Tells callers what it gives. */
  readonly output?: Schema;
  /** The channels (`ctx.emit`) that callers may hear. Default: none but text and what tools do. */
  readonly channels?: readonly string[];
}

/** An orchestration that is public. */
export interface OfferedOrchestration extends OrchestrationOffer {
  readonly name: string;
  readonly shown: PublicOrchestration;
  readonly answers: (path: string) => boolean;
}

/** What a server offers, by public name and by the id of the orchestration. */
export class OfferedOrchestrations {
  #byName: ReadonlyMap<string, OfferedOrchestration> = new Map();
  #byId: ReadonlyMap<string, OfferedOrchestration> = new Map();

  constructor(offers: { readonly [name: string]: OrchestrationOffer }) {
    this.replace(offers);
  }

  /** Offers these in the place of those before. @throws ServerSetupError; then those before stay. */
  replace(offers: { readonly [name: string]: OrchestrationOffer }): void {
    const byName = new Map<string, OfferedOrchestration>();
    const byId = new Map<string, OfferedOrchestration>();
    for (const [name, offer] of Object.entries(offers)) {
      const { id } = offer.orchestration;
      if (!/^[\w-]{1,64}$/.test(name))
        throw new ServerSetupError({
          problem: `"${name}" is no name for an orchestration: letters, digits, _ and - will do`,
        });
      if (byId.has(id))
        throw new ServerSetupError({ problem: `the orchestration "${id}" has two public names` });
      const offered = offeredOf(name, offer);
      byName.set(name, offered);
      byId.set(id, offered);
    }
    this.#byName = byName;
    this.#byId = byId;
  }

  get all(): readonly OfferedOrchestration[] {
    return [...this.#byName.values()];
  }

  named(name: string): OfferedOrchestration | undefined {
    return this.#byName.get(name);
  }

  withId(id: string): OfferedOrchestration | undefined {
    return this.#byId.get(id);
  }
}

function offeredOf(name: string, offer: OrchestrationOffer): OfferedOrchestration {
  const { graph } = offer.orchestration;
  const [input, output] = [shapeOf(offer.input, "input"), shapeOf(offer.output, "output")];
  const shown: PublicOrchestration = {
    name,
    ...(offer.description !== undefined && { description: offer.description }),
    ...(input && { input }),
    ...(output && { output }),
    signals: [...new Set(graph.nodes.flatMap(signalsIn))],
    states: graph.nodes.map(({ id }) => id),
  };
  return { ...offer, name, shown, answers: finishingPath(graph) };
}

function signalsIn({ signal, graph, branches = [] }: GraphInside): readonly string[] {
  const inner = [...((graph as Graph | undefined)?.nodes ?? []), ...branches].flatMap(signalsIn);
  return signal === undefined ? inner : [signal, ...inner];
}

/** Standard JSON Schema: what goes in and comes out, as plain data. Not every library has it, and not every schema. */
interface ShapedSchema {
  readonly jsonSchema?: {
    readonly [side in "input" | "output"]?: (options: { readonly target: "draft-2020-12" }) => unknown;
  };
}

function shapeOf(schema: Schema | undefined, side: "input" | "output"): JsonSchema | undefined {
  try {
    const { jsonSchema } = (schema?.["~standard"] ?? {}) as ShapedSchema;
    const shape = jsonSchema?.[side]?.({ target: "draft-2020-12" });
    // biome-ignore lint/plugin: the text was made here; libraries hide properties of their own in what they give
    return shape === undefined ? undefined : (JSON.parse(JSON.stringify(shape)) as JsonSchema);
  } catch {
    return undefined;
  }
}
