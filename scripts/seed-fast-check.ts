/** With `ORCH_SEED`, as in `pnpm prove`, everything that fast-check draws repeats; without it each run draws anew. */
import fc from "fast-check";
import { seed } from "./lanes.ts";

if (process.env["ORCH_SEED"] !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
