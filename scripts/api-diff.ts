/**
 * Lists what became of the public names since a revision: those that are gone, moved to another door or are of
 * another kind, and the values that came. It compares the committed reports in `docs/api`.
 *
 *     node scripts/api-diff.ts <revision>
 */
import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The names of each door, with their kinds. */
export type Surface = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Reads a report. */
export function surfaceOf(report: string): Surface {
  const doors = new Map<string, Map<string, string>>();
  let names = new Map<string, string>();
  for (const line of report.split("\n")) {
    const door = /^## (.*)$/.exec(line)?.[1];
    if (door !== undefined) {
      names = new Map();
      doors.set(door, names);
    }
    const [, name, kind] = /^\| `(.+)` \| (.+) \|$/.exec(line) ?? [];
    if (name !== undefined) names.set(name, kind!);
  }
  return doors;
}

/** What became of the names of one package, a line each. */
export function surfaceChanges(before: Surface, now: Surface): string[] {
  const lines: string[] = [];
  const doorOf = (name: string): string | undefined => [...now].find(([, names]) => names.has(name))?.[0];
  for (const [door, names] of before) {
    for (const [name, kind] of names) {
      const present = now.get(door)?.get(name);
      const moved = doorOf(name);
      if (present === undefined) lines.push(`${door}: ${name} ${moved ? `moved to ${moved}` : "is gone"}`);
      else if (present !== kind) lines.push(`${door}: ${name} was ${kind}, and is ${present}`);
    }
  }
  for (const [door, names] of now) {
    const added = [...names].filter(([name]) => before.get(door)?.has(name) !== true);
    const values = added.filter(([, kind]) => !isType(kind)).map(([name]) => name);
    const types = added.length - values.length;
    if (values.length > 0) lines.push(`${door}: new values ${values.join(", ")}`);
    if (types > 0) lines.push(`${door}: ${types} new types`);
  }
  return lines;
}

function isType(kind: string): boolean {
  return kind === "interface" || kind === "type";
}

/** A report as it was, or an empty one where the package is new. */
function reportAt(revision: string, path: string): string {
  try {
    return execFileSync("git", ["show", `${revision}:${path}`], {
      cwd: root,
      encoding: "utf8",
      stdio: "pipe",
    });
  } catch {
    return "";
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const revision = process.argv[2] ?? "HEAD";
  for (const path of globSync("docs/api/*.md", { cwd: root }).sort()) {
    const before = surfaceOf(reportAt(revision, path.replaceAll("\\", "/")));
    for (const line of surfaceChanges(before, surfaceOf(readFileSync(join(root, path), "utf8")))) {
      console.log(line);
    }
  }
}
