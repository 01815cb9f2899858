/**
 * Holds the rooms of every package in one direction: the graph of its folders has no cycle and, where
 * `rooms-law.ts` has a plan, no import goes up. The root of `src` holds doors only, and no room imports it.
 *
 *     node scripts/rooms.ts    fails, with the offending lines, on a breach
 */
import { posix } from "node:path";
import { pathToFileURL } from "node:url";
import { type Breach, runGate } from "./gate.ts";
import { type Plan, plans } from "./rooms-law.ts";
import {
  children,
  doorsOf,
  lineAt,
  packageFolders,
  parse,
  type SourceFile,
  type SyntaxNode,
  sourceFiles,
} from "./source-files.ts";

const ROOT = "src";

/** An import from one room into another. */
interface Crossing {
  readonly from: string;
  readonly to: string;
  readonly isLazy: boolean;
  /** The line, as it is printed. */
  readonly at: string;
}

/** Every breach in every package and app. */
export function allRoomBreaches(): Breach[] {
  return packageFolders().flatMap((folder) => {
    const doors = [...doorsOf(folder).values()];
    return roomBreaches(folder, sourceFiles(folder), doors, plans[folder] ?? {});
  });
}

/** The breaches of one package, whose doors are paths as those of the files are. */
export function roomBreaches(
  folder: string,
  files: readonly SourceFile[],
  doors: readonly string[],
  plan: Plan,
): Breach[] {
  const base = `${folder}/${ROOT}/`;
  const allowed = new Set([...doors, ...(plan.root ?? []).map((file) => `${base}${file}`)]);
  const strangers = files.filter(({ path }) => roomOf(path, base) === ROOT && !allowed.has(path));
  const rooms = new Set(files.map(({ path }) => roomOf(path, base)));
  const unplanned = [...rooms].filter(
    (room) => room !== ROOT && plan.rooms !== undefined && !Object.hasOwn(plan.rooms, room),
  );
  return [
    ...strangers.map(({ path }) => ({ key: `${path} stands in the root and is no door`, at: [] })),
    ...unplanned.map((room) => ({ key: `${folder}: the room ${room} is not in rooms-law.ts`, at: [] })),
    ...wrongCrossings(folder, crossings(files, base), plan),
  ];
}

/** The root sees every room, so what leads through it is no cycle: its breach is that a room imports it. */
function wrongCrossings(folder: string, found: readonly Crossing[], plan: Plan): Breach[] {
  const lazy = new Set(plan.lazyDoors);
  const between = found.filter(
    ({ from, to, isLazy }) => from !== ROOT && !(isLazy && to === ROOT && lazy.has(from)),
  );
  const sees = reachable(new Map(Object.entries(plan.rooms ?? {})));
  const leads = reachable(graphOf(between));
  const breaches = new Map<string, string[]>();
  for (const { from, to, at } of between) {
    const planned = sees.get(from);
    const up = to === ROOT || (planned !== undefined && !planned.has(to));
    // A plan has no cycle, so only imports that it does not know can close one.
    if (!up && (planned !== undefined || leads.get(to)?.has(from) !== true)) continue;
    const key = `${folder}: ${from} imports ${to}, which ${up ? "is above or beside it" : "leads back to it"}`;
    breaches.set(key, [...(breaches.get(key) ?? []), at]);
  }
  return [...breaches].sort().map(([key, at]) => ({ key, at }));
}

function graphOf(found: readonly Crossing[]): Map<string, string[]> {
  const graph = new Map<string, string[]>();
  for (const { from, to } of found) graph.set(from, [...(graph.get(from) ?? []), to]);
  return graph;
}

/** From each room, the rooms that can be reached, over any number of steps. */
function reachable(graph: ReadonlyMap<string, readonly string[]>): Map<string, ReadonlySet<string>> {
  return new Map(
    [...graph].map(([room, first]) => {
      const reached = new Set(first);
      for (const next of reached) for (const further of graph.get(next) ?? []) reached.add(further);
      return [room, reached];
    }),
  );
}

function crossings(files: readonly SourceFile[], base: string): Crossing[] {
  return files.flatMap((file) => {
    const from = roomOf(file.path, base);
    return importsOf(parse(file)).flatMap(({ specifier, start, isLazy }) => {
      if (!specifier.startsWith(".")) return [];
      const to = roomOf(posix.join(posix.dirname(file.path), specifier), base);
      const at = `${file.path}:${lineAt(file.text, start)} imports "${specifier}"`;
      return from === to ? [] : [{ from, to, isLazy, at }];
    });
  });
}

interface Import {
  readonly specifier: string;
  /** Offset into the text. */
  readonly start: number;
  readonly isLazy: boolean;
}

/** Every import of a module: of values and of types, exported further, lazy, or inside a type. */
function importsOf(node: SyntaxNode): Import[] {
  const source = node["source"] as { readonly value?: unknown } | null | undefined;
  const specifier = source?.value;
  const own =
    typeof specifier === "string"
      ? [{ specifier, start: node.start, isLazy: node.type === "ImportExpression" }]
      : [];
  return [...own, ...children(node).flatMap(importsOf)];
}

function roomOf(path: string, base: string): string {
  const [room, deeper] = path.slice(base.length).split("/");
  return deeper === undefined ? ROOT : room!;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) runGate("rooms", allRoomBreaches());
