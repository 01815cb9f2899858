/** What fast-check draws repeats, in every lane: a gate judges the change, not the draw. `ORCH_SEED=8` draws others. */
import fc from "fast-check";
import { seed } from "./lanes.ts";

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
