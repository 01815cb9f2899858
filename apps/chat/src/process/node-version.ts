/** What is wrong with the Node that runs this, as a sentence; `undefined` where nothing is. `version` is like `v22.18.0`. */
export function nodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.slice(1).split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return undefined;
  return `orch needs Node 22.18 or newer, and this is ${version}. Install a newer Node, then start it again.`;
}
