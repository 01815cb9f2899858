/**
 * A second, slow and obviously right reading of the rules, to hold the engine against: plain
 * recursion over a description, no pump, no frames, no cancellation. All values are numbers, and so
 * is time: every flow says when it ends and what happened when, and a fan-out that is decided at some
 * moment forgets what its other branches would have done later.
 *
 * It reads time travel too: a state is begun again at some moment, with another input, or gives an
 * output at that moment without doing anything.
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
      /** How many attempts fail before that. */
      readonly retries?: number;
      /** Adds its input to shared state. */
      readonly notes?: boolean;
    }
  /** Gives its input, in its time. */
  | { readonly kind: "sleep"; readonly takes: number }
  /** Gives what a human answers in their time: `input * 5 % 97`. Asked by a state of its own, or by a runnable. */
  | { readonly kind: "question"; readonly takes: number; readonly byRunnable?: boolean }
  /**
   * Waits for a signal, which comes in its time, as long as its patience lasts. Gives `input * 5 % 97` when the signal came, and
   * else its input.
   */
  | { readonly kind: "wait"; readonly takes: number; readonly patience: number | undefined }
  /** One after the other. A step under `unless` is skipped when its input is divisible by it. */
  | {
      readonly kind: "sequence";
      readonly steps: readonly { readonly flow: Flow; readonly unless: number | undefined }[];
    }
  /** The same flow on `input % 5` numbers; gives their sum, to which a failure that is a result adds 1. */
  | { readonly kind: "each"; readonly branch: Flow; readonly concurrency: number; readonly settled: boolean }
  /** The same flow on `input % 5` numbers; what each gives goes into another flow, one at a time, as it comes. Gives the sum of what that gives. */
  | {
      readonly kind: "followed";
      readonly branch: Flow;
      readonly after: Flow;
      readonly concurrency: number;
      readonly settled: boolean;
    }
  /**
   * The same flow on `input`; before it or after it each branch adds the next two lower numbers, each of which is one item, down to
   * the next one that is divisible by 5. Gives the sum.
   */
  | {
      readonly kind: "grown";
      readonly body: Flow;
      readonly late: boolean;
      readonly concurrency: number;
      readonly settled: boolean;
    }
  /** A branch that adds items to the list around it. */
  | { readonly kind: "adding"; readonly body: Flow; readonly late: boolean }
  /**
   * A flow, and beside it a wait for a condition that holds from its end on, as long as its patience lasts. Gives what the flow
   * gives, and 1 more if it was met.
   */
  | { readonly kind: "met"; readonly work: Flow; readonly patience: number | undefined }
  /** The same flow on `input % 5` numbers, until so many gave a value, or until the sum of the values is divisible; gives their sum. */
  | {
      readonly kind: "some";
      readonly branch: Flow;
      readonly concurrency: number;
      readonly enough: { readonly first: number } | { readonly divisor: number };
    }
  /**
   * The same flow on `input % 5` numbers, until so many gave a value; the rest goes on in the background, and is waited for. Gives
   * the sum, to which a failure in the background adds 1.
   */
  | { readonly kind: "left"; readonly branch: Flow; readonly concurrency: number; readonly first: number }
  /** A child in the background with a name, and beside it a flow on the same input; then the child is waited for. Gives their sum. */
  | { readonly kind: "child"; readonly child: Flow; readonly work: Flow }
  /** Two flows on one input; the second ends the whole with its value if that is divisible. Gives else their sum. */
  | { readonly kind: "exit"; readonly first: Flow; readonly second: Flow; readonly divisor: number }
  /** A branch that ends the orchestration around it. */
  | { readonly kind: "stop"; readonly body: Flow; readonly divisor: number }
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
  /** One flow for odd inputs, another for even ones; as candidates with names, or from a factory. */
  | { readonly kind: "choose"; readonly odd: Flow; readonly even: Flow; readonly named?: boolean }
  /**
   * The same, as a state that an advancer makes on the way. To what it gives, its input is added, and the input of the whole,
   * which travelled in a dossier.
   */
  | { readonly kind: "made"; readonly odd: Flow; readonly even: Flow }
  /** Again, as long as the result is not divisible by `until`. */
  | { readonly kind: "loop"; readonly body: Flow; readonly until: number; readonly maxVisits: number }
  /** Gives `(input + round) % 97`, again as long as that is not divisible by `until`, `attempts` times at most. */
  | { readonly kind: "rerun"; readonly until: number; readonly attempts: number }
  /** The second flow takes the input when the first fails. */
  | { readonly kind: "rescue"; readonly body: Flow; readonly other: Flow };

/** How a flow ends. */
export type Outcome =
  /** With `exits` it ends the orchestration around it. */
  | { readonly ok: true; readonly value: number; readonly exits?: true }
  | { readonly ok: false; readonly code: string };

/** Something that happens, where, and when. */
export interface Mark {
  readonly what: string;
  readonly at: number;
  readonly path: string;
  /** What was added to shared state. */
  readonly noted?: number;
  /** The output of a state by which it counts as this number; absent where the state cannot be given one. */
  readonly gives?: ((value: number) => unknown) | undefined;
  /** Whether the input of a state is a number. */
  readonly takes?: boolean;
}

/** A state that is begun again at some moment, after what it did was undone. */
export interface Travel {
  readonly path: string;
  readonly at: number;
  readonly input?: number | undefined;
  /** Then it does nothing but give this. */
  readonly output?: number | undefined;
  /** When the state failed at first, in a retry: what was stopped with it begins again too. */
  readonly failed?: number | undefined;
}

/** Where and when a state begins. */
interface Place {
  readonly path: string;
  readonly at: number;
  readonly travel: Travel | undefined;
}

/** What a flow does from its start to its end. */
interface Course {
  readonly outcome: Outcome;
  readonly end: number;
  readonly marks: readonly Mark[];
  /** When it only waits, in order: a branch that waits has no place in its fan-out. Absent: never. */
  readonly rests?: readonly Span[];
  /** What came in the background, and when all of it had ended. */
  readonly late?: { readonly values: readonly number[]; readonly end: number } | undefined;
}

/** From a moment to another, at which it is over. */
type Span = readonly [from: number, to: number];

/** How many steps a loop may take. */
export const MAX_STEPS = 6;

/** The pause before the second attempt, in milliseconds; each further one is twice as long. */
export const PAUSE = 50;

/** Thrown when two branches do something in the moment that decides: which comes first is not in the rules. */
class Tie extends Error {}

const done = (value: number): Outcome => ({ ok: true, value });
const failed = (code: string): Outcome => ({ ok: false, code });
const same = (value: number): unknown => value;

/** How long something takes, in milliseconds: other inputs take other times. */
export function timeOf(takes: number, input: number): number {
  return takes === 0 ? 0 : takes * 97 + ((input * 31) % 97);
}

/** After how many milliseconds the signal of a wait comes, and after how many it waits no more. */
export function waitOf({
  takes,
  patience,
}: Extract<Flow, { kind: "wait" }>): readonly [comes: number, ends: number] {
  return [takes * 97, patience === undefined ? Number.POSITIVE_INFINITY : patience * 97 + 13];
}

/** How a flow ends, when, and how often each kind of event happens; `undefined` when a tie decides. */
export function interpret(
  flow: Flow,
  input: number,
): { outcome: Outcome; end: number; events: { [what: string]: number } } | undefined {
  const course = unlessTied(() => read(flow, input, { path: "flow", at: 0, travel: undefined }));
  return course && { outcome: course.outcome, end: course.end, events: countOf(course.marks) };
}

/** A run of `tallied` of the builder, in which a state may have begun again; `undefined` when a tie decides. */
export function travelled(flow: Flow, input: number, travel?: Travel): Course | undefined {
  const root: Place = { path: "root", at: 0, travel };
  return unlessTied(() =>
    machine(root, input, (way, value) => {
      const first = way.enters(read(flow, value, way.place("flow")));
      if (!first.ok) return first;
      way.moves();
      const noted = sum(way.marks.map((mark) => mark.noted ?? 0));
      return way.helper("tally", first.value, { makes: (one) => one + 97 * noted });
    }),
  );
}

/** How often each kind of thing happened. */
export function countOf(marks: readonly Mark[]): { [what: string]: number } {
  const events: { [what: string]: number } = {};
  for (const { what } of marks) if (what !== "noted") events[what] = (events[what] ?? 0) + 1;
  return events;
}

function unlessTied(reading: () => Course): Course | undefined {
  try {
    return reading();
  } catch (error) {
    if (error instanceof Tie) return undefined;
    throw error;
  }
}

function read(flow: Flow, given: number, place: Place): Course {
  switch (flow.kind) {
    case "leaf":
      return state("runnable", place, given, (input, at) => leaf(flow, input, { ...place, at }));
    case "sleep":
      return state("sleep", place, given, (input, at) => {
        const end = at + timeOf(flow.takes, input);
        return { outcome: done(input), end, marks: [], rests: [[at, end]] };
      });
    case "question":
      return state(flow.byRunnable === true ? "runnable" : "question", place, given, (input, at) => {
        const { path } = place;
        const end = at + timeOf(flow.takes, input);
        const marks = [mark("asked", at, path), mark("answered", end, path)];
        return { outcome: done((input * 5) % 97), end, marks, rests: [[at, end]] };
      });
    case "wait":
      return machine(place, given, (way, input) => held(way, flow, input));
    case "sequence":
      return machine(place, given, (way, input) => inOrder(way, flow.steps, input));
    case "each":
      return machine(place, given, (way, start) => {
        const input = way.helper("split", start, { edits: { takes: true } });
        if (!input.ok) return input;
        way.moves();
        const branches = Array.from({ length: input.value % 5 }, (_, index) => ({
          id: `[${index}]/branch#1`,
          flow: flow.branch,
          input: input.value + index,
        }));
        const gives = flow.settled
          ? (value: number) => [{ status: "completed", value }]
          : (value: number) => [value];
        const until = flow.settled ? "settled" : "every";
        return way.join(
          fan("each", branches, flow.concurrency, way.place("fan"), until, { gives, takes: false }),
        );
      });
    case "some":
      return machine(place, given, (way, start) => {
        const input = way.helper("split", start, { edits: { takes: true } });
        if (!input.ok) return input;
        way.moves();
        const branches = Array.from({ length: input.value % 5 }, (_, index) => ({
          id: `[${index}]/branch#1`,
          flow: flow.branch,
          input: input.value + index,
        }));
        const gives = (value: number) => [value];
        const until = enoughFor(flow.enough);
        return way.join(
          fan("each", branches, flow.concurrency, way.place("fan"), until, { gives, takes: false }),
        );
      });
    case "followed":
      return machine(place, given, (way, start) => {
        const input = way.helper("split", start, { edits: { takes: true } });
        if (!input.ok) return input;
        way.moves();
        const branches = Array.from({ length: input.value % 5 }, (_, index) => ({
          id: `[${index}]/branch#1`,
          flow: flow.branch,
          input: input.value + index,
        }));
        const follow: Follow = (slot, value) => ({ id: `[${slot}]/after#1`, flow: flow.after, input: value });
        const gives = flow.settled
          ? (value: number) => [{ status: "completed", value }]
          : (value: number) => [value];
        const until = flow.settled ? "settled" : "every";
        const edits = { gives, takes: false };
        return way.join(
          fan("each", branches, flow.concurrency, way.place("fan"), until, edits, 0, { follow }),
        );
      });
    case "grown":
      return machine(place, given, (way, start) => {
        const input = way.helper("split", start, { edits: { takes: true } });
        if (!input.ok) return input;
        way.moves();
        const { body, late } = flow;
        const branches = Array.from({ length: (input.value % 5) + 1 }, (_, index) => ({
          id: `[${index}]/branch#1`,
          flow: { kind: "adding", body, late } as const,
          input: input.value - index,
        }));
        const until = flow.settled ? "settled" : "every";
        const edits = { gives: undefined, takes: false };
        return way.join(
          fan("each", branches, flow.concurrency, way.place("fan"), until, edits, 0, { grows: true }),
        );
      });
    case "adding":
      return machine(
        place,
        given,
        (way, input) => {
          const edits = { gives: undefined, takes: false };
          if (!flow.late) {
            const first = way.helper("add", input, { edits });
            way.moves();
            return first.ok ? way.enters(read(flow.body, first.value, way.place("body"))) : first;
          }
          const taken = way.helper("take", input, { edits });
          if (!taken.ok) return taken;
          way.moves();
          const first = way.enters(read(flow.body, taken.value, way.place("body")));
          if (!first.ok) return first;
          way.moves();
          return way.helper("add", first.value, { edits });
        },
        { gives: undefined, takes: false },
      );
    case "met":
      return machine(place, given, (way, start) => {
        const edits = { gives: undefined, takes: false };
        const input = way.helper("open", start, { edits: { gives: undefined, takes: true } });
        if (!input.ok) return input;
        way.moves();
        const { value } = input;
        return way.join(
          state(
            "all",
            way.place("fan"),
            value,
            (_, at) => met(flow, value, { ...way.place("fan"), at }),
            edits,
          ),
        );
      });
    case "exit":
      return machine(place, given, (way, start) => {
        const stop = { kind: "stop", body: flow.second, divisor: flow.divisor } as const;
        const branches = (input: number): readonly Branch[] => [
          { id: "[first]/first#1", flow: flow.first, input },
          { id: "[stop]/stop#1", flow: stop, input },
        ];
        const gives = (first: number): unknown => ({ first, stop: 0 });
        return way.join(fan("all", branches, 8, way.place("fan"), "every", { gives, takes: true }, start));
      });
    case "stop": {
      const course = state(
        "exit",
        place,
        given,
        (input, at) => read(flow.body, input, { ...place, path: `${place.path}/second#1`, at }),
        { gives: undefined, takes: true },
      );
      const { outcome } = course;
      if (!outcome.ok || outcome.value % flow.divisor !== 0) return course;
      return { ...course, outcome: { ...outcome, exits: true } };
    }
    case "left":
      return machine(place, given, (way, start) => {
        const input = way.helper("split", start, { edits: { takes: true } });
        if (!input.ok) return input;
        way.moves();
        const branches = Array.from({ length: input.value % 5 }, (_, index) => ({
          id: `[${index}]/branch#1`,
          flow: flow.branch,
          input: input.value + index,
        }));
        const until: Enough = { ...enoughFor(flow), leaves: true };
        const edits = { gives: undefined, takes: false };
        const course = fan("each", branches, flow.concurrency, way.place("fan"), until, edits);
        const { late = { values: [], end: 0 } } = course;
        const first = way.enters(course);
        if (!first.ok) return first;
        way.moves();
        const waited = state(
          "collect",
          way.place("late"),
          first.value,
          (value, at) => ({ outcome: done(value), end: Math.max(at, late.end), marks: [] }),
          edits,
        );
        way.enters(waited);
        way.moves();
        return way.helper("join", sum([first.value, ...late.values]), { edits });
      });
    case "child":
      return machine(place, given, (way, start) => besideChild(way, flow, start));
    case "all":
      return machine(place, given, (way, start) => {
        const branches = (input: number): readonly Branch[] => [
          { id: "[first]/first#1", flow: flow.first, input },
          { id: "[second]/second#1", flow: flow.second, input, skipped: input % flow.unless === 0 },
        ];
        const gives = (first: number): unknown => ({
          first: flow.settled ? { status: "completed", value: first } : first,
        });
        const until = flow.settled ? "settled" : "every";
        return way.join(fan("all", branches, 8, way.place("fan"), until, { gives, takes: true }, start));
      });
    case "race":
      return machine(place, given, (way, start) => {
        const branches = (input: number): readonly Branch[] =>
          flow.branches.map((branch, index) => ({ id: `[b${index}]/s${index}#1`, flow: branch, input }));
        const { first } = flow;
        // The last of the values counts once.
        const gives = (value: number): unknown => [...Array<number>(first - 1).fill(0), value];
        return way.join(
          fan("race", branches, flow.concurrency, way.place("fan"), first, { gives, takes: true }, start),
        );
      });
    case "choose":
      return state("choose", place, given, (input, at) => {
        const [id, chosen] = input % 2 === 1 ? ["odd", flow.odd] : ["even", flow.even];
        return read(chosen as Flow, input, { ...place, path: `${place.path}/${id}#1`, at });
      });
    case "made":
      return machine(place, given, (way, input) => madeOnTheWay(way, flow, input));
    case "loop":
      return machine(place, given, (way, input) => again(way, flow, input));
    case "rerun":
      return machine(place, given, (way, input) => untilGood(way, flow, input));
    case "rescue":
      return machine(place, given, (way, input) => {
        const body = way.place("body");
        const first = way.enters(read(flow.body, input, body));
        if (first.ok) return first;
        way.moves("error");
        return way.enters(read(flow.other, inputAt(body, input), way.place("other")));
      });
  }
}

function leaf(
  { failsOn, times, plus, takes, retries = 0, notes }: Extract<Flow, { kind: "leaf" }>,
  input: number,
  { path, at }: Place,
): Course {
  let end = at;
  for (let attempt = 0; attempt < retries; attempt++) end += timeOf(takes, input) + PAUSE * 2 ** attempt;
  end += timeOf(takes, input);
  const fails = failsOn !== undefined && input % failsOn === 0;
  const outcome = fails ? failed("ORCH_RUNNABLE_FAILED") : done((input * times + plus) % 97);
  return {
    outcome,
    end,
    marks: notes === true && !fails ? [{ ...mark("noted", end, path), noted: input }] : [],
  };
}

function inOrder(way: Way, steps: Extract<Flow, { kind: "sequence" }>["steps"], input: number): Outcome {
  let value = numberOf(way.helper("first", input));
  for (const [index, { flow, unless }] of steps.entries()) {
    way.moves();
    value = numberOf(way.helper(`g${index}`, value));
    if (unless !== undefined && value % unless === 0) continue;
    way.moves();
    const outcome = way.enters(read(flow, value, way.place(`s${index}`)));
    if (!outcome.ok) return outcome;
    value = outcome.value;
  }
  way.moves();
  return way.helper("last", value);
}

function held(way: Way, flow: Extract<Flow, { kind: "wait" }>, input: number): Outcome {
  const place = way.place("hold");
  const [comes, ends] = waitOf(flow);
  const waits = (value: number, at: number): Course => {
    const end = at + Math.min(comes, ends);
    const came = comes < ends ? [mark("signalled", end, place.path)] : [];
    const marks = [mark("awaited", at, place.path), ...came];
    return { outcome: done(comes < ends ? value * 5 : value), end, marks, rests: [[at, end]] };
  };
  const outcome = way.enters(state("until", place, input, waits));
  if (!outcome.ok) return outcome;
  way.moves();
  return way.helper("end", outcome.value, { makes: (one) => one % 97 });
}

function madeOnTheWay(way: Way, { odd, even }: Extract<Flow, { kind: "made" }>, input: number): Outcome {
  const value = numberOf(way.helper("first", input));
  way.moves();
  const made = way.place("made");
  const outcome = way.enters(read(value % 2 === 1 ? odd : even, value, made));
  if (!outcome.ok) return outcome;
  way.moves();
  return way.helper("end", sum([outcome.value, inputAt(made, value), value]));
}

function again(
  way: Way,
  { body, until, maxVisits }: Extract<Flow, { kind: "loop" }>,
  input: number,
): Outcome {
  let value = input;
  for (let round = 1; ; round++) {
    const place = way.place("body", round);
    const outcome = way.enters(
      state("choose", place, value, (given, at) =>
        read(body, given, { ...place, path: `${place.path}/inner#1`, at }),
      ),
    );
    if (!outcome.ok) return outcome;
    value = outcome.value;
    if (value % until === 0) return done(value);
    if (round > MAX_STEPS) return failed("ORCH_MAX_STEPS");
    if (round === maxVisits) return failed("ORCH_MAX_VISITS");
    way.moves();
  }
}

function untilGood(way: Way, { until, attempts }: Extract<Flow, { kind: "rerun" }>, given: number): Outcome {
  let input = given;
  for (let round = 1; ; round++) {
    const place = way.place("work", round);
    const value = numberOf(way.helper("work", input, { makes: (one) => one + round, visit: round }));
    input = inputAt(place, input);
    if (value % until === 0) {
      way.moves();
      return way.helper("end", value, { makes: (one) => one % 97 });
    }
    if (round === attempts) return failed("ORCH_NO_ADVANCE");
    way.moves("rerun");
  }
}

/** A flow, and beside it a wait that it ends. */
function met({ work, patience }: Extract<Flow, { kind: "met" }>, input: number, place: Place): Course {
  const { path, at } = place;
  const edits = { gives: undefined, takes: false };
  const works = machine(
    { ...place, path: `${path}[work]/work#1` },
    input,
    (way, value) => {
      const first = way.helper("unpack", value, { edits });
      way.moves();
      const outcome = way.enters(read(work, numberOf(first), way.place("flow")));
      if (!outcome.ok) return outcome;
      way.moves();
      return way.helper("vote", outcome.value, { edits });
    },
    edits,
  );
  const { travel } = place;
  const hold = `${path}[hold]/hold#1`;
  const isAgain = travel?.path === hold;
  if (isAgain && !works.outcome.ok) throw new Tie();
  const begins = isAgain ? travel.at : at;
  const lasts = patience === undefined ? Number.POSITIVE_INFINITY : patience * 97 + 13;
  const opens = travel && openUntil(travel, path);
  if (at + lasts === opens) throw new Tie();
  // The patience of a wait that is open where a fork begins, or that was stopped with what is retried, begins there.
  const ends = (opens !== undefined && at + lasts > opens ? Math.max(begins, travel!.at) : begins) + lasts;
  const holds = Math.max(works.end, begins);
  if (ends === holds) throw new Tie();
  const isMet = works.outcome.ok && holds < ends;
  const waited = Math.min(holds, ends);
  const started: Mark = { ...mark("started until", at, hold), ...edits };
  const marks = [started, mark("awaited", at, hold), ...works.marks];
  if (isMet || ends < holds) marks.push(mark("completed", waited, hold));
  const rests: Span[] = [];
  const waits: Course = { outcome: done(0), end: waited, marks: [], rests: [[at, waited]] };
  const both = Math.min(works.end, waited);
  if (both > at) addRests(rests, [waits, works], at, both);
  if (works.end > both) addRests(rests, [works], both, works.end);
  if (waited > works.end) addSpan(rests, [works.end, waited]);
  // When all else in it has ended it only waits, until the condition is asked in the same moment.
  else if (isMet) addSpan(rests, [waited, waited]);
  const { outcome } = works;
  return {
    outcome: outcome.ok ? done(sum([outcome.value, isMet ? 1 : 0])) : outcome,
    end: Math.max(works.end, waited),
    marks,
    rests,
  };
}

/**
 * When the wait in this fan-out was last open before a fork or a retry. A state that fails in the background stops at once what is
 * beside it there, and the run may fail with it later; any other state fails the run at once.
 */
function openUntil({ path, at, failed }: Travel, fan: string): number {
  const within = `${fan}[work]/work#1`;
  if (failed === undefined || failed === at || !path.startsWith(within)) return at;
  const isBackground = (of: string): boolean => of.includes("[child]");
  if (isBackground(path.slice(within.length))) {
    if (isBackground(fan)) throw new Tie();
    return at;
  }
  return isBackground(fan) ? failed : at;
}

/** A child in the background, and a flow beside it that the end of the machine waits for too. */
function besideChild(way: Way, { child, work }: Extract<Flow, { kind: "child" }>, start: number): Outcome {
  const noEdits = { gives: undefined, takes: false };
  const back = way.place("back");
  const left = state(
    "background",
    back,
    start,
    (value, at) => ({ outcome: done(value), end: at, marks: [] }),
    { gives: undefined, takes: true },
  );
  const input = numberOf(way.enters(left));
  way.moves();
  const works = way.place("work");
  const inside = read(child, input, { ...works, path: `${back.path}[child]/child#1` });
  const beside = read(work, input, works);
  const { end } = beside;
  if (!beside.outcome.ok) {
    // What goes on in the background is stopped.
    if (inside.marks.some((of) => of.at === end)) throw new Tie();
    way.enters({ ...beside, marks: [...inside.marks.filter(({ at }) => at < end), ...beside.marks] });
    return beside.outcome;
  }
  // The state may still wait when its background ends, and give the place of a branch back in that moment.
  if (inside.end === end && beside.rests?.some(([, to]) => to === end) === true) throw new Tie();
  const rests: Span[] = [];
  const both = Math.min(inside.end, end);
  if (both > works.at) addRests(rests, [inside, beside], works.at, both);
  if (end > both) addRests(rests, [beside], both, end);
  const first = numberOf(way.enters({ ...beside, marks: [...inside.marks, ...beside.marks], rests }));
  way.moves();
  const late = state(
    "collect",
    way.place("late"),
    first,
    (_, at) => ({ outcome: inside.outcome, end: Math.max(at, inside.end), marks: [] }),
    noEdits,
  );
  const second = way.enters(late);
  if (!second.ok) return second;
  way.moves();
  return way.helper("join", sum([first, second.value]), { edits: { gives: same, takes: false } });
}

/** What takes the value of a branch. */
type Follow = (slot: number, value: number) => Branch;

/** What a list does besides. */
interface More {
  readonly follow?: Follow;
  /** Whether a branch adds the next two of the branches when its state `add` has run. At first there is one. */
  readonly grows?: true;
}

interface Branch {
  readonly id: string;
  readonly flow: Flow;
  readonly input: number;
  readonly skipped?: boolean;
}

/** What can be put in the place of the input and the output of a state. */
type Edits = Pick<Mark, "gives" | "takes">;

/** When there is enough of a list, and how many branches that takes at least. */
interface Enough {
  readonly is: (values: readonly number[]) => boolean;
  readonly least: number;
  /** Whether the rest goes on in the background. */
  readonly leaves?: true;
}

type Until = "every" | "settled" | number | Enough;

function enoughFor(enough: Extract<Flow, { kind: "some" }>["enough"]): Enough {
  if ("first" in enough) return { is: ({ length }) => length >= enough.first, least: enough.first };
  return { is: (values) => values.length > 0 && sum(values) % enough.divisor === 0, least: 0 };
}

/** Branches side by side: until every one completed, every one ended, or so many completed. */
function fan(
  kind: "each" | "all" | "race",
  branches: readonly Branch[] | ((input: number) => readonly Branch[]),
  concurrency: number,
  place: Place,
  until: Until,
  edits: Edits,
  given = 0,
  more: More = {},
): Course {
  return state(
    kind,
    place,
    given,
    (input, at) => {
      const opened = typeof branches === "function" ? branches(input) : branches;
      return sideBySide(opened, concurrency, { ...place, at }, until, more);
    },
    edits,
  );
}

function sideBySide(
  branches: readonly Branch[],
  concurrency: number,
  place: Place,
  until: Until,
  { follow, grows }: More,
): Course {
  const marks: Mark[] = [];
  const values: number[] = [];
  let failures = 0;
  let ended = 0;
  let active: Course[] = [];
  let now = place.at;
  let before = -1;
  let next = 0;
  const rests: Span[] = [];
  let known = grows === undefined ? branches.length : 1;
  const slots = new Map<Course, number>();
  /** What will be added, by the branch that does. */
  let coming: { readonly at: number; readonly by: Course; readonly slot: number }[] = [];
  const willAdd = (by: Course, slot: number, path: string): void => {
    const ran = by.marks.find((of) => of.path === `${path}/add#1` && of.what === "completed");
    if (ran !== undefined) coming.push({ at: ran.at, by, slot });
  };
  const add = (): void => {
    for (const { at, slot } of coming)
      if (at === now) known = Math.max(known, Math.min(branches.length, slot + 3));
    coming = coming.filter(({ at, by }) => at !== now && active.includes(by));
  };
  const due: Branch[] = [];
  let following: Course | undefined;
  const hasDue = (): boolean => due.length > 0 && following === undefined;
  /** How it ended, while the rest goes on in the background. */
  let left: { readonly outcome: Outcome; readonly end: number } | undefined;
  const decided = (outcome: Outcome): Course => {
    if (before === now) throw new Tie();
    for (const other of active) {
      if (other.end === now || other.marks.some(({ at }) => at === now)) throw new Tie();
      marks.push(...other.marks.filter(({ at }) => at < now));
    }
    return { outcome, end: now, marks, rests };
  };
  for (;;) {
    for (;;) {
      add();
      if ((next >= known && !hasDue()) || working(active, now) >= concurrency) break;
      const isDue = hasDue();
      const slot = isDue ? -1 : next++;
      const { id, flow, input, skipped = false } = isDue ? due.shift()! : branches[slot]!;
      const path = `${place.path}${id}`;
      if (skipped) {
        marks.push(mark("skipped", now, path));
        continue;
      }
      const course = read(flow, input, { ...place, path, at: now });
      active.push(course);
      if (isDue) following = course;
      else slots.set(course, slot);
      if (grows === true) willAdd(course, slot, path);
    }
    if (active.length === 0) break;
    const first = active.reduce((one, other) => (other.end < one.end ? other : one));
    refuseTies(active, next < known || hasDue());
    const room = next < known || hasDue() ? firstRest(active, now, first.end) : undefined;
    const added = Math.min(...coming.map(({ at }) => at));
    if (room !== undefined && room <= added) {
      now = room;
      continue;
    }
    if (added <= first.end) {
      addRests(rests, active, now, added);
      now = added;
      continue;
    }
    if (left === undefined) addRests(rests, active, now, first.end);
    active = active.filter((one) => one !== first);
    before = ended === 0 ? -1 : now;
    ended += 1;
    now = first.end;
    marks.push(...first.marks);
    const { outcome } = first;
    if (follow !== undefined) {
      // What comes first is taken first.
      if (active.some(({ end }) => end === now)) throw new Tie();
      if (first === following) following = undefined;
      else if (outcome.ok) {
        due.push(follow(slots.get(first)!, outcome.value));
        continue;
      }
    }
    if (left !== undefined) {
      if (active.some(({ end }) => end === now)) throw new Tie();
      values.push(outcome.ok ? outcome.value : 1);
      continue;
    }
    if (outcome.ok && outcome.exits === true) return decided(outcome);
    if (outcome.ok) {
      // Where not all is waited for, the order of the values counts.
      if (typeof until !== "string" && active.some(({ end }) => end === now)) throw new Tie();
      values.push(typeof until === "number" ? outcome.value * (until - values.length) : outcome.value);
      if (values.length === until) return decided(done(sum(values)));
      if (typeof until === "object" && until.is(values)) {
        const enough = decided(done(sum(values)));
        if (until.leaves === undefined || active.length + branches.length - next === 0) return enough;
        left = enough;
        values.length = 0;
        marks.splice(
          0,
          marks.length,
          ...marks.filter(({ path }) => !active.some((one) => one.marks.some((of) => of.path === path))),
        );
      }
    } else if (until === "settled") {
      values.push(1);
    } else {
      failures += 1;
      if (until === "every") return decided(outcome);
      if (branches.length - failures < (typeof until === "object" ? until.least : until))
        return decided(failed("ORCH_RACE_LOST"));
    }
  }
  if (left !== undefined) {
    return { ...left, marks, rests, late: { values, end: now } };
  }
  const outcome = typeof until === "object" ? failed("ORCH_RACE_LOST") : done(sum(values));
  return { outcome, end: now, marks, rests };
}

/** How many branches do not only wait. */
function working(active: readonly Course[], now: number): number {
  return active.filter(({ rests = [] }) => !rests.some(([from, to]) => from <= now && now < to)).length;
}

/** Which comes first counts where one branch begins to wait, and another ends or has waited enough, and where a wait takes no time and another branch may begin. */
function refuseTies(active: readonly Course[], hasMore: boolean): void {
  for (const one of active) {
    for (const [from, to] of one.rests ?? []) {
      if (from === to && hasMore) throw new Tie();
      for (const other of active) {
        if (other === one) continue;
        if (other.end === from || other.end === to || other.rests?.some(([, end]) => end === from) === true)
          throw new Tie();
      }
    }
  }
}

/** When the next branch begins to wait, before a moment. */
function firstRest(active: readonly Course[], now: number, before: number): number | undefined {
  const begins = active.flatMap(({ rests = [] }) => rests.map(([from]) => from));
  const next = Math.min(...begins.filter((from) => from > now && from < before));
  return next === Number.POSITIVE_INFINITY ? undefined : next;
}

/** Adds when all branches wait, from one moment to another. */
function addRests(rests: Span[], active: readonly Course[], from: number, to: number): void {
  let spans: readonly Span[] = [[from, to]];
  for (const { rests: of = [] } of active) {
    spans = spans.flatMap(([a, b]) =>
      of.map(([c, d]): Span => [Math.max(a, c), Math.min(b, d)]).filter(([c, d]) => c < d),
    );
  }
  const moments = active.flatMap(({ rests: of = [] }) =>
    of.filter(([a, b]) => a === b && from <= a && a <= to),
  );
  for (const span of [...spans, ...moments].toSorted(([a], [b]) => a - b)) addSpan(rests, span);
}

/** Adds a span after all others. One that begins where the last ends makes that longer, but for one that takes no time. */
function addSpan(rests: Span[], [from, to]: Span): void {
  const last = rests.at(-1);
  if (from < to && last?.[1] === from) rests[rests.length - 1] = [last[0], to];
  else rests.push([from, to]);
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) % 97;
const mark = (what: string, at: number, path: string): Mark => ({ what, at, path });

/** The value of a state that cannot fail. */
function numberOf(outcome: Outcome): number {
  if (!outcome.ok) throw new TypeError(outcome.code);
  return outcome.value;
}

/** The input of a state, which may have been given another one. */
function inputAt({ path, travel }: Place, input: number): number {
  return (travel?.path === path ? travel.input : undefined) ?? input;
}

/** A state around what happens in it. */
function state(
  kind: string,
  place: Place,
  input: number,
  does: (input: number, at: number) => Course,
  edits: Edits = { gives: same, takes: true },
): Course {
  const { path, at } = place;
  const { outcome, end, marks, rests = [], late } = begun(place, input, does);
  const first: Mark = { ...mark(`started ${kind}`, at, path), ...edits };
  return {
    outcome,
    end,
    // What the end of the whole stops has no end of its own.
    marks: [
      first,
      ...marks,
      ...(outcome.ok && outcome.exits === true ? [] : [mark(outcome.ok ? "completed" : "failed", end, path)]),
    ],
    rests,
    late,
  };
}

function begun(place: Place, input: number, does: (input: number, at: number) => Course): Course {
  const { path, at, travel } = place;
  if (travel?.path !== path) return does(input, at);
  const { output } = travel;
  const again: Course =
    output === undefined
      ? does(inputAt(place, input), travel.at)
      : { outcome: done(output), end: travel.at, marks: [] };
  // Until then it is as it was when it began at first.
  const rests: Span[] = [];
  if (does(input, at).rests?.[0]?.[0] === at) {
    // A wait that takes no time.
    if (at === travel.at && output !== undefined) throw new Tie();
    if (at < travel.at) rests.push([at, travel.at]);
  }
  for (const span of again.rests ?? []) addSpan(rests, span);
  return { ...again, rests };
}

/** What a state that takes no time makes of its input: the same, if nothing is said. */
interface Help {
  readonly makes?: (input: number) => number;
  readonly edits?: Edits;
  readonly visit?: number;
}

/** The way of a machine through its states. */
interface Way {
  readonly at: number;
  readonly marks: readonly Mark[];
  /** The place of a state that begins now. */
  readonly place: (id: string, visit?: number) => Place;
  /** Enters a state that does what `course` says. */
  readonly enters: (course: Course) => Outcome;
  /** Enters a state that takes no time. */
  readonly helper: (id: string, input: number, help?: Help) => Outcome;
  readonly moves: (cause?: "output" | "error" | "rerun") => void;
  /** Enters a fan-out, and after it the state that joins its results. */
  readonly join: (course: Course) => Outcome;
}

function machine(
  place: Place,
  given: number,
  goes: (way: Way, input: number) => Outcome,
  edits?: Edits,
): Course {
  const does = (input: number, start: number): Course => {
    const marks: Mark[] = [];
    const rests: Span[] = [];
    let at = start;
    const placeOf: Way["place"] = (id, visit = 1) => ({ ...place, path: `${place.path}/${id}#${visit}`, at });
    const enters = (course: Course): Outcome => {
      marks.push(...course.marks);
      for (const span of course.rests ?? []) addSpan(rests, span);
      at = course.end;
      return course.outcome;
    };
    const helper: Way["helper"] = (id, value, { makes = (one: number) => one, edits, visit } = {}) => {
      const does = (one: number, end: number): Course => ({ outcome: done(makes(one)), end, marks: [] });
      return enters(state("runnable", placeOf(id, visit), value, does, edits));
    };
    const moves: Way["moves"] = (cause = "output") => {
      marks.push(mark(`moved by ${cause}`, at, marks.at(-1)!.path));
    };
    const outcome = goes(
      {
        get at() {
          return at;
        },
        marks,
        place: placeOf,
        enters,
        helper,
        moves,
        join: (course) => {
          const joined = enters(course);
          if (!joined.ok || joined.exits === true) return joined;
          moves();
          return helper("join", joined.value, { edits: { gives: same, takes: false } });
        },
      },
      input,
    );
    return { outcome: outcome.ok ? done(outcome.value) : outcome, end: at, marks, rests };
  };
  return state("orchestration", place, given, does, edits);
}
