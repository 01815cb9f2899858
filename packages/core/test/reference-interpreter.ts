/**
 * A second, slow and obviously right reading of the rules, to hold the engine against: plain
 * recursion over a description, no pump, no frames, no cancellation. All values are numbers, and so
 * is time: every flow says when it ends and what happened when, and a fan-out that is decided at some
 * moment forgets what its other branches would have done later.
 */

/** What a flow does, as data. */
export type Flow =
  /** Gives `(input * times + plus) % 97`, in its time; throws when the input is divisible by `failsOn`. */
  | {
      readonly kind: "leaf";
      readonly times: number;
      readonly plus: number;
      readonly failsOn: number | undefined;
      readonly takes: number;
    }
  /** Gives its input, in its time. */
  | { readonly kind: "sleep"; readonly takes: number }
  /** Gives what a human answers in their time: `input * 5 % 97`. */
  | { readonly kind: "question"; readonly takes: number }
  /** One after the other. A step under `unless` is skipped when its input is divisible by it. */
  | {
      readonly kind: "sequence";
      readonly steps: readonly { readonly flow: Flow; readonly unless: number | undefined }[];
    }
  /** The same flow on `input % 5` numbers; gives their sum, to which a failure that is a result adds 1. */
  | { readonly kind: "each"; readonly branch: Flow; readonly concurrency: number; readonly settled: boolean }
  /** Two flows on one input, the second only if the input is not divisible by `unless`; gives their sum. */
  | {
      readonly kind: "all";
      readonly first: Flow;
      readonly second: Flow;
      readonly unless: number;
      readonly settled: boolean;
    }
  /** The first values of several branches; gives their sum, the earlier weighing more. */
  | {
      readonly kind: "race";
      readonly branches: readonly Flow[];
      readonly first: number;
      readonly concurrency: number;
    }
  /** One flow for odd inputs, another for even ones. */
  | { readonly kind: "choose"; readonly odd: Flow; readonly even: Flow }
  /** Again, as long as the result is not divisible by `until`. */
  | { readonly kind: "loop"; readonly body: Flow; readonly until: number; readonly maxVisits: number }
  /** Gives `(input + round) % 97`, again as long as that is not divisible by `until`, `attempts` times at most. */
  | { readonly kind: "rerun"; readonly until: number; readonly attempts: number }
  /** The second flow takes the input when the first fails. */
  | { readonly kind: "rescue"; readonly body: Flow; readonly other: Flow };

/** How a flow ends. */
export type Outcome =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly code: string };

/** Something that happens, and when. */
interface Mark {
  readonly what: string;
  readonly at: number;
}

/** What a flow does from its start to its end. */
interface Course {
  readonly outcome: Outcome;
  readonly end: number;
  readonly marks: readonly Mark[];
  /** When it only waits, in order: a branch that waits has no place in its fan-out. */
  readonly rests: readonly Span[];
}

/** From a moment to another, at which it is over. */
type Span = readonly [from: number, to: number];

/** How many steps a loop may take. */
export const MAX_STEPS = 6;

/** Thrown when two branches do something in the moment that decides: which comes first is not in the rules. */
class Tie extends Error {}

const done = (value: number): Outcome => ({ ok: true, value });
const failed = (code: string): Outcome => ({ ok: false, code });

/** How long something takes, in milliseconds: other inputs take other times. */
export function timeOf(takes: number, input: number): number {
  return takes === 0 ? 0 : takes * 97 + ((input * 31) % 97);
}

/** How a flow ends, when, and how often each kind of event happens; `undefined` when a tie decides. */
export function interpret(
  flow: Flow,
  input: number,
): { outcome: Outcome; end: number; events: { [what: string]: number } } | undefined {
  try {
    const { outcome, end, marks } = read(flow, input, 0);
    const events: { [what: string]: number } = {};
    for (const { what } of marks) events[what] = (events[what] ?? 0) + 1;
    return { outcome, end, events };
  } catch (error) {
    if (error instanceof Tie) return undefined;
    throw error;
  }
}

function read(flow: Flow, input: number, at: number): Course {
  const none: readonly Span[] = [];
  switch (flow.kind) {
    case "leaf": {
      const fails = flow.failsOn !== undefined && input % flow.failsOn === 0;
      const outcome = fails ? failed("ORCH_RUNNABLE_FAILED") : done((input * flow.times + flow.plus) % 97);
      return state("runnable", at, { outcome, end: at + timeOf(flow.takes, input), marks: [], rests: none });
    }
    case "sleep": {
      const end = at + timeOf(flow.takes, input);
      return state("sleep", at, { outcome: done(input), end, marks: [], rests: [[at, end]] });
    }
    case "question": {
      const end = at + timeOf(flow.takes, input);
      return state("question", at, {
        outcome: done((input * 5) % 97),
        end,
        marks: [mark("asked", at), mark("answered", end)],
        rests: [[at, end]],
      });
    }
    case "sequence":
      return machine(at, (way) => inOrder(way, flow.steps, input));
    case "each":
      return machine(at, (way) => {
        way.helper();
        way.moves();
        const branches = Array.from({ length: input % 5 }, (_, index) => ({
          flow: flow.branch,
          input: input + index,
        }));
        return way.join(fan("each", branches, flow.concurrency, way.at, flow.settled ? "settled" : "every"));
      });
    case "all":
      return machine(at, (way) => {
        const branches = [
          { flow: flow.first, input },
          { flow: flow.second, input, skipped: input % flow.unless === 0 },
        ];
        return way.join(fan("all", branches, 8, way.at, flow.settled ? "settled" : "every"));
      });
    case "race":
      return machine(at, (way) => {
        const branches = flow.branches.map((branch) => ({ flow: branch, input }));
        return way.join(fan("race", branches, flow.concurrency, way.at, flow.first));
      });
    case "choose":
      return state("choose", at, read(input % 2 === 1 ? flow.odd : flow.even, input, at));
    case "loop":
      return machine(at, (way) => again(way, flow, input));
    case "rerun":
      return machine(at, (way) => untilGood(way, flow, input));
    case "rescue":
      return machine(at, (way) => {
        const first = way.enters(read(flow.body, input, way.at));
        if (first.ok) return first;
        way.moves("error");
        return way.enters(read(flow.other, input, way.at));
      });
  }
}

function inOrder(way: Way, steps: Extract<Flow, { kind: "sequence" }>["steps"], input: number): Outcome {
  let value = input;
  way.helper();
  for (const { flow, unless } of steps) {
    way.moves();
    way.helper();
    if (unless !== undefined && value % unless === 0) continue;
    way.moves();
    const outcome = way.enters(read(flow, value, way.at));
    if (!outcome.ok) return outcome;
    value = outcome.value;
  }
  way.moves();
  way.helper();
  return done(value);
}

function again(
  way: Way,
  { body, until, maxVisits }: Extract<Flow, { kind: "loop" }>,
  input: number,
): Outcome {
  let value = input;
  for (let round = 1; ; round++) {
    const outcome = way.enters(state("choose", way.at, read(body, value, way.at)));
    if (!outcome.ok) return outcome;
    value = outcome.value;
    if (value % until === 0) return done(value);
    if (round > MAX_STEPS) return failed("ORCH_MAX_STEPS");
    if (round === maxVisits) return failed("ORCH_MAX_VISITS");
    way.moves();
  }
}

function untilGood(way: Way, { until, attempts }: Extract<Flow, { kind: "rerun" }>, input: number): Outcome {
  for (let round = 1; ; round++) {
    way.helper();
    if ((input + round) % until === 0) {
      way.moves();
      way.helper();
      return done((input + round) % 97);
    }
    if (round === attempts) return failed("ORCH_NO_ADVANCE");
    way.moves("rerun");
  }
}

interface Branch {
  readonly flow: Flow;
  readonly input: number;
  readonly skipped?: boolean;
}

/** Branches side by side: until every one completed, every one ended, or so many completed. */
function fan(
  kind: "each" | "all" | "race",
  branches: readonly Branch[],
  concurrency: number,
  start: number,
  until: "every" | "settled" | number,
): Course {
  const marks: Mark[] = [];
  const values: number[] = [];
  let failures = 0;
  let ended = 0;
  let active: Course[] = [];
  let now = start;
  let before = -1;
  let next = 0;
  const rests: Span[] = [];
  const decided = (outcome: Outcome): Course => {
    if (before === now) throw new Tie();
    for (const other of active) {
      if (other.end === now || other.marks.some(({ at }) => at === now)) throw new Tie();
      marks.push(...other.marks.filter(({ at }) => at < now));
    }
    return state(kind, start, { outcome, end: now, marks, rests });
  };
  for (;;) {
    while (next < branches.length && working(active, now) < concurrency) {
      const { flow, input, skipped = false } = branches[next++]!;
      if (skipped) marks.push(mark("skipped", now));
      else active.push(read(flow, input, now));
    }
    if (active.length === 0) break;
    const first = active.reduce((one, other) => (other.end < one.end ? other : one));
    refuseTies(active);
    const room = next < branches.length ? firstRest(active, now, first.end) : undefined;
    if (room !== undefined) {
      now = room;
      continue;
    }
    addRests(rests, active, now, first.end);
    active = active.filter((one) => one !== first);
    before = ended === 0 ? -1 : now;
    ended += 1;
    now = first.end;
    marks.push(...first.marks);
    const { outcome } = first;
    if (outcome.ok) {
      // In a race the order of the values counts.
      if (until !== "every" && until !== "settled" && active.some(({ end }) => end === now)) throw new Tie();
      values.push(
        until === "every" || until === "settled" ? outcome.value : outcome.value * (until - values.length),
      );
      if (values.length === until) return decided(done(sum(values)));
    } else if (until === "settled") {
      values.push(1);
    } else {
      failures += 1;
      if (until === "every") return decided(outcome);
      if (branches.length - failures < until) return decided(failed("ORCH_RACE_LOST"));
    }
  }
  return state(kind, start, { outcome: done(sum(values)), end: now, marks, rests });
}

/** How many branches do not only wait. */
function working(active: readonly Course[], now: number): number {
  return active.filter(({ rests }) => !rests.some(([from, to]) => from <= now && now < to)).length;
}

/** Which comes first counts where one branch begins to wait, and another ends or has waited enough, and a wait may take no time. */
function refuseTies(active: readonly Course[]): void {
  for (const one of active) {
    for (const [from, to] of one.rests) {
      if (from === to) throw new Tie();
      for (const other of active) {
        if (other === one) continue;
        if (other.end === from || other.end === to || other.rests.some(([, end]) => end === from))
          throw new Tie();
      }
    }
  }
}

/** When the next branch begins to wait, before a moment. */
function firstRest(active: readonly Course[], now: number, before: number): number | undefined {
  const begins = active.flatMap(({ rests }) => rests.map(([from]) => from));
  const next = Math.min(...begins.filter((from) => from > now && from < before));
  return next === Number.POSITIVE_INFINITY ? undefined : next;
}

/** Adds when all branches wait, from one moment to another. */
function addRests(rests: Span[], active: readonly Course[], from: number, to: number): void {
  let spans: readonly Span[] = [[from, to]];
  for (const course of active) {
    spans = spans.flatMap(([a, b]) =>
      course.rests.map(([c, d]): Span => [Math.max(a, c), Math.min(b, d)]).filter(([c, d]) => c < d),
    );
  }
  for (const span of spans) addSpan(rests, span);
}

/** Adds a span after all others. One that begins where the last ends makes that longer. */
function addSpan(rests: Span[], [from, to]: Span): void {
  const last = rests.at(-1);
  if (last?.[1] === from) rests[rests.length - 1] = [last[0], to];
  else rests.push([from, to]);
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) % 97;
const mark = (what: string, at: number): Mark => ({ what, at });

/** A state around what happens in it. */
function state(kind: string, at: number, { outcome, end, marks, rests }: Course): Course {
  const last = mark(outcome.ok ? "completed" : "failed", end);
  return { outcome, end, marks: [mark(`started ${kind}`, at), ...marks, last], rests };
}

/** The way of a machine through its states. */
interface Way {
  readonly at: number;
  /** Enters a state that does what `course` says. */
  readonly enters: (course: Course) => Outcome;
  /** Enters a state that takes no time. */
  readonly helper: () => void;
  readonly moves: (cause?: "output" | "error" | "rerun") => void;
  /** Enters a fan-out, and after it the state that joins its results. */
  readonly join: (course: Course) => Outcome;
}

function machine(start: number, goes: (way: Way) => Outcome): Course {
  const marks: Mark[] = [];
  const rests: Span[] = [];
  let at = start;
  const enters = (course: Course): Outcome => {
    marks.push(...course.marks);
    for (const span of course.rests) addSpan(rests, span);
    at = course.end;
    return course.outcome;
  };
  const helper = (): void =>
    void enters(state("runnable", at, { outcome: done(0), end: at, marks: [], rests: [] }));
  const moves: Way["moves"] = (cause = "output") => void marks.push(mark(`moved by ${cause}`, at));
  const outcome = goes({
    get at() {
      return at;
    },
    enters,
    helper,
    moves,
    join: (course) => {
      const joined = enters(course);
      if (!joined.ok) return joined;
      moves();
      helper();
      return joined;
    },
  });
  return state("orchestration", start, { outcome, end: at, marks, rests });
}
