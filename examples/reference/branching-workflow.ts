import { orchestration, runnable } from "@orch/core";

const analysis = runnable("analysis", (file: string) => ({ file, ending: file.split(".").at(-1) }));
const data = runnable("data", (file: string) => `rows of ${file}`);
const text = runnable("text", (file: string) => `words of ${file}`);
const image = runnable("image", (file: string) => `pixels of ${file}`);
const aggregation = runnable("aggregation", (part: string) => `summary of the ${part}`);

const convert = ({ file }: { file: string }): string => file;
const flow = orchestration("branches", (o) =>
  o
    .start(analysis)
    .advance(analysis, data, { when: ({ ending }) => ending === "csv", convert })
    .advance(analysis, image, { when: ({ ending }) => ending === "png", convert })
    .advance(analysis, text, { convert })
    .advance(data, aggregation)
    .advance(text, aggregation)
    .advance(image, aggregation)
    .finish(aggregation),
);
console.log(await flow.run("tides.csv"));
console.log(await flow.run("tides.md"));
