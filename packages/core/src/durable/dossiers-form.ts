/** What edges added to dossiers, as plain data. How a dossier puts values together is a function of its edges, which the definition has. */
import type { Activation } from "../kernel/activation.ts";
import type { Edge } from "../kernel/definition.ts";
import { type DossierEntry, giveDossier, type PutAdded } from "../kernel/dossier.ts";
import type { MachineNode } from "../kernel/machine-frame.ts";
import { type CompositeNode, nodeOf } from "../kernel/node.ts";
import type { AnyRunnable } from "../words/runnable.ts";
import type { Json } from "./json.ts";

/** The fields of dossiers, by their ids. */
export interface DossiersForm {
  readonly [id: string]: Json;
}

/** Dossiers as plain data; `undefined` where nothing in the definition adds to one that has rules. */
export function dossiersForm(
  dossiers: ReadonlyMap<string, DossierEntry>,
  root: AnyRunnable,
  encode: (value: unknown) => Json | undefined,
): DossiersForm | undefined {
  const form: { [id: string]: Json } = {};
  for (const [id, { fields, rules }] of dossiers) {
    if (Object.keys(rules).length > 0 && putOf(root, id) === undefined) return undefined;
    form[id] = encode(fields)!;
  }
  return form;
}

/** Gives an activation what was added to dossiers in it. */
export function giveDossiers(
  activation: Activation,
  form: DossiersForm,
  root: AnyRunnable,
  decode: (json: Json) => unknown,
): void {
  for (const [id, json] of Object.entries(form)) {
    const fields = decode(json);
    const put = putOf(root, id);
    if (put === undefined) giveDossier(activation, id, fields);
    else put(activation, fields);
  }
}

/** What takes that which an edge inside a runnable adds to a dossier; `undefined` where no edge does, as far as the definition tells. */
function putOf(root: AnyRunnable, id: string): PutAdded | undefined {
  const seen = new Set<CompositeNode>();
  const find = (runnable: AnyRunnable | undefined): PutAdded | undefined => {
    const node = runnable && nodeOf(runnable);
    if (node === undefined || seen.has(node)) return undefined;
    seen.add(node);
    const { branches = [], candidates } = node;
    const states = (node as Partial<MachineNode>).definition?.states ?? [];
    const adds = ({ add }: Edge): boolean => add?.dossier === id;
    const inside = [
      ...branches,
      ...(candidates?.values() ?? []),
      ...states.map((one) => one.runnable.source),
    ];
    for (const { advancers, catches } of states) {
      const found = advancers.find(adds) ?? catches.find(adds);
      if (found !== undefined) return found.add!.put;
    }
    for (const one of inside) {
      const found = find(one);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return find(root);
}
