/** Dossiers: typed values that travel with a run, and what edges add to them. */
import type { RunContext } from "./context.ts";

/** Where an edge stands in a run. Its functions get it as their third argument, to read a dossier there. */
export interface EdgePlace {
  /** The path of the state that the edge leaves. */
  readonly path: string;
}

/** What an edge adds to a dossier, made by `add` of the dossier. */
export interface DossierAddition<in TOutput, in TInput> {
  /** The id of the dossier. */
  readonly dossier: string;
  readonly make: (output: TOutput, input: TInput, place: EdgePlace) => object;
  /** For the engine: takes what was made in the run. */
  readonly put: unknown;
}

/** Values that an edge added to a dossier. */
export interface DossierAdded {
  /** The id of the dossier. */
  readonly dossier: string;
  /** As the edge gave them, by name: before a rule of the dossier puts them together with earlier ones. */
  readonly fields: { readonly [name: string]: unknown };
}

/** A dossier as it is at one place of a run. */
export interface DossierView<TFields> {
  /**
   * A value.
   *
   * @throws FatalError (`ORCH_FATAL`) when no edge on the way here has added it.
   */
  readonly get: <TKey extends keyof TFields>(key: TKey) => TFields[TKey];
  /** A value, or `undefined` when no edge on the way here has added it. */
  readonly find: <TKey extends keyof TFields>(key: TKey) => TFields[TKey] | undefined;
}

/** How values are put together that are added more than once; without a rule a later value takes the place of an earlier. */
export type DossierRules<TFields> = {
  readonly [TKey in keyof TFields]?: (before: TFields[TKey], added: TFields[TKey]) => TFields[TKey];
};

/** Refuses names that a dossier does not have: a misspelt one would be missed by who reads it. */
export type DossierNames<TAdded, TNames> = [TAdded] extends [TNames]
  ? unknown
  : { readonly [TName in Exclude<TAdded, TNames> & PropertyKey]: never };

/** Typed values that travel with a run, made by `dossier`. */
export interface Dossier<TFields> {
  readonly id: string;
  /** What an edge adds, as a pure function of what it sees. */
  readonly add: <TOutput, TInput, TAdded extends Partial<TFields>>(
    make: (
      output: TOutput,
      input: TInput,
      place: EdgePlace,
    ) => TAdded & DossierNames<keyof TAdded, keyof TFields>,
  ) => DossierAddition<TOutput, TInput>;
  /** The dossier where an edge stands, or where a runnable is called. */
  readonly of: (place: EdgePlace | RunContext) => DossierView<TFields>;
}
