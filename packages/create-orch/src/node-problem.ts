/** What is wrong with a Node of this version, as a sentence; `undefined` where nothing is. `version` is like `22.18.0`. */
export function nodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return undefined;
  return `Orch needs Node 22.18 or newer, and this is ${version}: install a newer one from https://nodejs.org, then run the same command.`;
}
