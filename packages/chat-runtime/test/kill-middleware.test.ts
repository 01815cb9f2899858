/** Middleware in a process that is killed by SIGKILL, on a host that keeps runs: what was finished is not done again. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { childUntil } from "../../sqlite/test/child-until.ts";

/** Lives a turn until the line `killAt` is written, and goes on with it in a second process. Gives the lines of both. */
async function lives(layer: string, killAt: string): Promise<readonly (readonly string[])[]> {
  const folder = await mkdtemp(join(tmpdir(), "orch-kill-middleware-"));
  const live = async (kill: string): Promise<string[]> => {
    await childUntil([join(import.meta.dirname, "live-middleware.ts"), folder, layer, kill], () => false);
    return (await readFile(join(folder, "log.txt"), "utf8")).trimEnd().split("\n");
  };
  try {
    const before = await live(killAt);
    const all = await live("");
    return [before, all.slice(before.length)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

it.concurrent.each([
  // The model failed once and was asked again before the kill; the states before are done.
  ["retry", "one last", ["one first", "one model", "one model", "one last"], ["one last"]],
  // Killed in its first try: the turn goes on with the model, and tries again after its failure.
  ["retry", "one model", ["one first", "one model"], ["one model", "one last"]],
  // The reply was cached and the turn had not ended: nothing runs for it.
  ["cache", "cached", ["one first", "one model", "one last", "cached"], []],
  ["cache", "one last", ["one first", "one model", "one last"], ["one last", "cached"]],
  // The other provider had answered: it is not asked again. The first one is, as after any failure.
  [
    "switch",
    "two last",
    ["one first", "one model", "two first", "two model", "two last"],
    ["one model", "two last"],
  ],
])("%s killed at %j does not repeat what was finished", async (layer, killAt, before, after) => {
  const answer = layer === "switch" ? "answer: two answered" : "answer: one answered";
  expect(await lives(layer, killAt)).toEqual([before, [...after, answer]]);
});
