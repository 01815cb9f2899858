/**
 * Finds the functions that carry a text: those that get it in a parameter, await it, take it from an iterator, or
 * give it by `return` or `yield`. The sources are rewritten as they are loaded, each function with a call to
 * {@link Carriers} at these places, on the same lines.
 */
import { parseAst } from "rolldown/parseAst";

/** One function that carried the text, with how it came by it. */
export interface Carrier {
  readonly name: string;
  readonly file: string;
  /** How often the text was seen in it. */
  contacts: number;
  /** Neither its caller nor a function that it called had the text: it waited in a queue, a field or a promise. */
  readonly handedOver: boolean;
}

interface Site {
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** The name of the global that rewritten code calls. */
const GLOBAL = "__orchCarriers";
/** How deep an object is searched for the text. */
const DEPTH = 5;
/** How many values of one object are looked at. */
const MOST = 3_000;

/** Rewrites sources, and listens to what they tell. */
export class Carriers {
  readonly found = new Map<number, Carrier>();
  /** The `type` of each object that the text travelled in. */
  readonly forms = new Set<string>();
  readonly #sites: Site[] = [];
  readonly #lines = new Set<string>();
  #marker: string | undefined;

  constructor() {
    Object.assign(globalThis, { [GLOBAL]: this });
  }

  /** From now on counts the carriers of `marker`; with `undefined` it stops. */
  follow(marker: string | undefined): void {
    this.#marker = marker;
  }

  /** Called by rewritten code with what a function was given. */
  got(site: number, values: readonly unknown[]): void {
    if (this.#marker !== undefined) this.#look(site, values);
  }

  /** Called by rewritten code with what a function awaited; gives it back. */
  awaited(site: number, value: unknown): unknown {
    if (this.#marker !== undefined) this.#look(site, value);
    return value;
  }

  /** Called by rewritten code with what a function returns or yields; gives it back. */
  gives(site: number, value: unknown): unknown {
    // Who called it has the text from now on.
    if (this.#marker !== undefined && this.#look(site, value)) this.#lines.add(stack()[0] ?? "");
    return value;
  }

  /** Gives the code of a file, told of by `file`. It must hold no types any more. */
  rewrite(code: string, file: string): string {
    const inserts: { readonly at: number; readonly text: string }[] = [];
    const insert = (at: number, text: string): void => void inserts.push({ at, text });
    const visit = (node: Node, site: number, name: string | undefined): void => {
      let inner = site;
      let close = "";
      if (isFunction(node)) {
        inner = this.#site(node, name, code, file);
        close = openFunction(node, inner, insert);
      } else close = openValue(node, site, insert);
      for (const [child, named] of children(node)) visit(child, inner, named);
      if (close !== "") insert(closesAt(node), close);
    };
    visit(parseAst(code) as unknown as Node, -1, undefined);
    return inserted(code, inserts);
  }

  #site(node: Node, name: string | undefined, code: string, file: string): number {
    const line = code.slice(0, node.start).split("\n").length;
    const own = (node["id"] as { readonly name?: string } | null)?.name;
    return this.#sites.push({ name: own ?? name ?? `line ${line}`, file, line }) - 1;
  }

  #look(id: number, value: unknown): boolean {
    const marker = this.#marker!;
    const types = new Set<string>();
    if (!holds(value, marker, DEPTH, { left: MOST }, types)) return false;
    for (const type of types) this.forms.add(type);
    const before = this.found.get(id);
    if (before !== undefined) {
      before.contacts += 1;
      return true;
    }
    const { name, file, line } = this.#sites[id]!;
    const handedOver = !stack().some((place) => this.#lines.has(place));
    this.#lines.add(`${file}:${line}`);
    this.found.set(id, { name, file, contacts: 1, handedOver });
    return true;
  }
}

/** Where the functions on the stack begin that wait for this call, as `file:line`, without the innermost one. */
function stack(): string[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = Number.POSITIVE_INFINITY;
  Error.prepareStackTrace = (_, sites) => sites;
  const sites = new Error("here").stack as unknown as NodeJS.CallSite[];
  Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  const own = sites
    .filter((site) => !(site as { isAsync?: () => boolean }).isAsync?.())
    .map((site) => [site.getFileName(), site.getEnclosingLineNumber()] as const)
    .filter(([file]) => file?.startsWith("file:") === true && !file.includes("/walks/"));
  return own.slice(1).map(([file, line]) => `${file}:${line}`);
}

/** Whether a value holds the text, not counting what instances of classes hold. Collects the types on the way to it. */
function holds(
  value: unknown,
  marker: string,
  depth: number,
  budget: { left: number },
  types: Set<string>,
): boolean {
  if (typeof value === "string") return value.includes(marker);
  if (typeof value !== "object" || value === null || depth < 0) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null && !Array.isArray(value)) return false;
  let found = false;
  for (const one of Object.values(value)) {
    if (budget.left-- < 0) break;
    if (holds(one, marker, depth - 1, budget, types)) found = true;
  }
  const type: unknown = (value as { readonly type?: unknown }).type;
  if (found && typeof type === "string") types.add(type);
  return found;
}

function isFunction(node: Node): boolean {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type);
}

type Insert = (at: number, text: string) => void;

/** Reports the parameters where the body begins; gives what is to stand at the function's end. */
function openFunction(node: Node, site: number, insert: Insert): string {
  const body = node["body"] as Node;
  const names = (node["params"] as readonly Node[]).flatMap(boundNames);
  const got = `${GLOBAL}.got(${site}, [${names.join(", ")}])`;
  if (body.type === "BlockStatement") {
    insert(body.start + 1, `${got};`);
    return "";
  }
  insert(body.start, `(${got}, ${GLOBAL}.gives(${site}, (`);
  return ")))";
}

/** Reports a value that a function awaits, gives or takes from an iterator. */
function openValue(node: Node, site: number, insert: Insert): string {
  if (site < 0) return "";
  const argument = node["argument"] as Node | null | undefined;
  switch (node.type) {
    case "ReturnStatement":
    case "YieldExpression":
      if (!argument || node["delegate"] === true) return "";
      insert(argument.start, `${GLOBAL}.gives(${site}, (`);
      return "))";
    case "AwaitExpression":
      insert(node.start, `${GLOBAL}.awaited(${site}, (`);
      return "))";
    case "ForOfStatement": {
      const body = node["body"] as Node;
      const left = node["left"] as Node;
      if (body.type !== "BlockStatement" || left.type !== "VariableDeclaration") return "";
      const names = (left["declarations"] as readonly Node[]).flatMap((one) => boundNames(one["id"] as Node));
      insert(body.start + 1, `${GLOBAL}.got(${site}, [${names.join(", ")}]);`);
      return "";
    }
    default:
      return "";
  }
}

function closesAt(node: Node): number {
  if (node.type === "ReturnStatement" || node.type === "YieldExpression")
    return (node["argument"] as Node).end;
  return isFunction(node) ? (node["body"] as Node).end : node.end;
}

/** The names that a pattern binds. */
function boundNames(pattern: Node): string[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern["name"] as string];
    case "AssignmentPattern":
      return boundNames(pattern["left"] as Node);
    case "RestElement":
      return boundNames(pattern["argument"] as Node);
    case "ArrayPattern":
      return (pattern["elements"] as readonly (Node | null)[]).flatMap((one) => (one ? boundNames(one) : []));
    case "ObjectPattern":
      return (pattern["properties"] as readonly Node[]).flatMap((one) =>
        boundNames(one.type === "RestElement" ? one : (one["value"] as Node)),
      );
    default:
      return [];
  }
}

/** The nodes below one, each with the name that it is known by, in the order of the source. */
function children(node: Node): (readonly [Node, string | undefined])[] {
  const key = (node["key"] ?? node["id"]) as { readonly name?: string } | null | undefined;
  const named = /^(MethodDefinition|PropertyDefinition|Property|VariableDeclarator)$/.test(node.type)
    ? key?.name
    : undefined;
  const found = Object.values(node)
    .flat()
    .filter((one): one is Node => typeof (one as Node | null)?.type === "string");
  return found.toSorted((a, b) => a.start - b.start).map((one) => [one, named] as const);
}

/** The texts that are inserted at one place keep their order. */
function inserted(code: string, inserts: readonly { readonly at: number; readonly text: string }[]): string {
  let result = "";
  let at = 0;
  for (const one of inserts.toSorted((a, b) => a.at - b.at)) {
    result += code.slice(at, one.at) + one.text;
    at = one.at;
  }
  return result + code.slice(at);
}
