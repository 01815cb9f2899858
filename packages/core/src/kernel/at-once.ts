import { FatalError } from "../errors/fatal-error.ts";

/**
 * Checks that a condition or a conversion returned a value and no promise. A promise would count as true, and without
 * a type check no other code would notice.
 */
export function atOnce<TSaid>(said: TSaid): TSaid {
  if (!(said instanceof Promise)) return said;
  said.catch(() => {});
  const fix = "Await it in a runnable before, and let the edge read its output.";
  throw new FatalError("it gave a promise, and has to answer at once", { fix });
}
