import { FatalError } from "../errors/fatal-error.ts";
import { copyOf } from "../platform/copy-of.ts";
import type { RunContext } from "../words/context.ts";
import type { Dossier, DossierRules, DossierView, EdgePlace } from "../words/dossier.ts";
import { OPENER, type SharedState } from "../words/shared-state.ts";
import { Activation, type Ended } from "./activation.ts";
import type { StateOpener, StateUser } from "./open-state.ts";

type Fields = { readonly [key: string]: unknown };
type Rules = { readonly [key: string]: ((before: unknown, added: unknown) => unknown) | undefined };

/** What was added to one dossier in one scope. */
export interface DossierEntry {
  readonly fields: Fields;
  readonly rules: Rules;
}

/** Takes what an edge added, which leaves this state. */
export type PutAdded = (child: Activation, added: unknown) => void;

/**
 * Declares a dossier: typed values that travel with a run. Edges add to it, and conditions, conversions and runnables after
 * them read it, through nested orchestrations, fan-outs and questions. Nothing takes a value out of it; a value that is added
 * again takes the place of the earlier one, or is put together with it where `rules` has a function for it.
 *
 * A branch of a fan-out has what was there when the fan-out began, and what its own edges add. When the fan-out completes,
 * what its completed branches added is taken over in the order of the branches.
 *
 * @param id unique in a run, because it names the values in the journal.
 *
 * @example
 * ```ts
 * const desk = dossier<{ ticket: Ticket }>("desk");
 * const flow = orchestration("refunds", (o) => o
 *   .start(classify)
 *   .advance(classify, approve, { add: desk.add((_kind, ticket: Ticket) => ({ ticket })) })
 *   .advance(approve, refund, { convert: (_yes, _asked, place) => desk.of(place).get("ticket") })
 *   .finish(refund));
 * ```
 */
export function dossier<TFields extends object>(
  id: string,
  rules: DossierRules<TFields> = {},
): Dossier<TFields> {
  const put: PutAdded = (child, added) => putAt(scopeOf(child), id, added as Fields, rules as Rules);
  const made = {
    id,
    add: (make: (output: never, input: never, place: EdgePlace) => object) => ({ dossier: id, make, put }),
    of: (place: EdgePlace | RunContext) =>
      place instanceof Activation
        ? viewAt(id, place)
        : (place as RunContext).state(made as unknown as SharedState<unknown>),
    [OPENER]: ((_shared: unknown, { operation }: StateUser) =>
      viewAt(id, operation)) as unknown as StateOpener,
  };
  return Object.freeze(made) as unknown as Dossier<TFields>;
}

/** The activation that keeps what is added here: the branch of a fan-out around it, or the run. */
function scopeOf(activation: Activation): Activation {
  let at = activation;
  while (at.slot === -1 && at.parent !== undefined) at = at.parent;
  return at;
}

function putAt(scope: Activation, id: string, added: Fields, rules: Rules): void {
  const attached = scope.attach();
  attached.dossiers ??= new Map();
  attached.dossiers.set(id, { fields: united(attached.dossiers.get(id)?.fields ?? {}, added, rules), rules });
  attached.leaving = leaving;
}

/** Values with others added to them. A rule may change what it is given, so it is given copies. */
function united(before: Fields, added: Fields, rules: Rules): Fields {
  const after: { [key: string]: unknown } = { ...before };
  for (const [key, value] of Object.entries(added)) {
    if (value === undefined) continue;
    const rule = rules[key];
    after[key] =
      rule === undefined || !Object.hasOwn(before, key)
        ? copyOf(value)
        : rule(copyOf(before[key]), copyOf(value));
  }
  return after;
}

/** An activation completes: a fan-out takes over what its branches added, and a branch hands on what was added in it. */
function leaving(activation: Activation, ended: Ended): void {
  if (ended.kind !== "completed") return;
  const attached = activation.attach();
  const branches = attached.branches ?? [];
  attached.branches = undefined;
  for (const entries of branches) {
    for (const [id, { fields, rules }] of entries ?? []) putAt(scopeOf(activation), id, fields, rules);
  }
  const { parent, slot } = activation;
  if (slot === -1 || parent === undefined || attached.dossiers === undefined) return;
  const around = parent.attach();
  around.branches ??= [];
  around.branches[slot] = attached.dossiers;
  around.leaving = leaving;
}

/** What was added to each dossier on the way to a place. */
export function dossiersAt(place: Activation): ReadonlyMap<string, DossierEntry> {
  const scopes: Activation[] = [];
  for (let at: Activation | undefined = place; at !== undefined; at = at.parent) {
    if (at.attached?.dossiers !== undefined) scopes.unshift(at);
  }
  const all = new Map<string, DossierEntry>();
  for (const { attached } of scopes) {
    for (const [id, { fields, rules }] of attached!.dossiers!) {
      all.set(id, { fields: united(all.get(id)?.fields ?? {}, fields, rules), rules });
    }
  }
  return all;
}

/** Gives an activation outside of its run what was added to a dossier on the way to it. */
export function giveDossier(activation: Activation, id: string, fields: unknown): void {
  putAt(activation, id, fields as Fields, {});
}

function viewAt(id: string, place: Activation): DossierView<never> {
  const find = (key: string): unknown => copyOf(dossiersAt(place).get(id)?.fields[key]);
  const get = (key: string): unknown => {
    const value = find(key);
    if (value !== undefined) return value;
    const fix = "Add it on an edge before, or read it with find.";
    throw new FatalError(`The dossier "${id}" has no "${key}" at "${place.path}".`, { fix });
  };
  return { get, find } as unknown as DossierView<never>;
}
