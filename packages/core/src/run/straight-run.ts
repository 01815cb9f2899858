/**
 * A run of which nobody has more than the output, from its first state to its last in one function, as long as states
 * follow straight on. In a process that has just begun the functions around a run are interpreted, and a run of ten states took as
 * long to begin and to end as to go from state to state.
 */
import { Activation } from "../kernel/activation.ts";
import { compiled } from "../kernel/compiled.ts";
import type { Definition } from "../kernel/definition.ts";
import { verdicts } from "../kernel/edges.ts";
import { type MachineFrame, type MachineNode, machineFrame } from "../kernel/machine-frame.ts";
import { REMEMBERED } from "../kernel/machine-limits.ts";
import { runOf } from "../kernel/new-run.ts";
import type { Completion, RunState } from "../kernel/transition.ts";
import { adopted } from "../platform/adopted.ts";
import { copyOf } from "../platform/copy-of.ts";
import type { DriverHooks } from "./driver-hooks.ts";
import type { RunSpec } from "./host.ts";
import { starterOf } from "./inner-runs.ts";
import { LocalDriver } from "./local-driver.ts";
import { outputOf } from "./output-of.ts";
import { type Ending, Pump } from "./pump.ts";
import { execute } from "./step.ts";
import { OwnContext } from "./step-context.ts";

/** Runs, and gives the output; `undefined` where more is around the run than this function does, and nothing has begun. */
export function straightRun(
  { runnable, input, options, write }: RunSpec,
  hooks: DriverHooks | undefined,
): Promise<unknown> | undefined {
  const { host, signal, grace } = options;
  const read = compiled(runnable);
  const { definition, circuit } = read.node as MachineNode;
  const { straight, deadline, budget, states, start } = definition;
  const isWatched = host ?? signal ?? grace ?? deadline ?? budget ?? circuit ?? starterOf(undefined);
  if (straight === undefined || isWatched !== undefined) return undefined;
  if (states[start]!.runnable.node !== undefined) return undefined;
  const run = runOf(read, input);
  const driver = new LocalDriver(run, options, write, hooks);
  return driver.straight === undefined ? undefined : goAlone(run, driver, definition, straight);
}

/** `await` calls nothing of anybody for a promise that has this. */
const PLAIN = Promise.prototype.then;

/** What comes beside the end of a state, as when it asks, ends nothing here. */
const BESIDE: Ending = {
  ended: () => {},
  failed: (error) => {
    throw error;
  },
};

/**
 * Takes states one after the other. Once something is attached to a state (a question, what it wrote, what it keeps), and where an
 * edge asks, the pump takes over for the rest of the run.
 */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: each question that is a function of its own is a call at every step
async function goAlone(
  run: RunState,
  driver: LocalDriver,
  definition: Definition,
  straight: NonNullable<Definition["straight"]>,
): Promise<unknown> {
  const frame = opened(run, driver, definition);
  const { machine, visits } = frame;
  const { recorder, waiter } = driver;
  const limit = definition.maxSteps - REMEMBERED;
  let { current } = frame;
  let operation = frame.child!;
  for (let steps = 0; ; steps++) {
    let value: unknown;
    try {
      const { runnable, input } = operation;
      if (runnable.isPlain) {
        const context = new OwnContext({
          operation,
          scope: operation,
          attempt: 1,
          doors: driver,
          isOver: false,
        });
        value = runnable.source.invoke((runnable.lends ? copyOf(input) : input) as never, context);
      } else value = execute(operation, driver);
      if (typeof value === "object" && value !== null) {
        const { then } = value as Partial<PromiseLike<unknown>>;
        if (typeof then === "function") {
          if (driver.isBusy) driver.next(waiter!);
          value = await (then === PLAIN && value.constructor === Promise ? value : adopted(value));
        }
      }
    } catch (error) {
      return goOn(run, driver, { kind: "failed", operation, error });
    }
    const { attached, scoped } = operation;
    const target = straight[current.index];
    if (target === undefined || attached !== undefined || steps >= limit) {
      frame.current = current;
      frame.steps = steps;
      return attached === undefined && current.finishes && current.advancers.length === 0
        ? ended(run, driver, operation, value)
        : goOn(run, driver, { kind: "completed", operation, value });
    }
    operation.over = true;
    if (scoped !== undefined) scoped.release();
    const visit = visits[target.index]! + 1;
    const next = new Activation(machine, target.runnable, value, visit);
    visits[target.index] = visit;
    frame.child = next;
    if (recorder !== undefined) {
      recorder.ended(operation, { kind: "completed", value });
      recorder.moved(operation, target.id, "output", verdicts(frame, current.advancers, 0), undefined);
      recorder.started(next);
    }
    current = target;
    operation = next;
  }
}

/** Enters the first state. */
function opened(run: RunState, driver: LocalDriver, definition: Definition): MachineFrame {
  const { root } = run;
  const { recorder } = driver;
  const { states, start, unvisited } = definition;
  const first = states[start]!;
  const visits = unvisited.slice();
  visits[start] = 1;
  const child = new Activation(root, first.runnable, copyOf(root.input));
  const frame = machineFrame(root, definition, visits, first, child);
  root.frame = frame;
  // It is there while states are called too: what comes then changes nothing that is read here.
  driver.waiter = new Pump(run, driver, BESIDE);
  if (recorder !== undefined) {
    recorder.started(root);
    recorder.started(child);
  }
  return frame;
}

/** The run ends with this state, as it always does. */
function ended({ root }: RunState, driver: LocalDriver, operation: Activation, value: unknown): unknown {
  const { recorder } = driver;
  operation.over = true;
  operation.release();
  root.over = true;
  root.release();
  if (recorder !== undefined) {
    recorder.ended(operation, { kind: "completed", value });
    recorder.ended(root, { kind: "completed", value });
  }
  driver.close();
  return value;
}

/** What is not straight on goes through the pump, and all that follows. */
function goOn(run: RunState, driver: LocalDriver, completion: Completion): Promise<unknown> {
  driver.waiter = undefined;
  driver.deliver(completion);
  return outputOf(() => ({ start: (ending) => new Pump(run, driver, ending).start(true) }));
}
