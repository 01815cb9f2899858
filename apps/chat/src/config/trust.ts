/**
 * The files that the user allowed to run. Trust belongs to a content, not to a name: a file that changed is not
 * trusted any more.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseJson } from "@orch/core";
import { replaceFile } from "../process/replace-file.ts";

/** What is trusted, or asked about: a content under a name. */
export interface TrustSubject {
  /** The file; for its settings with `#settings` behind it. */
  readonly name: string;
  readonly content: string;
  /** The pieces of the content by name, so that a later question can say what changed. */
  readonly parts?: { readonly [part: string]: string };
}

/** How a content stands to what was trusted under its name. */
export type TrustState = "trusted" | "changed" | "new";

/** What is not as it was when it was trusted, by the names of its parts. */
export interface TrustChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** Remembers which file contents the user trusts. */
export interface Trust {
  /** Whether the subject is trusted; with `--trust` it is, and is remembered where things are kept. */
  readonly allows: (subject: TrustSubject) => Promise<boolean>;
  /** Trusts the subject from now on; for this start only where nothing is kept. */
  readonly remember: (subject: TrustSubject) => Promise<void>;
  /** Trusts the file of that name whatever it says, until the program ends: its user edits it. */
  readonly follow: (name: string) => void;
  /** How the subject stands to what was trusted. Grants nothing. */
  readonly stateOf: (subject: TrustSubject) => Promise<TrustState>;
  /** What changed since the subject was trusted; `undefined` where nothing under its name was, or its parts are unknown. */
  readonly changesOf: (subject: TrustSubject) => Promise<TrustChanges | undefined>;
}

/** How a record of trusted contents is opened. */
export interface TrustOptions {
  /** The user's word, `--trust`. */
  readonly grant: boolean;
  /** Whether the word outlives this start; not so with `--no-session`. */
  readonly keep: boolean;
}

/** What the file holds: hashes of contents by name, and of their parts. */
interface TrustRecord {
  readonly trusted: { readonly [name: string]: string };
  readonly parts: { readonly [name: string]: { readonly [part: string]: string } };
}

/** Opens the record of trusted contents that is kept in `folder`. */
export function openTrust(folder: string, { grant, keep }: TrustOptions): Trust {
  const file = join(folder, "trust.json");
  // The word of this start, which holds where nothing is kept and where the folder cannot be written.
  const given = new Map<string, string>();
  const followed = new Set<string>();
  const stateOf: Trust["stateOf"] = async ({ name, content }) => {
    const hash = hashOf(content);
    const kept = (await read(file)).trusted[name];
    if (kept === hash || given.get(name) === hash) return "trusted";
    return kept === undefined && !given.has(name) ? "new" : "changed";
  };
  const remember: Trust["remember"] = async (subject) => {
    given.set(subject.name, hashOf(subject.content));
    if (keep) await write(file, subject);
  };
  return {
    remember,
    stateOf,
    allows: async (subject) => {
      if ((await stateOf(subject)) === "trusted") return true;
      const isGranted = grant || followed.has(subject.name);
      // Where it cannot be kept it holds for this start.
      if (isGranted) await remember(subject).catch(() => undefined);
      return isGranted;
    },
    follow: (name) => void followed.add(name),
    changesOf: async ({ name, parts = {} }) => {
      const before = (await read(file)).parts[name];
      if (before === undefined) return undefined;
      const names = Object.keys(parts);
      return {
        added: names.filter((part) => !Object.hasOwn(before, part)),
        changed: names.filter((part) => Object.hasOwn(before, part) && before[part] !== hashOf(parts[part]!)),
        removed: Object.keys(before).filter((part) => !Object.hasOwn(parts, part)),
      };
    },
  };
}

async function write(file: string, { name, content, parts }: TrustSubject): Promise<void> {
  const hashes = Object.fromEntries(Object.entries(parts ?? {}).map(([part, text]) => [part, hashOf(text)]));
  await replaceFile(file, async () => {
    const known = await read(file);
    const trusted = { ...known.trusted, [name]: hashOf(content) };
    const all = parts === undefined ? known.parts : { ...known.parts, [name]: hashes };
    return `${JSON.stringify({ v: 1, trusted, parts: all }, undefined, 2)}\n`;
  });
}

function hashOf(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** A file that cannot be read trusts nothing. */
async function read(file: string): Promise<TrustRecord> {
  try {
    const { trusted = {}, parts = {} } = parseJson(await readFile(file, "utf8")) as Partial<TrustRecord>;
    return { trusted, parts };
  } catch {
    return { trusted: {}, parts: {} };
  }
}
