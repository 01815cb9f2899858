import { expect, test } from "vitest";
import { Carriers } from "./carriers.ts";

const CODE = `
const waiting = [];
export const take = ({ item: [{ text }], rest = 1 }) => push({ type: "told", text });
function push(event) { waiting.push(event); }
class Reader { async *[Symbol.asyncIterator]() { while (waiting.length > 0) yield waiting.shift(); } }
export async function read() {
  const read = [];
  for await (const event of new Reader()) { read.push(show(event)); }
  return read.length + (await unseen());
}
const show = (event) => event.text
  .toUpperCase();
async function unseen() { return 1; }
`;

test("names each function that a text goes through, and where it waited on the way", async () => {
  const carriers = new Carriers();
  const code = carriers.rewrite(CODE, "file:///flow.js");
  expect(code.split("\n")).toHaveLength(CODE.split("\n").length);
  const { take, read } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
    readonly take: (value: unknown) => void;
    readonly read: () => Promise<number>;
  };
  take({ item: [{ text: "before" }] });
  carriers.follow("fish");
  take({ item: [{ text: "a fish" }] });
  expect(await read()).toBe(3);
  carriers.follow(undefined);
  take({ item: [{ text: "a fish" }] });
  expect([...carriers.found.values()].map(({ name, contacts }) => `${name} ${contacts}`)).toEqual([
    "take 1",
    "push 1",
    "line 5 1",
    "read 1",
    "show 1",
  ]);
  expect([...carriers.forms]).toEqual(["told"]);
});
