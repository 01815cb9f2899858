import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Session } from "@orch/chat-runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { budget, figure, seed } from "../../../scripts/lanes.ts";
import { sqliteSessions } from "../src/sessions.ts";
import { childUntil, moreThan } from "./child-until.ts";
import { seeded } from "./seeded.ts";

const KILLS = budget("killedSessions");
const CHILD = join(import.meta.dirname, "commit-turns.ts");

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-kill-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a child and kills it after a number of its lines; gives the highest turn it begun and did. It does not finish the turn `unfinished`. */
async function killedAfter(
  file: string,
  session: string,
  first: number,
  lines: number,
  unfinished?: number,
): Promise<{ begun: number; done: number }> {
  const argv = [CHILD, file, session, `${first}`, ...(unfinished === undefined ? [] : [`${unfinished}`])];
  const { out, isKilled } = await childUntil(argv, moreThan(lines));
  expect(isKilled).toBe(true);
  const last = (word: string): number =>
    Math.max(0, ...[...out.matchAll(new RegExp(`${word} (\\d+)\\n`, "g"))].map((match) => Number(match[1])));
  return { begun: last("begun"), done: last("done") };
}

/** Each turn is whole, or unfinished with the user's message; the turns are 1, 2, 3, ... without a gap. */
function expectWhole(session: Session): void {
  session.turns.forEach((turn, index) => {
    const at = index + 1;
    expect(turn.id).toBe(`turn${at}`);
    expect(turn.messages[0]).toEqual({ role: "user", content: [{ type: "text", text: `question ${at}` }] });
    if (turn.status === "unfinished") {
      expect(turn.messages).toHaveLength(1);
      expect(turn.endedAt).toBeUndefined();
    } else {
      expect(turn).toMatchObject({ status: "completed", endedAt: at + 1 });
      const text = `answer ${at} `.repeat(1 + ((at * 7919) % 1500));
      expect(turn.messages[1]?.content).toEqual([{ type: "text", text }]);
    }
  });
}

describe("a process killed at any time", () => {
  it("loses no turn that was acknowledged and leaves none half-written, many times in a row", async () => {
    const random = seeded(seed);
    const file = join(folder, "data", "orch.db");
    const done = new Set<number>();
    let first = 1;
    let unfinished = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      // The last kill certainly comes amid a turn, which no draw does.
      const isLast = kill === KILLS - 1;
      const killed = isLast
        ? await killedAfter(file, "s", first, 1, first)
        : await killedAfter(file, "s", first, Math.floor(random() ** 2 * 60));
      const store = sqliteSessions({ file });
      const session = await store.open("s", 1);
      expectWhole(session);
      for (let at = first; at <= killed.done; at++) done.add(at);
      for (const at of done) expect(session.turns[at - 1]?.status).toBe("completed");
      expect(session.turnCount).toBeGreaterThanOrEqual(killed.begun);
      unfinished = session.turns.filter((turn) => turn.status === "unfinished").length;
      first = session.turnCount + 1;
      await store.close();
    }
    figure(
      `killed sessions: ${KILLS} kills: ${done.size} turns acknowledged, ${first - 1} kept, ${unfinished} unfinished`,
    );
    expect(done.size).toBeGreaterThan(KILLS);
    expect(unfinished).toBeGreaterThan(0);
  }, 0);

  it("leaves a session that the next process may write at once, while others write theirs", async () => {
    const file = join(folder, "shared", "orch.db");
    const store = sqliteSessions({ file });
    const [one, two] = await Promise.all([killedAfter(file, "one", 1, 40), killedAfter(file, "two", 1, 40)]);
    for (const [id, killed] of [
      ["one", one],
      ["two", two],
    ] as const) {
      const session = await store.open(id, 1);
      expectWhole(session);
      expect(session.turns.filter((turn) => turn.status === "completed").length).toBeGreaterThanOrEqual(
        killed.done,
      );
    }
    await store.close();
  });
});
