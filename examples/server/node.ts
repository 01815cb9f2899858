/** Node: `node --conditions=@orch/source examples/server/node.ts`. Ctrl-C drains for ten seconds; a second one parks at once. */
import { guard } from "@orch/server";
import { listen } from "@orch/server/node";
import { server } from "./served.ts";

const { url, stop } = await listen(server, {
  port: Number(process.env["PORT"] ?? 0),
  drain: 10_000,
  around: guard(server),
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void stop());
console.log(`listens on ${url}`);
