import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyLetter } from "../../../testing/src/store/any-letter.ts";
import { orchestration, runnable } from "../index.ts";
import { DurableHost } from "./durable-host.ts";
import type { JournalStore } from "./journal-store.ts";
import type { Json } from "./json.ts";
import { hasLongTexts, isKeptRaw, type LongText, readValue, valueText } from "./long-text.ts";
import { memoryStore } from "./memory-store.ts";

const long = (text: string): string => text.repeat(Math.ceil(5_000 / text.length));

/** Three states that hand on a value: as it is, in an object, and out of it. */
function wrapping() {
  const same = runnable("same", (value: Json) => value);
  const wrap = runnable("wrap", (value: Json) => ({ of: [value], n: 1 }));
  const take = runnable("take", ({ of }: { readonly of: readonly Json[] }) => of[0]!);
  return orchestration<Json, Json>("wrapping", (o) =>
    o.start(same).advance(same, wrap).advance(wrap, take).finish(take),
  );
}

/** The run as a process that was killed after its first record left it. */
async function cutOff(store: JournalStore, runId: string, records = 1): Promise<JournalStore> {
  const cut = memoryStore();
  cut.create((await store.get(runId))!, (await store.load(runId))!.slice(0, records), 0);
  return cut;
}

describe("a long text in a record", () => {
  it("stands behind the JSON as it is", () => {
    const text = valueText({ big: null, i: 1 }, [[["v", "big"], 'say "hi"\n']]);
    expect(text).toBe('~[{"v":{"big":null,"i":1}},[["v","big"],9]]\nsay "hi"\n');
    expect(readValue(text)).toEqual({ big: 'say "hi"\n', i: 1 });
  });

  it("comes back with any others, wherever they stand", () => {
    const key = fc.oneof(fc.string(), fc.constantFrom("\n", "~", '"', "toString"));
    const tree = fc.letrec<{ tree: Json }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        fc.string({ unit: anyLetter() }),
        fc.constantFrom(null, 0, true),
        fc.array(tie("tree"), { maxLength: 4 }),
        fc.dictionary(
          key.filter((name) => name !== "__proto__"),
          tie("tree"),
          { maxKeys: 4 },
        ),
      ),
    })).tree;
    fc.assert(
      fc.property(tree, (value) => {
        const texts: LongText[] = [];
        const bare = withoutTexts(value, ["v"], texts);
        expect(readValue(valueText(bare, texts))).toEqual(value);
      }),
      { numRuns: 15 },
    );
  });

  it.each([
    ["JSON marks", long('"\\\n\r\t\u2028')],
    ["other scripts", long("žluťoučký kůň 馬 🐎")],
    ["a mark at its beginning", `~${long("[]\n")}`],
    ["a byte order mark", `\ufeff${long("x")}`],
    ["a zero", long("a\0b")],
    ["half of a surrogate pair", `${long("x")}\ud83d`],
  ])("is the same in every life of a run: %s", async (_name, text) => {
    const store = memoryStore();
    expect(await wrapping().run(text, { host: new DurableHost(store), runId: "r" })).toBe(text);
    const records = (await store.load("r"))!;
    expect(hasLongTexts(records[0]!.value!)).toBe(isKeptRaw(text));
    for (let count = 1; count < records.length - 1; count++) {
      const cut = await cutOff(store, "r", count);
      expect(await (await new DurableHost(cut).resume(wrapping(), "r")).result).toBe(text);
      expect(await cut.load("r")).toEqual(
        records.map(({ at: _at, ...record }) => expect.objectContaining(record)),
      );
    }
    const told = await new DurableHost(store).events(wrapping(), "r");
    expect(told.find(({ type }) => type === "state.completed")).toMatchObject({ output: text });
  });

  it("is JSON for migrate, and goes with a fork", async () => {
    const store = memoryStore();
    const host = new DurableHost(store);
    const text = long('"');
    await wrapping().run(text, { host, runId: "r" });
    await (await host.fork(wrapping(), "r", { after: "wrapping/same#1", runId: "fork" })).result;
    await (await host.fork(wrapping(), "r", { before: "wrapping/same#1", input: [text], runId: "given" }))
      .result;
    host.delete("r");
    for (const id of ["fork", "given"]) {
      const seen: unknown[] = [];
      const state = runnable("same", (value: Json) => value);
      const next = orchestration<Json, Json>("wrapping", (o) => o.start(state).finish(state), {
        version: "2",
        migrate: (records) => {
          seen.push(...records.map(({ value = "null" }) => JSON.parse(value)));
          return records;
        },
      });
      await new DurableHost(store).events(next, id).catch(() => {});
      expect(seen.slice(0, 2)).toEqual(id === "fork" ? [text, text] : [text, [text]]);
    }
  });

  it("may be JSON, as the releases before wrote it", async () => {
    const store = memoryStore();
    const text = long('"');
    await wrapping().run(text, { host: new DurableHost(store), runId: "r" });
    const [first, ...rest] = (await store.load("r"))!;
    const before = memoryStore();
    before.create(
      (await store.get("r"))!,
      [{ ...first!, value: JSON.stringify(text) }, ...rest.slice(0, 1)],
      0,
    );
    expect(await (await new DurableHost(before).resume(wrapping(), "r")).result).toBe(text);
    expect(await before.load("r")).toHaveLength(1 + rest.length);
  });

  it.each([
    ["cut short", (value: string) => value.slice(0, -1)],
    ["longer", (value: string) => `${value}!`],
    ["of another way", (value: string) => value.replace('["v"]', '["v","x"]')],
    ["of a way to the prototype", (value: string) => value.replace('["v"]', '["__proto__","x"]')],
    ["without its line", () => "~"],
  ])("is damage where it is %s", async (_name, change) => {
    const store = memoryStore();
    await wrapping().run(long("x"), { host: new DurableHost(store), runId: "r" });
    const [first, ...rest] = (await store.load("r"))!;
    const broken = memoryStore();
    broken.create((await store.get("r"))!, [{ ...first!, value: change(first!.value!) }, ...rest], 0);
    await expect(new DurableHost(broken).events(wrapping(), "r")).rejects.toMatchObject({
      code: "ORCH_JOURNAL_DAMAGED",
      facts: { record: 1 },
    });
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});

/** Takes all texts out of a value, and collects them. */
function withoutTexts(value: Json, way: readonly (string | number)[], texts: LongText[]): Json {
  if (typeof value === "string") {
    texts.push([way, value]);
    return null;
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item, index) => withoutTexts(item, [...way, index], texts));
  const made = Object.entries(value).map(([key, item]) => [key, withoutTexts(item, [...way, key], texts)]);
  return Object.fromEntries(made) as Json;
}
