import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { thorough } from "../../../scripts/lanes.ts";
import { madeFlows } from "../../testing/src/host/made-flows.ts";
import { childUntil } from "./child-until.ts";

const CHILD = join(import.meta.dirname, "live-flow.ts");

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-made-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Each with the write after which its process is killed: what was made or picked is kept by then. */
const KILLS: Readonly<Record<string, string>> = {
  "states that an advancer makes on the way": "after:2",
  "a candidate that is picked by name": "after:1",
  "a dossier that travels through branches": "after:2",
};
const names = madeFlows.map(({ name }) => name);

it.each(thorough ? names : names.slice(0, 2))(
  "E24, E25: %s goes on in a new process after a kill",
  async (name) => {
    const file = join(folder, "runs.db");
    const life = (start: number, kill = "") =>
      childUntil([CHILD, file, name, "step", String(start), kill], () => false);
    const first = await life(0, KILLS[name]);
    const second = await life(100_000);
    const ran = second.out.split("\n").filter((line) => line.startsWith("ran "));

    expect(first.isKilled).toBe(true);
    expect(second.out).toContain("end []");
    expect(ran.length).toBeGreaterThan(0);
  },
);
