/** The program itself: its version, Node, and what is installed beside it. */
import type { Doors } from "../process/doors.ts";
import { nodeProblem } from "../process/node-version.ts";
import { version } from "../process/version.ts";
import { broken, type Diagnosis, fine, note } from "./diagnosis.ts";

/** Lines about the program and what it runs on. */
export function programFindings({ platform, env }: Pick<Doors, "platform" | "env">): readonly Diagnosis[] {
  const { node, sqlite, system } = platform;
  const facts = { orch: version, node, sqlite, system };
  const problem = nodeProblem(node);
  const runs =
    problem === undefined
      ? fine("node", `Node ${node} with SQLite ${sqlite ?? "(none)"} on ${system}.`, facts)
      : broken("node", problem, "Install a newer Node.", facts);
  const found = [fine("orch", `orch ${version}.`, { version }), runs];
  if (sqlite === undefined)
    found.push(
      broken("node", "This Node has no SQLite, so nothing is kept.", "Install Node from nodejs.org."),
    );
  return [...found, ...proxyFindings(env, node)];
}

const PROXIES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/** A proxy is shown without its user and password. */
function proxyFindings(env: Doors["env"], node: string): readonly Diagnosis[] {
  const names = PROXIES.filter((name) => env[name]);
  if (names.length === 0) return [];
  const set = names.map((name) => `${name} = ${withoutUser(env[name]!)}`).join(", ");
  const facts = { proxies: names };
  if (env["NODE_USE_ENV_PROXY"] === "1") return [fine("proxy", `${set}. Node uses it.`, facts)];
  const way = "Start with NODE_USE_ENV_PROXY=1.";
  const [major = 0, minor = 0] = node.replace(/^v/, "").split(".").map(Number);
  if (major < 22 || (major === 22 && minor < 21))
    return [note("proxy", `${set}. This Node cannot use it.`, "Install Node 24 or newer.", facts)];
  return [note("proxy", `${set}. Node does not use it by itself.`, way, facts)];
}

function withoutUser(address: string): string {
  if (!URL.canParse(address)) return "(no address)";
  const { protocol, host } = new URL(address);
  return `${protocol}//${host}`;
}
