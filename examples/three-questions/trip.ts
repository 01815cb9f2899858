/** What all three processes share: the flow, and where it is kept. */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { all, orchestration, question, runnable } from "@orch/core";
import { sqliteHost } from "@orch/sqlite";
import { z } from "zod";

export const [folder = "."] = process.argv.slice(2);
export const runId = "trip-1";
export const openHost = () => sqliteHost(join(folder, "runs.db"));

/** Work that should not be done twice: each time it is done, a line is added to a file. */
const work = (id: string) =>
  runnable(id, async (city: string) => {
    appendFileSync(join(folder, "work.log"), `${id}\n`);
    return `${id} to ${city}`;
  });

const gather = all("gather", {
  dates: question("dates", {
    ask: (city: string) => `When do you go to ${city}?`,
    answer: z.string().min(1),
  }),
  people: question("people", { ask: "How many are you?", answer: z.number().int().positive() }),
  beach: question("beach", { ask: "Do you want to swim?", answer: z.boolean() }),
  trains: work("trains"),
  hotels: work("hotels"),
});
const offer = runnable("offer", (all: { dates: string; people: number; beach: boolean; trains: string }) => {
  return `${all.trains} ${all.dates} for ${all.people}${all.beach ? ", with a beach" : ""}`;
});
export const trip = orchestration("trip", (o) => o.start(gather).advance(gather, offer).finish(offer));
