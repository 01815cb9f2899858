import { orchestration, runnable } from "@orch/core";

type Kind = "data" | "text" | "image" | "unknown";
interface Analysis {
  readonly requiresProcessing: boolean;
  readonly kind: Kind;
  readonly data: string;
}

const analyse = runnable("analyse", (file: string): Analysis => {
  const kinds: { readonly [ending: string]: Kind } = { csv: "data", md: "text", png: "image" };
  const kind = kinds[file.split(".").at(-1)!] ?? "unknown";
  return { requiresProcessing: file !== "", kind, data: file };
});
const processing = (id: string) => runnable(id, (data: string) => `${id}: ${data}`);
const [data, text, image, other] = [
  processing("dataProcessing"),
  processing("textProcessing"),
  processing("imageProcessing"),
  processing("defaultProcessing"),
];
const nothing = runnable("nothing", () => "nothing to do");

// Asked in this order; the first whose condition holds is taken, and the last one has none.
const when = (kind: Kind) => (found: Analysis) => found.kind === kind;
const convert = (found: Analysis): string => found.data;
const flow = orchestration("branching", (o) =>
  o
    .start(analyse)
    .advance(analyse, nothing, { when: (found) => !found.requiresProcessing, convert: () => undefined })
    .advance(analyse, data, { when: when("data"), convert })
    .advance(analyse, text, { when: when("text"), convert })
    .advance(analyse, image, { when: when("image"), convert })
    .advance(analyse, other, { convert })
    .finish(data, text, image, other, nothing),
);

for (const file of ["tides.csv", "moon.png", "notes.txt", ""]) console.log(await flow.run(file));
