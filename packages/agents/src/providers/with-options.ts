/** The options of a provider, put into a request without taking away what the agent declares. */
import type { Opaque } from "../words/message.ts";

/** Fields that are ours: the adapter reads a stream, and the conversation is the request's. */
const OURS: ReadonlySet<string> = new Set(["stream", "messages", "input", "model"]);

/**
 * Adds options to the body of a request. Lists are joined (the agent's own tools stay beside those that run at the
 * provider), objects are merged with the option's fields first, any other value takes the place of ours. What an option
 * cannot have is told in `warnings`.
 */
export function withOptions<TBody extends object>(
  body: TBody,
  options: Opaque | undefined,
  warnings: string[],
): TBody {
  if (options === undefined) return body;
  const whole = { ...body } as { [key: string]: unknown };
  for (const [key, value] of Object.entries(options)) {
    const own = whole[key];
    if (OURS.has(key)) {
      if (own !== value) warnings.push(`The option "${key}" is left out: the request has its own.`);
    } else if (Array.isArray(own) && Array.isArray(value)) whole[key] = joined(key, own, value, warnings);
    else whole[key] = isObject(own) && isObject(value) ? { ...own, ...value } : value;
  }
  return whole as TBody;
}

/** Both lists, each entry once. Two tools of one name would be refused: the agent's stays. */
function joined(
  key: string,
  own: readonly unknown[],
  added: readonly unknown[],
  warnings: string[],
): readonly unknown[] {
  const names = new Set(own.map(nameOf).filter((name) => name !== undefined));
  const fresh = added.filter((entry) => {
    if (own.includes(entry)) return false;
    const name = nameOf(entry);
    if (name === undefined || !names.has(name)) return true;
    warnings.push(`The entry "${name}" of the option "${key}" is left out: the agent has one of that name.`);
    return false;
  });
  return [...own, ...fresh];
}

/** How a tool is called in the three formats. */
function nameOf(entry: unknown): string | undefined {
  if (!isObject(entry)) return undefined;
  const { name } = isObject(entry["function"]) ? entry["function"] : entry;
  return typeof name === "string" ? name : undefined;
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
