/**
 * Thinking that a server leaves in the text: `<think>...</think>` before the answer. The tags come in any pieces. Only
 * what stands at the beginning of an answer, or right behind other thinking, is taken: further on, tags are text.
 */

/** A piece of what the model wrote, told apart. */
export interface SplitText {
  readonly thinking: boolean;
  readonly text: string;
}

const TAGS = ["<think>", "<thinking>", "<thought>"] as const;

/** Tells thinking and text apart, one instance for each message. */
export class ThinkTags {
  #state: "before" | "thinking" | "text";
  /** The tag that ends the thinking. */
  #closing: string;
  /** What may be the beginning of a tag, or blank before one. */
  #held = "";
  /** Whether thinking was found: blanks between it and the answer belong to neither. */
  #found = false;

  /** `open` is for servers whose template has written the opening tag already. */
  constructor(open = false) {
    this.#state = open ? "thinking" : "before";
    this.#closing = open ? "</think>" : "";
  }

  /** Whether all that follows is text, so that nothing need be looked at. */
  get done(): boolean {
    return this.#state === "text";
  }

  add(piece: string): readonly SplitText[] {
    const said: SplitText[] = [];
    let rest = this.#held + piece;
    this.#held = "";
    while (rest !== "") {
      if (this.#state === "text") {
        said.push({ thinking: false, text: rest });
        break;
      }
      rest = this.#state === "before" ? this.#open(rest) : this.#think(rest, said);
    }
    return said;
  }

  /** What was held back, at the end of the message. */
  end(): readonly SplitText[] {
    const text = this.#held;
    this.#held = "";
    const blank = text.trim() === "";
    if (text === "" || (blank && this.#found)) return [];
    return [{ thinking: this.#state === "thinking", text }];
  }

  /** Gives what is to be read on. */
  #open(rest: string): string {
    const start = rest.trimStart();
    const tag = TAGS.find((one) => start.toLowerCase().startsWith(one));
    if (tag !== undefined) {
      this.#state = "thinking";
      this.#closing = `</${tag.slice(1)}`;
      this.#found = true;
      return start.slice(tag.length);
    }
    if (TAGS.some((one) => one.startsWith(start.toLowerCase()))) {
      this.#held = rest;
      return "";
    }
    this.#state = "text";
    return this.#found ? start : rest;
  }

  #think(rest: string, said: SplitText[]): string {
    const end = rest.toLowerCase().indexOf(this.#closing);
    if (end >= 0) {
      if (end > 0) said.push({ thinking: true, text: rest.slice(0, end) });
      this.#state = "before";
      this.#found = true;
      return rest.slice(end + this.#closing.length);
    }
    const kept = rest.length - partOf(this.#closing, rest);
    if (kept > 0) said.push({ thinking: true, text: rest.slice(0, kept) });
    this.#held = rest.slice(kept);
    return "";
  }
}

/** How much at the end of a text may be the beginning of the tag. */
function partOf(tag: string, text: string): number {
  for (let length = Math.min(tag.length - 1, text.length); length > 0; length--) {
    if (tag.startsWith(text.slice(-length).toLowerCase())) return length;
  }
  return 0;
}
