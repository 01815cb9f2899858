import { expect, it } from "vitest";
import { toText } from "../draw.ts";
import { collect, each, orchestration, runnable } from "../index.ts";
import { type KeptForm, keptForm } from "../kernel/kept-form.ts";
import { standIn } from "./stand-in.ts";

const work = runnable("work", (value: number) => value);
const quick = each("quick", work, { first: 1, rest: "background" });
const rest = collect("rest", quick);
const flow = orchestration("flow", (o) => o.start(quick).advance(quick, rest).finish(rest));

it("a definition that was kept is read, also where nothing is left for what collects", () => {
  const text = JSON.stringify(keptForm(flow)).replace('"rest":"background"', '"settled":true');
  const form = JSON.parse(text) as KeptForm;

  expect(text).not.toContain("background");
  expect(toText(standIn(form).graph)).toContain("[collect, of quick]");
});
