/** What runs and conversations tell differently than before. Each change stands in a changeset too. */

interface Change {
  /** As the changeset says it. */
  readonly what: string;
  /** Gives the events of an earlier commit as they are told now. */
  readonly apply: (events: readonly unknown[]) => readonly unknown[];
}

/** The changes since the first fixtures, oldest first. */
export const CHANGES: readonly Change[] = [
  {
    what: "What a state says comes on a channel: the text of a model on `speech`, what an agent does on `agent`.",
    apply: (events) => events.map(onItsChannel),
  },
  {
    what: "In a turn, text of a state that may speak comes as `message.delta` only.",
    apply: (events) => {
      const inTurn = events.some((event) => (event as Told).type === "turn.started");
      return inTurn ? events.filter((event) => (event as Told).channel !== "speech") : events;
    },
  },
  {
    what: "The run of a turn has the turn's id, and the run of an agent refers to its conversation.",
    apply: byItsTurn,
  },
];

interface Told {
  readonly type?: string;
  readonly turnId?: string;
  readonly runId?: string;
  readonly input?: unknown;
  readonly channel?: string;
  readonly data?: {
    readonly agent?: string;
    readonly type?: string;
    readonly event?: { readonly type?: string; readonly delta?: string };
    readonly kept?: string;
  };
}

function byItsTurn(events: readonly unknown[]): readonly unknown[] {
  let turn: string | undefined;
  return events.map((told) => {
    const event = told as Told;
    if (event.type === "turn.started") turn = event.turnId;
    if (turn === undefined || event.runId === undefined) return event;
    const { input } = event;
    return {
      ...event,
      runId: turn,
      ...(Array.isArray(input) && { input: { turn, messages: input.length } }),
    };
  });
}

/** A text in which the ids of turns are numbered: a turn draws fewer ids than before, so later ones are others. */
export function numbered(text: string): string {
  const known = new Map<string, string>();
  return text.replaceAll(/\bturn_[0-9A-Z]{26}/g, (id) => {
    if (!known.has(id)) known.set(id, `turn_${known.size + 1}`);
    return known.get(id)!;
  });
}

function onItsChannel(told: unknown): unknown {
  const event = told as Told;
  if (event.type !== "state.output" || event.channel !== undefined) return event;
  const { data } = event;
  if (data?.type === "agent.model" && data.event?.type === "text") {
    return { ...event, channel: "speech", data: data.event.delta };
  }
  return { ...event, channel: data?.agent === undefined ? "kept" : "agent" };
}

/** The events of an earlier commit, as they are to be told now. */
export function asToldNow(events: readonly unknown[]): readonly unknown[] {
  return CHANGES.reduce((told, { apply }) => apply(told), events);
}

/**
 * Lines of `--output stream-json` of an earlier commit, as they are written now: a text comes in pieces and once as a
 * message, so what a model gave as a whole is left out.
 */
export function asStreamedNow(lines: readonly unknown[]): readonly unknown[] {
  return asToldNow(lines).filter((line) => {
    const { data } = line as Told;
    return data?.type !== "agent.model" || (data.event?.type !== "part" && data.event?.type !== "finish");
  });
}

const ESTIMATED = /does not tell how many tokens it used: they are estimated/;

/**
 * Lines of `--output stream-json` without what a server did not count: it was nothing once, and is an estimate now, of which a warning tells.
 */
export function uncounted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.filter((one) => !tellsEstimate(one)).map(uncounted);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === "usage" ? "usage" : uncounted(item)]),
  );
}

function tellsEstimate(value: unknown): boolean {
  const { data } = (value ?? {}) as { readonly data?: { readonly warning?: unknown } };
  return ESTIMATED.test(typeof value === "string" ? value : String(data?.warning));
}

/** Events that the journals of the first fixtures do not hold, and that are kept now. */
const KEPT_SINCE: ReadonlySet<unknown> = new Set(["run.waiting", "state.usage", "state.retrying"]);

const UNCOMPARED: ReadonlySet<string> = new Set(["seq", "part", "census", "schema"]);

/**
 * What two releases tell the same. Of a failure that is its name and its code, since every release says more, and in
 * better words. Numbers are left out, because they counted live events once, and so are the events that were not kept, and what is
 * told since: the census of a fan-out, the JSON schema of an answer, and the call beside the words of a question about it.
 */
export function comparable(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.filter((one) => !isKeptSince(one)).map(comparable);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !UNCOMPARED.has(key))
      .map(([key, item]) => {
        if (key === "error") return [key, nameAndCode(item)];
        return [key, comparable(key === "prompt" ? wordsOf(item) : item)];
      }),
  );
}

/** What a prompt asks in words: the question about a tool call was only those, and names the call beside them now. */
function wordsOf(prompt: unknown): unknown {
  const { question, tool } = (prompt ?? {}) as { readonly question?: unknown; readonly tool?: unknown };
  return tool === undefined ? prompt : question;
}

function isKeptSince(value: unknown): boolean {
  const { type, event } = (value ?? {}) as { readonly type?: unknown; readonly event?: unknown };
  return KEPT_SINCE.has(type) || (event !== undefined && isKeptSince(event));
}

function nameAndCode(error: unknown): unknown {
  if (typeof error !== "object" || error === null) return error;
  const { name, code } = error as { readonly name?: unknown; readonly code?: unknown };
  return { name, code };
}
