/** The runs of one principal on a host. */
import type { Clock, JsonSchema, OpenQuestion, OrchestrationEvent, Random } from "@orch/core";
import { isOrchError } from "@orch/core";
import { describeIssues, newId } from "@orch/core/doors";
import type { StoredRun } from "@orch/core/host";
import { ServerClosingError } from "../errors/server-closing-error.ts";
import { ServerInputError } from "../errors/server-input-error.ts";
import { ServerLimitError } from "../errors/server-limit-error.ts";
import { ServerRequestError } from "../errors/server-request-error.ts";
import { ServerUnknownError } from "../errors/server-unknown-error.ts";
import { type EventPlace, eventPlaceOf } from "../view/event-id.ts";
import type { OpenReadings } from "../view/event-reading.ts";
import type { ForeignErrors } from "../view/public-error.ts";
import { publicJson } from "../view/public-json.ts";
import { type PlacedEvent, publicStream } from "../view/public-stream.ts";
import type { PublicViewOptions } from "../view/public-view.ts";
import type { PublicEvent } from "../words/public-event.ts";
import type {
  EventReading,
  FollowOptions,
  PublicOrchestration,
  PublicQuestion,
  PublicRunPicture,
  PublicRunSummary,
  Runs,
  RunsQuery,
} from "../words/public-run.ts";
import type { DrivenRuns, ServedHost } from "./driven-runs.ts";
import { listedFor } from "./listed-for.ts";
import type { OfferedOrchestration, OfferedOrchestrations } from "./offered-orchestration.ts";
import { chosenId, type PrincipalScope } from "./principal-scope.ts";
import { runEnd } from "./run-end.ts";

/** What the runs of a principal are made of. */
export interface ScopedRunsParts {
  readonly host: ServedHost;
  readonly offers: OfferedOrchestrations;
  readonly driven: DrivenRuns;
  readonly scope: PrincipalScope;
  readonly clock: Clock;
  readonly random: Random;
  readonly foreignErrors: ForeignErrors;
  readonly readings: OpenReadings;
  /** How many runs may go on at once. */
  readonly limit: number;
  /** Whether the server takes on nothing more. */
  readonly isClosing: () => boolean;
}

/** A run that is there, and is the principal's. */
interface FoundRun {
  readonly hostId: string;
  readonly stored: StoredRun;
  readonly offered: OfferedOrchestration;
}

/** The life of what is read from the journal alone: it has no parts. */
const KEPT = "kept";

/** Runs, as one principal has them. */
export class ScopedRuns implements Runs {
  readonly #parts: ScopedRunsParts;

  constructor(parts: ScopedRunsParts) {
    this.#parts = parts;
  }

  get orchestrations(): readonly PublicOrchestration[] {
    return this.#parts.offers.all.map(({ shown }) => shown);
  }

  async start(
    orchestration: string,
    input: unknown,
    options: { readonly id?: string } = {},
  ): Promise<string> {
    const { offers, driven, scope, clock, random, limit, isClosing } = this.#parts;
    const offered = offers.named(orchestration);
    if (offered === undefined) throw new ServerUnknownError({ what: "orchestration", id: orchestration });
    const id = options.id === undefined ? newId("run", clock.now(), random) : chosenId(options.id);
    if (id === undefined)
      throw new ServerRequestError({ problem: "the id has to be 1 to 64 letters, digits, _ or -" });
    const hostId = scope.inside(id)!;
    if (options.id !== undefined && (await this.#isThere(hostId, offered))) return id;
    if (isClosing()) throw new ServerClosingError({ retryAfter: 1000 });
    const checked = await checkedInput(offered, input);
    // Nothing is waited for between this and the start, which counts.
    if (driven.count(scope.prefix) >= limit)
      throw new ServerLimitError({ what: "runs", limit, retryAfter: 1000 });
    try {
      await driven.start(offered, hostId, checked);
    } catch (error) {
      if (options.id === undefined || !isOrchError(error, "ORCH_RUN_EXISTS")) throw error;
      if (!(await this.#isThere(hostId, offered))) throw error;
    }
    return id;
  }

  async follow(id: string, { after, signal }: FollowOptions = {}): Promise<EventReading> {
    const found = await this.#find(id);
    const place = placeAfter(after);
    const { events, life } = await this.#events(found, signal);
    const { readings, scope } = this.#parts;
    const stream = publicStream(placed(events), this.#viewOf(found, life), place);
    return readings.open(scope.prefix, stream, !isOpenRun(found.stored));
  }

  async happened(
    id: string,
    { after, limit }: { readonly after?: string; readonly limit: number },
  ): Promise<readonly PublicEvent[]> {
    const found = await this.#find(id);
    const place = placeAfter(after);
    const events = await this.#parts.host.events(found.offered.orchestration, found.hostId);
    const happened: PublicEvent[] = [];
    for await (const event of publicStream(placed(events), this.#viewOf(found, KEPT), place)) {
      if (happened.push(event) >= limit) break;
    }
    return happened;
  }

  async answer(id: string, question: string, value: unknown): Promise<void> {
    const found = await this.#find(id);
    await this.#kept(found).answer(question, value);
    await this.#takeUp(found);
  }

  async signal(
    id: string,
    kind: string,
    value: unknown,
    options: { readonly key?: string } = {},
  ): Promise<void> {
    const found = await this.#find(id);
    await this.#kept(found).signal(kind, value, options);
    await this.#takeUp(found);
  }

  async cancel(id: string, reason?: string): Promise<void> {
    await this.#kept(await this.#find(id)).cancel(reason);
  }

  async describe(id: string): Promise<PublicRunPicture> {
    const found = await this.#find(id);
    const kept = this.#kept(found);
    const { status: stage, open, questions, waits = [], spent } = await kept.describe();
    const status = stage === "refused" ? "failed" : stage;
    return {
      ...this.#summary(id, found.stored, found.offered.name),
      ...{ status, ...spent },
      ...(await runEnd(kept, status, this.#parts.foreignErrors)),
      open: open.map(({ path, state, kind }) => ({ path, state, kind })),
      questions: questions.map(publicQuestion),
      waits: [...new Set(waits.flatMap(({ signal }) => (signal === undefined ? [] : [signal])))],
    };
  }

  async list(query: RunsQuery = {}): Promise<readonly PublicRunSummary[]> {
    const { host, offers, scope } = this.#parts;
    const { orchestration, status, limit = 50, after } = query;
    const offered = orchestration === undefined ? undefined : offers.named(orchestration);
    if (orchestration !== undefined && offered === undefined)
      throw new ServerUnknownError({ what: "orchestration", id: orchestration });
    if (!(limit >= 1 && limit <= 200))
      throw new ServerRequestError({ problem: "limit is not from 1 to 200" });
    if (status === "queued" || status === "paused") return [];
    const last = after === undefined ? undefined : (await this.#find(after)).hostId;
    const wanted = {
      ...(scope.prefix !== "" && { prefix: scope.prefix }),
      ...(offered && { orchestration: offered.orchestration.id }),
      ...(status !== undefined && { status }),
      ...(last !== undefined && { after: last }),
    };
    const listed = await listedFor(host, wanted, limit, ({ runId, orchestration: of }) => {
      return scope.outside(runId) !== undefined && offers.withId(of) !== undefined;
    });
    return listed.map((run) => ({
      ...this.#summary(scope.outside(run.runId)!, run, offers.withId(run.orchestration)!.name),
      tokens: run.tokens,
      cost: run.cost,
    }));
  }

  /** The run of an id that the principal knows. */
  async #find(id: string): Promise<FoundRun> {
    const { host, offers, driven, scope } = this.#parts;
    const hostId = scope.inside(id);
    const stored = hostId === undefined ? undefined : await host.get(hostId);
    // A run that is driven here is what it was started as, whatever is offered by now.
    const offered = stored && (driven.get(hostId!)?.offered ?? offers.withId(stored.orchestration));
    if (hostId === undefined || stored === undefined || offered === undefined)
      throw new ServerUnknownError({ what: "run", id });
    return { hostId, stored, offered };
  }

  #viewOf({ offered: { name, answers, channels = [] } }: FoundRun, life: string): PublicViewOptions {
    return { name, life, answers, channels, foreignErrors: this.#parts.foreignErrors };
  }

  /** Whether there is a run of an id that the caller chose, of the orchestration that it wants. */
  async #isThere(hostId: string, offered: OfferedOrchestration): Promise<boolean> {
    const stored = await this.#parts.host.get(hostId);
    if (stored === undefined) return false;
    if (stored.orchestration === offered.orchestration.id) return true;
    throw new ServerRequestError({ problem: "there is a run of this id already, of another orchestration" });
  }

  #kept({ hostId, offered }: FoundRun): ReturnType<ServedHost["run"]> {
    return this.#parts.host.run(hostId, offered.orchestration);
  }

  /** Lets a run go on that no process drives. */
  async #takeUp({ hostId, offered }: FoundRun): Promise<void> {
    const { driven, host } = this.#parts;
    const stored = await host.get(hostId);
    if (stored !== undefined && isOpenRun(stored)) await driven.takeUp(offered, hostId);
  }

  async #events(
    found: FoundRun,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly events: AsyncIterable<OrchestrationEvent>; readonly life: string }> {
    const { driven } = this.#parts;
    const { hostId, offered, stored } = found;
    const reading = signal === undefined ? {} : { signal };
    const here = driven.get(hostId) ?? (isOpenRun(stored) ? await driven.takeUp(offered, hostId) : undefined);
    if (here !== undefined) return { events: here.run.events(reading), life: here.life };
    return { events: this.#kept(found).events(reading), life: KEPT };
  }

  #summary(run: string, stored: StoredRun, orchestration: string): PublicRunSummary {
    const { status, createdAt: startedAt, updatedAt } = stored;
    return { run, orchestration, status, startedAt, updatedAt, tokens: 0, cost: 0 };
  }
}

function isOpenRun({ status }: StoredRun): boolean {
  return status === "running" || status === "waiting";
}

/** Where a reader left off. @throws ServerRequestError for an id that no event has. */
export function placeAfter(after: string | undefined): EventPlace | undefined {
  const place = after === undefined ? undefined : eventPlaceOf(after);
  if (after !== undefined && place === undefined)
    throw new ServerRequestError({ problem: "the id of the last event is none that this server gave" });
  return place;
}

async function* placed(
  events: AsyncIterable<OrchestrationEvent> | Iterable<OrchestrationEvent>,
): AsyncGenerator<PlacedEvent, void, undefined> {
  for await (const event of events) yield { event, place: { number: event.seq, part: event.part ?? 0 } };
}

async function checkedInput({ input: schema, name }: OfferedOrchestration, input: unknown): Promise<unknown> {
  if (schema === undefined) return input;
  const result = await schema["~standard"].validate(input);
  if (result.issues === undefined) return result.value;
  throw new ServerInputError({ orchestration: name, problem: describeIssues(result.issues) });
}

/** A question as it may leave the process. */
export function publicQuestion(question: OpenQuestion): PublicQuestion {
  const { id, path, prompt, askedAt, schema } = question as OpenQuestion & { readonly schema?: JsonSchema };
  return { question: id, path, prompt: publicJson(prompt) ?? null, askedAt, ...(schema && { schema }) };
}
