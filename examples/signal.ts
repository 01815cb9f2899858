/** A run that waits for a payment: the signal comes while no process drives the run, and twice. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { orchestration, runnable, signal, until } from "@orch/core";
import { sqliteHost } from "@orch/sqlite";
import { z } from "zod";

const paid = signal("paid", z.object({ sum: z.number() }));

const bill = runnable("bill", (order: string) => order);
const payment = until<string, { sum: number }>("payment", { signal: paid, timeout: 14 * 24 * 3_600_000 });
const ship = runnable("ship", (what: string) => `shipped ${what}`);
const remind = runnable("remind", (order: string) => `reminded of ${order}`);

const sale = orchestration("sale", (o) =>
  o
    .start(bill)
    .advance(bill, payment)
    .advance(payment, ship, {
      when: (came) => came.by === "signal",
      convert: (came, order) => `${order} for ${came.value.sum}`,
    })
    .advance(payment, remind, { convert: (_came, order) => order })
    .finish(ship, remind),
);

const folder = await mkdtemp(join(tmpdir(), "orch-"));
const file = join(folder, "runs.db");

const shop = sqliteHost(file);
const run = sale.start("two lamps", { host: shop, runId: "order-1" });
for await (const event of run.events()) if (event.type === "run.waiting") break;
await shop.close();
await run.result.catch((error: Error) => console.log(error.message.split("\n")[0]));

// The bank tells of the transfer, and tells of it again.
const bank = sqliteHost(file);
for (let times = 0; times < 2; times++) {
  await bank.signal(sale, "order-1", paid, { sum: 120 }, { key: "transfer-7" });
}
console.log(
  await bank.signal(sale, "order-1", "payed", {}).catch((error: Error) => error.message.split("\n")[0]),
);
await bank.close();

const again = sqliteHost(file);
console.log(await (await again.resume(sale, "order-1")).result);
await again.close();
await rm(folder, { recursive: true });
