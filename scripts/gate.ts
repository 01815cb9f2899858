/** A place where a gate of the house does not hold. */
export interface Breach {
  /** What is wrong. */
  readonly key: string;
  /** Where, for whoever has to mend it: a line each. */
  readonly at: readonly string[];
}

/** Runs a gate as a program: prints what it found, and fails when that is anything. */
export function runGate(gate: string, found: readonly Breach[]): void {
  for (const { key, at } of found) console.error([key, ...at.map((line) => `    ${line}`)].join("\n"));
  if (found.length > 0) process.exitCode = 1;
  console.log(`${gate}: ${found.length === 0 ? "hold" : `${found.length} breaches`}`);
}
