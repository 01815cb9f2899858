/**
 * A process that forks, imports, renames and deletes sessions until it is killed: `act-on-sessions.ts <file> <round>`. It writes
 * what it is about to do, and again once the store has said that it is done.
 */
import { writeSync } from "node:fs";
import { forkSession } from "@orch/chat-runtime";
import { sqliteSessions } from "../src/sessions.ts";

const [file = "", round = ""] = process.argv.slice(2);
const store = sqliteSessions({ file });
const source = (await store.load("source"))!;
const act = async (name: string, work: () => Promise<unknown>): Promise<void> => {
  writeSync(1, `begin ${name}\n`);
  await work();
  writeSync(1, `done ${name}\n`);
};
for (let at = 0; ; at++) {
  const id = `${round}-${at}`;
  await act(`fork fork-${id}`, () => forkSession(store, "source", { as: `fork-${id}`, now: at, turns: 20 }));
  await act(`add add-${id}`, () => store.add({ ...source, id: `add-${id}` }));
  await act(`rename add-${id}`, () => store.rename("source", `Title ${id}`));
  await act(`delete fork-${id}`, () => store.remove(`fork-${id}`));
}
