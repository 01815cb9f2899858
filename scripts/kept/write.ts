/**
 * Writes what a commit leaves behind, for the tests of every later one:
 *
 *     git worktree add ../old COMMIT      and install its dependencies
 *     node --conditions=@orch/source scripts/kept/write.ts ../old COMMIT
 *
 * The flows are written for today's core. The fixtures of commit 60b108d were written by this script as it stood at
 * commit 2a11004, because commit 60b108d has no channels.
 *
 * The files in `scripts/kept/fixtures/COMMIT` are never changed:
 * - `runs.db`: a journal of each flow; some runs were let go of on their way.
 * - `events/FLOW.json`: what the flow tells in memory, on the database, and after a process that came later.
 * - `sessions.db`, `session.jsonl`, `turns.jsonl`: a conversation with an agent, as it is kept, exported and told.
 * - `stream.jsonl`: what the chat tells with `--output stream-json`.
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { converse, goOn, keep, plain, tellInMemory } from "./drive.ts";
import { keptFlows } from "./flows.ts";
import { modulesOf } from "./modules.ts";
import { streamJson } from "./stream-json.ts";

const [checkout, name] = process.argv.slice(2).map((arg, nth) => (nth === 0 ? resolve(arg) : arg));
if (checkout === undefined || name === undefined) throw new TypeError("write.ts CHECKOUT NAME");
const modules = await modulesOf(checkout);
const folder = join(import.meta.dirname, "fixtures", name);
rmSync(folder, { recursive: true, force: true });
mkdirSync(join(folder, "events"), { recursive: true });
const temporary = mkdtempSync(join(tmpdir(), "orch-kept-"));

const jsonLines = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(plain(value))}\n`).join("");

const runs = join(temporary, "runs.db");
const kept = new Map<string, unknown>();
for (const flow of keptFlows) kept.set(flow.name, await keep(modules, flow, runs));
copyFileSync(runs, join(folder, "runs.db"));
for (const flow of keptFlows) {
  const told = {
    memory: await tellInMemory(modules, flow),
    kept: kept.get(flow.name),
    later: await goOn(modules, flow, runs),
  };
  writeFileSync(
    join(folder, "events", `${flow.name}.json`),
    `${JSON.stringify(plain(told), undefined, 1)}\n`,
  );
}

const sessions = join(temporary, "sessions.db");
const { events, session } = await converse(modules, sessions, ["light it", "and again"], 0);
copyFileSync(sessions, join(folder, "sessions.db"));
writeFileSync(join(folder, "turns.jsonl"), jsonLines(events));
writeFileSync(join(folder, "session.jsonl"), session);
writeFileSync(join(folder, "stream.jsonl"), jsonLines(await streamJson(checkout)));
rmSync(temporary, { recursive: true });
process.exit();
