/** `orch doctor`: looks at the installation, and says what is broken and how to repair it. */
import type { Flags } from "../config/args.ts";
import { exitCodes } from "../headless/exit-codes.ts";
import { jsonLine } from "../headless/result.ts";
import type { Doors } from "../process/doors.ts";
import type { Setup } from "../setup/compose.ts";
import { type SafeText, safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { plainText } from "../terminal/styled.ts";
import { repeat, wrapLine } from "../terminal/width.ts";
import { configFindings } from "./config-findings.ts";
import { type Diagnosis, failed } from "./diagnosis.ts";
import { programFindings } from "./program-findings.ts";
import { sdkFindings } from "./sdk-findings.ts";
import { storeFindings } from "./store-findings.ts";
import { terminalFacts, terminalFindings } from "./terminal-findings.ts";

/** The report and the exit code: 1 when something is broken. */
export interface DoctorReport {
  readonly text: SafeText;
  readonly code: number;
}

/** Looks at everything. What cannot be looked at is a finding too. `open` reads the configuration. */
export async function examine(flags: Flags, open: () => Promise<Setup>, doors: Doors): Promise<DoctorReport> {
  const findings: Diagnosis[] = [
    ...programFindings(doors),
    ...terminalFindings(await terminalFacts(doors)),
    ...(await folderFindings(open, doors)),
  ];
  const problems = findings.filter(({ state }) => state === "broken").length;
  const code = problems === 0 ? exitCodes.done : exitCodes.failed;
  if (flags.output !== "text") return { code, text: jsonLine({ v: 1, ok: problems === 0, findings }) };
  const columns = doors.stdout.isTTY ? doors.stdout.columns || 80 : undefined;
  const lines = findings.map((one) => diagnosisLines(one, columns));
  return { code, text: safeText([...lines, "", endOf(problems), ""].join("\n")) };
}

function endOf(problems: number): string {
  if (problems === 0) return "Nothing is broken.";
  return problems === 1 ? "1 thing is broken." : `${problems} things are broken.`;
}

async function folderFindings(open: () => Promise<Setup>, doors: Doors): Promise<readonly Diagnosis[]> {
  let setup: Setup;
  try {
    setup = await open();
  } catch (error) {
    return [failed("config", error, "Correct it, or name another by --config.")];
  }
  const found: Diagnosis[] = [];
  const looks = [
    () => configFindings(setup, doors),
    () => sdkFindings(setup.folder),
    () => storeFindings(setup, doors),
  ];
  for (const look of looks)
    found.push(
      ...(await look().catch((error: unknown) => [
        failed("doctor", error, "Report it: orch doctor should have an answer for it."),
      ])),
    );
  return found;
}

const MARKS = { ok: "ok    ", note: "note  ", broken: "BROKEN" } as const;

/** How wide the first two columns are. */
const INDENT = 20;
/** Below this the text stands under its columns. */
const NARROW = 60;

/** One diagnosis as lines; `columns` is `undefined` where nobody looks at a window. */
export function diagnosisLines(
  { about, state, says, fix }: Diagnosis,
  columns: number | undefined,
): SafeText {
  const head = safe`${safeText(MARKS[state])} ${visibleText(about.padEnd(INDENT - 8))} `;
  const texts = [says, ...(fix === undefined ? [] : [fix])].map((text) =>
    visibleText(text, { multiline: true }),
  );
  const narrow = columns !== undefined && columns < NARROW;
  const indent = narrow ? safe`  ` : repeat(safe` `, INDENT);
  const width = columns === undefined ? Number.POSITIVE_INFINITY : columns - 1 - indent.length;
  const rows = texts.flatMap((text) => wrapLine([{ text }], width, { soft: true }).map(plainText));
  const [first = safe``, ...rest] = narrow ? [safe``, ...rows] : rows;
  return safeText([head + first, ...rest.map((row) => indent + row)].join("\n"));
}
