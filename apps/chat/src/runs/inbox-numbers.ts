/** The numbers of `orch inbox`, in a file of the user's own: what a number stood for in a list it stands for in the next command. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseJson } from "@orch/core";
import { replaceFile } from "../process/replace-file.ts";

/** Numbers that are remembered of a folder. After so many, those of closed questions are given again. */
const MOST = 99;

/** The names of questions, by their numbers. */
type Named = { readonly [number: string]: string };

/** The numbers of one folder. */
export class InboxNumbers {
  readonly #file: string;
  readonly #folder: string;

  constructor(stateFolder: string, folder: string) {
    this.#file = join(stateFolder, "inbox.json");
    this.#folder = folder;
  }

  /** The question of a number; `undefined` for one that no list has had. */
  async nameOf(number: string): Promise<string | undefined> {
    return (await this.#read())[this.#folder]?.[number];
  }

  /**
   * The numbers of questions by their names: one that was listed before keeps its number, and the others have numbers that no
   * open question has. None where they cannot be kept.
   */
  async of(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    let numbers = new Map<string, number>();
    if (names.length === 0) return numbers;
    const kept = await this.#read();
    numbers = numbered(names, kept[this.#folder] ?? {}).numbers;
    if (names.every((name) => kept[this.#folder]?.[String(numbers.get(name))] === name)) return numbers;
    try {
      await replaceFile(this.#file, async () => {
        const folders = await this.#read();
        const next = numbered(names, folders[this.#folder] ?? {});
        numbers = next.numbers;
        return `${JSON.stringify({ v: 1, folders: { ...folders, [this.#folder]: next.named } }, undefined, 2)}\n`;
      });
      return numbers;
    } catch {
      return new Map();
    }
  }

  /** A file that cannot be read numbers nothing. */
  async #read(): Promise<{ readonly [folder: string]: Named }> {
    try {
      const { folders } = parseJson(await readFile(this.#file, "utf8")) as { folders?: unknown };
      if (!isObject(folders)) return {};
      return Object.fromEntries(
        Object.entries(folders).map(([folder, named]) => [
          folder,
          isObject(named)
            ? (Object.fromEntries(
                Object.entries(named).filter(([, name]) => typeof name === "string"),
              ) as Named)
            : {},
        ]),
      );
    } catch {
      return {};
    }
  }
}

function numbered(
  names: readonly string[],
  before: Named,
): { readonly numbers: Map<string, number>; readonly named: Named } {
  const all = Object.entries(before).map(([number, name]) => [Number(number), name] as const);
  const open = all.filter(([, name]) => names.includes(name));
  const numbers = new Map(open.map(([number, name]) => [name, number]));
  const fresh = names.filter((name) => !numbers.has(name));
  const isFull = all.length + fresh.length > MOST;
  const named = new Map(isFull ? open : all);
  let last = Math.max(0, ...named.keys());
  for (const name of fresh) {
    last = last < MOST ? last + 1 : last;
    const number = named.has(last) ? firstFree(named) : last;
    named.set(number, name);
    numbers.set(name, number);
  }
  return { numbers, named: Object.fromEntries(named) };
}

function firstFree(taken: ReadonlyMap<number, string>): number {
  let free = 1;
  while (taken.has(free)) free++;
  return free;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
