/** JSON that comes in pieces, as a value that grows. */
import type { Json } from "@orch/core";

/** A list or an object that is not closed yet. Its closed items are never touched again, and are shared by all values. */
interface Open {
  readonly list: boolean;
  readonly items: Json[];
  readonly keys: string[];
  /** The key whose value comes next. */
  key: string | undefined;
  /** What may come: in a list an item, in an object a key, then a colon, then a value; after each a comma. */
  expects: "item" | "colon" | "comma";
}

/** Deeper values are given up. */
const DEEPEST = 200;
/** A longer number is none that a program can hold. */
const LONGEST_WORD = 400;
const SPACE = /\s/;
const WORD = /[\w.+-]/;
const UNICODE = /^u[\da-fA-F]{0,4}$/;
const UNICODE_LENGTH = 5;
const WORDS: { readonly [word: string]: Json } = { true: true, false: false, null: null };
const ESCAPES: { readonly [letter: string]: string } = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  '"': '"',
  "\\": "\\",
  "/": "/",
};
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Reads objects and lists out of a text that comes in pieces, each character once. A text grows as it comes; a number or a word is part of
 * the value as soon as what follows shows that it has ended. Prose around a value is passed over; a later value replaces an earlier one, and
 * one that is no JSON is given up.
 */
export class GrowingJson {
  readonly #open: Open[] = [];
  #whole: Json | undefined;
  #text: string | undefined;
  /** An escape that has not all come, without its backslash. */
  #escape: string | undefined;
  #word = "";
  #changed = false;

  /** Reads a piece, and tells whether the value is another one now. */
  add(piece: string): boolean {
    this.#changed = false;
    for (const char of piece.split("")) this.#read(char);
    return this.#changed;
  }

  /** The value so far, or `undefined` while there is none. Values that were given before stay as they are. */
  value(): Json | undefined {
    if (this.#open.length === 0) return this.#whole;
    let inner: Json | undefined = this.#text === undefined ? undefined : wholeCharacters(this.#text);
    for (const open of this.#open.toReversed()) inner = soFar(open, inner);
    return inner;
  }

  #read(char: string): void {
    const at = this.#open.at(-1);
    if (at === undefined) {
      if (char === "{" || char === "[") this.#begin(char === "[");
    } else if (this.#text !== undefined) this.#inText(char, at);
    else if (WORD.test(char)) this.#inWord(char, at);
    else if ((this.#word === "" || this.#endWord(at)) && !SPACE.test(char)) this.#mark(char, at);
  }

  #inWord(char: string, at: Open): void {
    const stray = at.expects !== "item" || (!at.list && at.key === undefined);
    if (stray || this.#word.length === LONGEST_WORD) this.#giveUp();
    else this.#word += char;
  }

  #mark(char: string, at: Open): void {
    const wantsKey = !at.list && at.key === undefined;
    if (char === (at.list ? "]" : "}") && (at.expects === "comma" || (at.expects === "item" && wantsKey)))
      this.#end();
    else if (char === "]" && at.list && at.expects === "item" && at.items.length === 0) this.#end();
    else if (char === "," && at.expects === "comma") at.expects = "item";
    else if (char === ":" && at.expects === "colon") at.expects = "item";
    else if (char === '"' && at.expects === "item") this.#beginText(wantsKey);
    else if ((char === "{" || char === "[") && at.expects === "item" && !wantsKey) this.#begin(char === "[");
    else this.#giveUp();
  }

  #begin(list: boolean): void {
    if (this.#open.length === DEEPEST) {
      this.#giveUp();
      return;
    }
    this.#open.push({ list, items: [], keys: [], key: undefined, expects: "item" });
    this.#changed = true;
  }

  #beginText(key: boolean): void {
    this.#text = "";
    if (!key) this.#changed = true;
  }

  #end(): void {
    const closed = soFar(this.#open.pop()!, undefined);
    this.#changed = true;
    const at = this.#open.at(-1);
    if (at === undefined) this.#whole = closed;
    else put(at, closed);
  }

  #inText(char: string, at: Open): void {
    const key = !at.list && at.key === undefined;
    if (this.#escape !== undefined) this.#inEscape(this.#escape + char, key);
    else if (char === "\\") this.#escape = "";
    else if (char < " ") this.#giveUp();
    else if (char === '"') this.#endText(at, key);
    else this.#grow(char, key);
  }

  #endText(at: Open, key: boolean): void {
    const text = this.#text!;
    this.#text = undefined;
    if (key) {
      at.key = text;
      at.expects = "colon";
    } else {
      put(at, text);
      this.#changed = true;
    }
  }

  #inEscape(come: string, key: boolean): void {
    const stands = ESCAPES[come];
    if (stands !== undefined) this.#grow(stands, key);
    else if (!UNICODE.test(come)) this.#giveUp();
    else if (come.length < UNICODE_LENGTH) this.#escape = come;
    else this.#grow(String.fromCharCode(Number.parseInt(come.slice(1), 16)), key);
  }

  #grow(text: string, key: boolean): void {
    this.#escape = undefined;
    this.#text += text;
    if (!key) this.#changed = true;
  }

  /** Tells whether the word was one. */
  #endWord(at: Open): boolean {
    const word = this.#word;
    this.#word = "";
    const value = Object.hasOwn(WORDS, word) ? WORDS[word] : NUMBER.test(word) ? Number(word) : undefined;
    if (value === undefined) {
      this.#giveUp();
      return false;
    }
    put(at, value);
    this.#changed = true;
    return true;
  }

  /** What was no JSON is forgotten; a value that was whole before it counts again. */
  #giveUp(): void {
    this.#open.length = 0;
    this.#text = undefined;
    this.#escape = undefined;
    this.#word = "";
    this.#changed = true;
  }
}

function put(at: Open, value: Json): void {
  at.items.push(value);
  if (!at.list) at.keys.push(at.key!);
  at.key = undefined;
  at.expects = "comma";
}

/** What is there of a list or an object; `inner` is the item that has not ended. */
function soFar({ list, items, keys, key }: Open, inner: Json | undefined): Json {
  if (list) return inner === undefined ? [...items] : [...items, inner];
  const entries = keys.map((one, at) => [one, items[at]!] as const);
  // A key may be `__proto__`: entries make it one of the object's own.
  return Object.fromEntries(inner === undefined || key === undefined ? entries : [...entries, [key, inner]]);
}

/** Half of a character waits for its other half. */
function wholeCharacters(text: string): string {
  return text.isWellFormed() ? text : text.replace(/[\ud800-\udbff]$/, "").toWellFormed();
}
