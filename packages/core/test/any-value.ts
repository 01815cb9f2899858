/** Values of every kind that JavaScript has, and what it means that two of them are the same. */
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { anyLetter } from "../../testing/src/store/any-letter.ts";

class Point {
  x = 1;
}
class Bare extends (null as unknown as ObjectConstructor) {
  static make(): Bare {
    return Object.create(Bare.prototype) as Bare;
  }
}
class List extends Array<number> {}

function args(..._: number[]): unknown {
  // biome-ignore lint/complexity/noArguments: it is one of the values
  return arguments;
}

function circle(): unknown {
  const made: Record<string, unknown> = {};
  made["self"] = { list: [made] };
  return made;
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let at = 0; at < depth; at++) value = at % 2 === 0 ? { value } : [value];
  return value;
}

const tagged = (texts: TemplateStringsArray, ..._: number[]): unknown => texts;

/** Values that JSON would change or drop without a word, by name; made anew for each use. */
export const oddValues: { readonly [name: string]: () => unknown } = {
  "an accessor": () => ({
    get a() {
      return 1;
    },
  }),
  "a setter": () => ({ set a(_: number) {} }),
  "an accessor that throws": () => ({
    get a(): number {
      throw new Error("not to be read");
    },
  }),
  "a symbol as a key": () => ({ a: 1, [Symbol("s")]: 2 }),
  "a symbol as a key of a list": () => Object.assign([1], { [Symbol("s")]: 2 }),
  "a list with a property": () => Object.assign([1, 2], { extra: 3 }),
  "a match of a regular expression": () => /(?<a>a)/.exec("a"),
  "the groups of a match": () => /(?<a>a)/.exec("a")!.groups,
  "the texts of a template": () => tagged`a${1}b`,
  "a list with gaps": () => {
    const list = [1, 2, 3];
    delete list[1];
    return list;
  },
  "a list that is longer than its items": () => new Array<number>(3),
  "a list of undefined": () => [undefined],
  "a list of a class": () => List.of(1, 2),
  "a list of another realm": () => runInNewContext("[1, { a: 2 }]"),
  "an object of another realm": () => runInNewContext("({ a: [1] })"),
  "a date of another realm": () => runInNewContext("new Date(0)"),
  "minus zero": () => -0,
  "minus zero within": () => ({ a: [-0, 0] }),
  "a number that is none": () => ({ a: Number.NaN }),
  "a number without end": () => [Number.POSITIVE_INFINITY],
  "a boxed number": () => Object(1),
  "a boxed text": () => Object("text"),
  "a boxed truth": () => ({ a: Object(true) }),
  "a boxed bigint": () => Object(1n),
  "a bigint": () => 10n ** 30n,
  "a symbol": () => ({ a: Symbol("s") }),
  "a hidden property": () => Object.defineProperty({ a: 1 }, "b", { value: 2 }),
  "a frozen object": () => Object.freeze({ a: Object.freeze([1]) }),
  "a proxy of an object": () => new Proxy({ a: 1 }, {}),
  "a proxy of a list": () => new Proxy([1, 2], {}),
  "a proxy that changes": () => {
    let reads = 0;
    return new Proxy({ a: 1 }, { get: (_, key) => (key === "a" ? ++reads : undefined) });
  },
  "a property named __proto__": () => JSON.parse('{"__proto__":{"a":1},"b":2}'),
  "a property named constructor": () => ({ constructor: 1, prototype: 2, hasOwnProperty: 3, length: 4 }),
  "a property without a name": () => ({ "": 1, " ": 2 }),
  "keys that are numbers": () => ({ b: 1, 2: 1, 1: 1, a: 1 }),
  "half of a character": () => ({ "\ud800": "\udfff\ud800", "\u0000": "\u2028\u0000" }),
  "a typed list": () => new Uint8Array([1, 2]),
  bytes: () => new ArrayBuffer(2),
  "a view of bytes": () => new DataView(new ArrayBuffer(2)),
  "an instance of a class": () => new Point(),
  "an instance of a class without ancestors": () => Bare.make(),
  "an object with a parent": () => Object.create({ a: 1 }),
  "an object with a parent that has none": () => Object.create(Object.assign(Object.create(null), { a: 1 })),
  "an object without a prototype": () => Object.assign(Object.create(null), { a: 1 }),
  "an object with toJSON": () => ({ a: 1, toJSON: () => 2 }),
  "an address": () => new URL("https://example.com"),
  "an error": () => new Error("no"),
  "a promise": () => ({ a: Promise.resolve(1) }),
  "a map": () => new Map([[1, 2]]),
  "a set": () => new Set([1]),
  "a weak map": () => new WeakMap(),
  "a date": () => [new Date(0)],
  "a regular expression": () => /a/g,
  "a function": () => ({ a: () => 1 }),
  "a generator": () => (function* () {})(),
  arguments: () => args(1, 2),
  "the math object": () => Math,
  undefined: () => undefined,
  "a property that is undefined": () => ({ a: undefined, b: [{ c: undefined }] }),
  "a circle": circle,
  "a deep value": () => nested(499),
  "a value that is too deep": () => nested(600),
  "one object in two places": () => {
    const shared = { a: 1 };
    return [shared, { shared }];
  },
};

/** Draws a value of any kind, the odd ones within others too. */
export const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withNullPrototype: true,
    withObjectString: true,
    withTypedArray: true,
    withSparseArray: true,
    stringUnit: anyLetter(),
  }),
  fc.jsonValue({ stringUnit: anyLetter() }),
  fc
    .tuple(fc.constantFrom(...Object.keys(oddValues)), fc.jsonValue(), fc.nat(2))
    .map(([name, beside, form]) => {
      const odd = oddValues[name]!();
      return [odd, { beside, odd }, [beside, [odd]]][form];
    }),
);

/** What tells two values apart, as the place of the first difference; `undefined` when nothing does. Whether they are frozen is not compared. */
export function differenceOf(one: unknown, other: unknown, place = "value"): string | undefined {
  if (Object.is(one, other)) return undefined;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return place;
  if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) return `the prototype of ${place}`;
  const keys = Reflect.ownKeys(one);
  const others = Reflect.ownKeys(other);
  if (keys.length !== others.length || keys.some((key, at) => key !== others[at]))
    return `the keys of ${place}`;
  for (const key of keys) {
    const mine = Object.getOwnPropertyDescriptor(one, key)!;
    const its = Object.getOwnPropertyDescriptor(other, key)!;
    if (mine.enumerable !== its.enumerable || mine.get !== its.get || mine.set !== its.set) {
      return `the property ${String(key)} of ${place}`;
    }
    const difference = differenceOf(mine.value, its.value, `${place}.${String(key)}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}
