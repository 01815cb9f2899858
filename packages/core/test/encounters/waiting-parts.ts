/** What the flows of encounters are made of, in two versions: the second has other names for the states that wait. */
import {
  type Clock,
  type Migrate,
  type Orchestration,
  type OrchestrationOptions,
  question,
  runnable,
  signal,
  until,
} from "@orch/core";
import { z } from "zod";

/** When all that a flow waits for ends by itself, in milliseconds. */
export const TIME = 600;

/** The kind of signal that is sent. */
export const paid = signal("paid", z.string());

/** A flow, and the question that is open in it, if there is one. */
export interface EncounterFlow {
  readonly flow: Orchestration<undefined, unknown>;
  readonly question: string | undefined;
  /** A state that is open. */
  readonly open: string;
  /** An answer that holds this text. Default: the text. */
  readonly says?: (text: string) => unknown;
  /** Another open question, which the second command answers. Default: the same. */
  readonly other?: string;
}

/** The names of the states that wait. */
export interface Names {
  readonly asks: string;
  readonly waits: string;
  readonly works: string;
}

/** A version of the definitions. */
export type Version = "1" | "2";

const NAMES: { readonly [version in Version]: Names } = {
  1: { asks: "asks", waits: "waits", works: "works" },
  2: { asks: "begs", waits: "bides", works: "toils" },
};

/** Puts the new names in the place of the old ones: in paths, and in the forms of states that were made on the way. */
function renamed(text: string): string {
  let found = text;
  for (const name of ["asks", "waits", "works"] as const) {
    const now = NAMES[2][name];
    found = found.replaceAll(`/${name}#`, `/${now}#`).replaceAll(`"id":"${name}"`, `"id":"${now}"`);
  }
  return found;
}

const migrate: Migrate = (records) =>
  records.map((record) => ({
    ...record,
    path: renamed(record.path),
    ...(record.value !== undefined && { value: renamed(record.value) }),
    ...(record.more !== undefined && { more: renamed(record.more) }),
  }));

/** What a flow is made of. */
export type Parts = ReturnType<typeof partsOf>;

/** Makes a flow. */
export type MakeFlow = (parts: Parts) => EncounterFlow;

/** The parts of a version. */
export function partsOf(version: Version, clock: Clock) {
  const names = NAMES[version];
  const options: OrchestrationOptions = version === "1" ? {} : { version: "2", migrate };
  return {
    names,
    clock,
    options,
    asks: question(names.asks, { ask: "?", answer: z.string(), timeout: TIME }),
    waits: until(names.waits, { signal: paid, timeout: TIME }),
    pay: runnable("pay", (answer: unknown) => `took ${JSON.stringify(answer)}`),
    giveUp: runnable("giveUp", () => "gave up"),
  };
}

/** A conversion to no input. */
export const asNobody = { convert: (): undefined => undefined };
