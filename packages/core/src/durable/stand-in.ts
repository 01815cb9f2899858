/** Definitions made again from their kept form, to read runs without their code. Nothing of them can be run. */
import { all } from "../define/all.ts";
import { background } from "../define/background.ts";
import { keptBlueprint } from "../define/blueprint.ts";
import { remadeChoice } from "../define/choose.ts";
import { circuit } from "../define/circuit.ts";
import { collect } from "../define/collect.ts";
import type { EdgeDraft } from "../define/definition-draft.ts";
import { type EnoughOptions, each } from "../define/each.ts";
import { exit } from "../define/exit.ts";
import { items } from "../define/items.ts";
import { Orchestration } from "../define/orchestration.ts";
import { question } from "../define/question.ts";
import { race } from "../define/race.ts";
import { signal } from "../define/signal.ts";
import { sleep } from "../define/sleep.ts";
import { type SignalWait, until } from "../define/until.ts";
import { FatalError } from "../errors/fatal-error.ts";
import type { KeptFan, KeptForm, KeptMachine, KeptWait } from "../kernel/kept-form.ts";
import { nodeOf } from "../kernel/node.ts";
import { given } from "../platform/given.ts";
import { type AnyRunnable, type Runnable, runnable } from "../words/runnable.ts";
import type { JsonSchema, Schema } from "../words/schema.ts";
import type { AnyOrchestration } from "./version-of.ts";

/** Takes any answer: the process that drives the run checks it. */
const ANY: Schema = { "~standard": { version: 1, vendor: "orch", validate: (value) => ({ value }) } };

/** The same, and shows what a value has to look like. */
function showing(schema: JsonSchema): Schema {
  const standard = { ...ANY["~standard"], jsonSchema: { input: () => schema } };
  return { "~standard": standard };
}

/** An orchestration of this form, whose runs can be read. */
export function standIn(form: KeptForm, version = "1"): AnyOrchestration {
  const { id, maxVisits, rerun, machine } = form;
  const { states, start, finishes, edges, maxSteps, deadline, budget, choices } = machine as KeptMachine;
  const made = states.map((state) => (state.made === true ? madeStandIn(state.id) : standInOf(state)));
  return new Orchestration<never, unknown>(
    id,
    (builder) => {
      const draft = builder as unknown as Remaking;
      draft.mention(...made);
      draft.start(made[start]!);
      for (const { from, targets, cause, label, when, convert, adds } of edges) {
        draft.edge({
          from: made[from]!,
          targets: targets.map((target) => made[target]!),
          cause,
          label,
          when: when && absent,
          convert: convert && absent,
          add: adds === undefined ? undefined : { dossier: adds, make: absent, put: () => {} },
          choose: targets.length > 1 || targets.some((target) => states[target]!.made) ? absent : undefined,
        });
      }
      const exits = made.flatMap((one) => nodeOf(one)?.exits ?? []);
      return draft.finish(...finishes.map((index) => made[index]!), ...exits) as never;
    },
    {
      version,
      maxSteps: maxSteps ?? Number.POSITIVE_INFINITY,
      ...(choices === undefined ? {} : { onTerminal: circuit({ choices }) }),
      ...given({ deadline, budget, maxVisits, rerun: rerun === undefined ? undefined : { attempts: rerun } }),
    },
  );
}

/** The builder, as a definition is made again with it: states keep their numbers. */
interface Remaking {
  readonly mention: (...states: readonly AnyRunnable[]) => void;
  readonly start: (first: AnyRunnable) => void;
  readonly edge: (draft: EdgeDraft) => void;
  readonly finish: (...last: readonly AnyRunnable[]) => unknown;
}

/** What stands for the states that are made on the way: each is made of what was kept of its inside. */
function madeStandIn(id: string): AnyRunnable {
  return keptBlueprint(id, (form) => standInOf((form as KeptForm | undefined) ?? { id, kind: "runnable" }));
}

function standInOf(form: KeptForm): AnyRunnable {
  const { id, kind, maxVisits, rerun, fan } = form;
  const options = given({ maxVisits, rerun: rerun === undefined ? undefined : { attempts: rerun } });
  switch (kind) {
    case "runnable":
      return runnable({ id, ...options, invoke: absent });
    case "orchestration":
      return standIn(form);
    case "choose":
      return remadeChoice(id, standInOf, options, fan?.branches);
    case "question":
      return question(id, {
        ask: () => undefined,
        answer: ANY,
        ...options,
        ...(form.keepsInput === true ? ({ keepInput: true } as object) : {}),
      });
    case "background":
      return background(id, standInOf(fan!.branches[0]!) as Runnable<unknown, unknown>, options);
    case "exit":
      return exit(id, standInOf(fan!.branches[0]!) as Runnable<unknown, unknown>, {
        ...options,
        ...given({ when: fan!.when && absent }),
      });
    case "collect":
      return collect(id, { id: form.collects! } as Parameters<typeof collect>[1], options);
    case "sleep":
      return sleep(id, 0, options);
    case "until":
      return waitOf(id, form.awaits!, options);
    default:
      return fanOf(id, kind, fan as KeptFan, options);
  }
}

function waitOf(id: string, { signal: name, schema, when, timeout }: KeptWait, options: object): AnyRunnable {
  const kind = name === undefined ? undefined : signal(name, schema === undefined ? ANY : showing(schema));
  const rest = given({ signal: kind, when: when && absent, timeout });
  return until(id, { ...options, ...rest } as SignalWait<unknown, unknown> & { readonly timeout: number });
}

function fanOf(
  id: string,
  kind: "each" | "all" | "race",
  { branches, keys = [], when = [], concurrency = Number.POSITIVE_INFINITY, ...kept }: KeptFan,
  options: object,
): AnyRunnable {
  const made = branches.map(standInOf);
  const { settled, first, bare, enough, follows, grows, rest } = kept;
  const [branch, follow] = made as Runnable<unknown, unknown>[];
  const early = given({ first, enough: enough && absent, rest }) as EnoughOptions<unknown>;
  const fan = { ...options, ...early, concurrency, settled: settled as true };
  if (bare === true) return race(id, branch!, { ...options, concurrency });
  if (kind === "each")
    return each(id, branch!, {
      ...fan,
      ...given({ follow: follows && follow, items: grows && items<unknown>(id) }),
    });
  const named = Object.fromEntries(keys.map((key, slot) => [key, made[slot]!]));
  if (kind === "race") return race(id, named, { ...options, concurrency, ...given({ first }) } as object);
  const conditions = Object.fromEntries(when.map((slot) => [keys[slot]!, absent]));
  return all(id, named, { ...fan, when: conditions as never });
}

function absent(): never {
  throw new FatalError("This definition was made from what a store keeps, and can only be read.");
}
