import { FatalError } from "../errors/fatal-error.ts";

/**
 * What a condition or a conversion gave, which has to say it at once. A promise would count as true, and where nobody
 * checks the types nothing else would tell.
 */
export function atOnce<TSaid>(said: TSaid): TSaid {
  if (!(said instanceof Promise)) return said;
  said.catch(() => {});
  throw new FatalError("it gave a promise, and has to answer at once");
}
