/** The setup of a folder after its user said whether it is trusted. */
import { readFile } from "node:fs/promises";
import { withoutSecrets } from "@orch/agents/files";
import type { Trust, TrustSubject } from "../config/trust.ts";
import type { Doors } from "../process/doors.ts";
import type { Setup } from "../setup/compose.ts";
import { safe, safeText } from "../terminal/safe-text.ts";
import { createTheme, type Theme } from "../terminal/theme.ts";
import { askTrust, askTrustPlainly, type TrustVerdict } from "./ask-trust.ts";
import { type TrustFacts, trustFacts, waitingFor } from "./trust-facts.ts";
import { PLAIN_HINT, trustedText, trustHint, trustPanel } from "./trust-panel.ts";

/** Opens the setup once more, with what was trusted meanwhile. */
export type Reopen = (trust: Trust) => Promise<Setup>;

/**
 * Asks about everything that waits for the user's word, as often as a yes brings up more: the code of `orch.config.ts`
 * may name further files. Gives the setup to go on with, or how the program is to end.
 */
export async function trustedSetup(
  first: Setup,
  reopen: Reopen,
  doors: Doors,
): Promise<Setup | Exclude<TrustVerdict, "yes" | "no">> {
  let setup = first;
  for (;;) {
    const facts = await trustFacts(setup.config, setup.trust);
    const waiting = waitingFor(facts);
    if (waiting.length === 0) return setup;
    const verdict = await ask(facts, waiting, setup, doors);
    if (verdict === "no") return withoutWarning(setup, facts);
    if (verdict !== "yes") return verdict;
    // What was shown is trusted, and nothing that took its place meanwhile.
    for (const subject of waiting) await remember(setup.trust, subject, doors);
    setup = await reopen(setup.trust);
  }
}

async function ask(
  facts: TrustFacts,
  waiting: readonly TrustSubject[],
  setup: Setup,
  doors: Doors,
): Promise<TrustVerdict> {
  const { stdout, env } = doors;
  const theme = themeOf(setup, env);
  const plain = theme.spoken || env["TERM"] === "dumb";
  if (plain) doors.keys.release();
  stdout.write(`${trustPanel(facts, theme, stdout.columns || 80)}\n`);
  const drawing = {
    hint: (columns: number) => (plain ? PLAIN_HINT : trustHint(theme, columns)),
    view: async () => {
      for (const subject of waiting) {
        const shown = await whole(subject, facts);
        stdout.write(`${trustedText(shown, theme, withoutSecrets)}\n`);
      }
    },
  };
  const verdict = await (plain ? askTrustPlainly(drawing, doors) : askTrust(drawing, doors));
  const { done, skipped } = theme.glyphs;
  if (verdict === "yes") stdout.write(safe`${done} Trusted until it changes\n\n`);
  if (verdict === "no") stdout.write(safe`${skipped} Not now; the next start asks again\n\n`);
  return verdict;
}

/** Of settings the whole file is shown; code is shown as it would run. */
async function whole(subject: TrustSubject, { foreign }: TrustFacts): Promise<TrustSubject> {
  if (foreign === undefined || foreign.code || subject !== foreign.subject) return subject;
  const content = await readFile(foreign.file, "utf8").catch(() => subject.content);
  return { name: foreign.file, content };
}

async function remember(trust: Trust, subject: TrustSubject, { stdout }: Doors): Promise<void> {
  await trust.remember(subject).catch((error: NodeJS.ErrnoException) => {
    stdout.write(
      safe`! That could not be kept (${safeText(error.code ?? "failed")}), so the next start asks again\n`,
    );
  });
}

/** What the question said need not be said again. */
function withoutWarning(setup: Setup, { foreign }: TrustFacts): Setup {
  return { ...setup, notices: setup.notices.filter((notice) => notice !== foreign?.warning) };
}

function themeOf({ config }: Setup, env: Doors["env"]): Theme {
  const { theme, glyphs, screenReader: spoken = false } = config.config.ui ?? {};
  return createTheme({
    env,
    spoken,
    ...(theme !== undefined && { theme }),
    ...(glyphs !== undefined && glyphs !== "auto" && { glyphs }),
  });
}
