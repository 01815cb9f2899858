import type { AnyOrchestration, DurableHost } from "../../src/host.ts";
import { FatalError, isOrchError, type RunContext, type Runnable, runnable } from "../../src/index.ts";

/** Branches that cost money: they remember what was started, and some die of a terminal error. */
export function branchesOf({
  dies,
  fails = () => false,
}: {
  readonly dies: (item: never) => boolean;
  readonly fails?: (item: never) => boolean;
}) {
  const started: unknown[] = [];
  const ended = new Set<string>();
  const repeated: string[] = [];
  let healed: unknown = NONE;
  let dead = false;
  let after = 0;
  let active = 0;
  let most = 0;
  const isIll = (item: unknown): boolean => healed !== ALL && healed !== item;
  const note = <TValue>(name: unknown, { key }: Pick<RunContext, "key">, value: TValue): TValue => {
    if (ended.has(key)) repeated.push(`${String(name)} at ${key}`);
    ended.add(key);
    return value;
  };
  const branch = runnable("paid", async (item: never, ctx): Promise<unknown> => {
    started.push(item);
    if (dead) after += 1;
    active += 1;
    most = Math.max(most, active);
    if (!isIll(item) || !dies(item)) await new Promise((resolve) => setImmediate(resolve));
    active -= 1;
    if (isIll(item) && fails(item)) throw new RangeError(`${String(item)} failed`);
    if (isIll(item) && dies(item)) {
      dead = true;
      throw new FatalError("You've hit your session limit");
    }
    return note(item, ctx, item);
  }) as Runnable<never, unknown>;
  return {
    branch,
    started,
    note,
    /** How many branches were started after one died. */
    after: (): number => after,
    most: (): number => most,
    /** What was done twice. */
    repeated: (): readonly string[] => repeated,
    /** Lets one item live from now on, or all of them. */
    heal: (item?: unknown): void => {
      dead = false;
      healed = item === undefined ? ALL : item;
    },
  };
}

const NONE = Symbol("none");
const ALL = Symbol("all");

/** Runs a flow, and retries it until it completes. */
export async function retryUntilDone(
  host: DurableHost,
  flow: AnyOrchestration,
  input: unknown,
  heal: (retries: number) => void,
): Promise<unknown> {
  let run = (
    flow as unknown as { start: (input: unknown, options: object) => { result: Promise<unknown> } }
  ).start(input, { host, runId: "r" });
  for (let retries = 0; ; retries++) {
    try {
      return await run.result;
    } catch (error) {
      if (!isOrchError(error, "ORCH_HALTED") || retries > 10) throw error;
      heal(retries);
      run = await host.retry(flow as never, "r");
    }
  }
}
