import { FatalError } from "../errors/fatal-error.ts";
import { MaxItemsError } from "../errors/max-items-error.ts";
import type { Activation } from "../kernel/activation.ts";
import type { FanFrame, FanNode } from "../kernel/fan-frame.ts";
import { takesItem } from "../kernel/growing.ts";
import { copyOf } from "../platform/copy-of.ts";
import { behind } from "../run/by-hand.ts";
import type { RunContext } from "../words/context.ts";

/** How an item is added. */
export interface AddOptions {
  /**
   * Items of one key are one item of the fan-out, whoever adds them. Default: the state that adds it and what the item holds, so
   * that a state that runs again after a failure or a restart adds nothing twice.
   */
  readonly key?: string;
}

/** Items that states add to a fan-out around them while it runs. Made by {@link items}. */
export interface Items<in out TItem> {
  readonly name: string;
  /**
   * Adds an item to the nearest fan-out around the state that takes these. It begins as far as there are places, also while the
   * state goes on, and is kept with the run.
   *
   * @throws MaxItemsError (`ORCH_MAX_ITEMS`) when the fan-out has as many as it may have.
   */
  readonly add: (ctx: RunContext, item: TItem, options?: AddOptions) => void;
}

/**
 * Names items that are added to a fan-out while it runs: give it to `each` as `items`, and add by it in a branch. The fan-out
 * ends when every branch has ended and none was added.
 *
 * @example
 * ```ts
 * const links = items<string>("links");
 * const visit = runnable("visit", async (url: string, ctx) => {
 *   const page = await fetchPage(url);
 *   for (const link of page.links) links.add(ctx, link, { key: link });
 *   return page.title;
 * });
 * const crawl = each("crawl", visit, { items: links, maxItems: 100 });
 * ```
 */
export function items<TItem>(name: string): Items<TItem> {
  return { name, add: (ctx, item, options = {}) => add(name, ctx, item, options) };
}

/** How often an attempt added an item that holds the same. */
const counts = new WeakMap<RunContext, Map<string, number>>();

function add(name: string, ctx: RunContext, item: unknown, { key }: AddOptions): void {
  const attempt = behind(ctx);
  if (attempt?.doors.deliver === undefined) {
    const says = `Items "${name}" cannot be added here: the run is driven by a host that performs attempts apart from it.`;
    throw new FatalError(says, { fix: "Run it in memory or on a host that keeps runs in a journal." });
  }
  const { operation, doors, admit } = attempt;
  admit();
  const fan = fanOf(operation, name);
  const added = { fan, item: copyOf(item), key: key === undefined ? ownKey(ctx, item) : `=${key}` };
  const frame = fan.frame as FanFrame;
  frame.growth ??= { keys: new Set(), coming: new Set() };
  if (!takesItem(added) || frame.growth.coming.has(added.key)) return;
  const { maxItems } = frame.node.grows!;
  if (frame.inputs.length + frame.growth.coming.size >= maxItems) {
    throw new MaxItemsError({ runnable: fan.runnable.id, path: fan.path, maxItems });
  }
  frame.growth.coming.add(added.key);
  doors.deliver!({ kind: "add", operation, ...added });
}

/** What tells an item apart where no key does: who adds it, what it holds, and how often the attempt added such a one. */
function ownKey(ctx: RunContext, item: unknown): string {
  const holds = `${ctx.path} ${JSON.stringify(item)}`;
  const known = counts.get(ctx) ?? new Map<string, number>();
  const count = (known.get(holds) ?? 0) + 1;
  known.set(holds, count);
  counts.set(ctx, known);
  return count === 1 ? holds : `${holds} ${count}`;
}

/** The nearest fan-out around an operation that takes these items. */
function fanOf({ parent, runnable }: Activation, name: string): Activation {
  for (let at = parent; at !== undefined; at = at.parent) {
    if ((at.node as FanNode | undefined)?.grows?.name === name) return at;
  }
  const says = `"${runnable.id}" adds an item to "${name}", and no fan-out around it takes these.`;
  throw new FatalError(says, { fix: `Give items "${name}" to the each around it, as its option items.` });
}
