import type { Activation } from "../kernel/activation.ts";
import { charge } from "../kernel/budget.ts";
import type { SignalReceipt } from "../run/send-signal.ts";
import { dueOf } from "./dues.ts";
import type { DurableDriver } from "./durable-driver.ts";
import type { TakenUp } from "./durable-run.ts";
import { isGiven } from "./gift.ts";
import { askedBy } from "./open-questions.ts";
import type { RunRequests } from "./run-requests.ts";

/** Gives the driver the operations that were under way when the run stopped. */
export function goOn(driver: DurableDriver, { folded, kept }: TakenUp, requests: RunRequests): void {
  const { local } = driver;
  for (const fan of folded.halted) local.halted(fan);
  local.questions.ends.add(folded.questions);
  // What was kept counts, whatever was due meanwhile: each was judged by what came before it.
  const answered = new Set<Activation>();
  for (const { number, completion } of kept.arrivals) {
    if (completion.kind === "completed") {
      answered.add(completion.operation);
      local.questions.bringTo(completion.operation, number, () => local.deliver(completion));
    } else {
      const receipt: SignalReceipt = { request: number, resolve: () => {}, reject: () => {} };
      local.deliver({ ...completion, taken: () => driver.settlements.taken(receipt) });
    }
  }
  const waits: (() => void)[] = [];
  const asking = new Set([...kept.unchecked.values()].map(({ path }) => path));
  const begin = (operation: Activation): void => {
    for (const { id } of askedBy(operation)) if (id !== operation.path) local.questions.expect(id, operation);
    const due = dueOf(operation);
    const exec = (): void => driver.execAt(operation, due);
    if (due === undefined || asking.has(operation.path)) exec();
    else waits.push(exec);
  };
  // What a fork gave comes before what else is open does anything.
  const open = [...folded.open.values()].toSorted((a, b) => Number(isGiven(b)) - Number(isGiven(a)));
  for (const operation of open) {
    if (folded.held.has(operation)) local.holds(operation);
    else if (!answered.has(operation)) begin(operation);
  }
  // What was spent is kept before what it leads to.
  const over = open.flatMap((operation) => charge(operation, {}));
  for (const { activation, error } of over) local.deliver({ kind: "stop", activation, error });
  for (const timer of folded.timers) waits.push(() => driver.timerAt(timer.activation, timer, timer.purpose));
  // What was due meanwhile comes after the answers that were kept for what runnables ask: they have to ask again first.
  requests.whenGiven(folded.open, () => {
    for (const wait of waits) wait();
    driver.sortLaunches(kept.unchecked.size > 0);
  });
}
