/** Loads an optional peer dependency on first use. */
import { MissingSdkError, type MissingSdkFacts } from "../errors/missing-sdk-error.ts";

/**
 * Awaits `load` and names the way out when the package is not there.
 *
 * @throws MissingSdkError (`ORCH_MISSING_SDK`)
 */
export async function loadSdk<TModule>(
  facts: MissingSdkFacts,
  load: () => Promise<TModule>,
): Promise<TModule> {
  try {
    return await load();
  } catch (cause) {
    if (isMissing(cause, facts.package)) throw new MissingSdkError(facts, { cause });
    throw cause;
  }
}

function isMissing(error: unknown, name: string): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  const missing = error.code === "ERR_MODULE_NOT_FOUND" || error.code === "MODULE_NOT_FOUND";
  return missing && error.message.includes(name);
}
