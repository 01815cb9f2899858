/**
 * What an import of an optional peer dependency throws where that is not installed. The import itself is written
 * `await import("name")` inside of a `try`: there every bundler lets it fail when the program runs, and anywhere else
 * it fails the build.
 */
import { MissingSdkError, type MissingSdkFacts } from "../errors/missing-sdk-error.ts";

/** Gives a MissingSdkError (`ORCH_MISSING_SDK`) for a package that is not there, and other errors as they are. */
export function sdkFailure(cause: unknown, facts: MissingSdkFacts): unknown {
  return isMissing(cause, facts.package) ? new MissingSdkError(facts, { cause }) : cause;
}

/**
 * The words of Node, webpack, Vite, browsers and workers for a module that is not there, with the name that comes
 * first: later ones may be of the file that imports it.
 */
const NOT_FOUND =
  /(?:cannot find|could not resolve|failed to resolve|no such|can't resolve|was not remapped|does not resolve|not a dependency)/i;
const QUOTED = /["'`“‘]([^"'`”’]+)["'`”’]/;

function isMissing(error: unknown, name: string): boolean {
  if (!(error instanceof Error) || !NOT_FOUND.test(error.message)) return false;
  const [, said = ""] = QUOTED.exec(error.message) ?? [];
  return said === name || said.startsWith(`${name}/`);
}
