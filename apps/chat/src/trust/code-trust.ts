/** Trust in the code of a folder, as the chat asks for it after the start. */
import type { CodeTrust } from "../sessions/code-trust.ts";
import type { Setup } from "../setup/compose.ts";
import { STATES, trustFacts } from "./trust-facts.ts";

/** Tells and grants what the files of orchestrations may do; settings and `orch.config.ts` are asked about at a start. */
export function codeTrust({ config, trust, own }: Pick<Setup, "config" | "trust" | "own">): CodeTrust {
  const code = async () => (await trustFacts(config, trust)).code;
  return {
    files: async () =>
      (await code()).map(({ orchestration, file, state }) => ({
        orchestration,
        file: own.shown(file),
        runs: state === "trusted",
        says: STATES[state],
      })),
    grant: async () => {
      for (const { file, subject } of await code()) {
        trust.follow(file);
        if (subject !== undefined) await trust.remember(subject);
      }
    },
  };
}
