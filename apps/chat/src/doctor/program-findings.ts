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
  return [...found, compiledFinding(platform.compiled, env), ...proxyFindings(env, node)];
}

/** A program that finds itself compiled starts in less time. */
function compiledFinding(folder: string | undefined, env: Doors["env"]): Diagnosis {
  if (folder !== undefined) return fine("compiled", `Compiled code is kept in ${folder}.`, { folder });
  const way = env["NODE_DISABLE_COMPILE_CACHE"]
    ? "Unset NODE_DISABLE_COMPILE_CACHE."
    : "Let your user write ~/.cache, or set XDG_CACHE_HOME.";
  return note("compiled", "The program is compiled anew at each start.", way);
}

const PROXIES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/** A proxy is shown without its user and password. */
function proxyFindings(env: Doors["env"], node: string): readonly Diagnosis[] {
  const names = PROXIES.filter((name) => env[name]);
  if (names.length === 0) return [];
  const set = names.map((name) => `${name} = ${shown(env[name]!)}`).join(", ");
  const except = ["no_proxy", "NO_PROXY"].find((name) => env[name]);
  const facts = { proxies: names, ...(except !== undefined && { except: env[except] }) };
  const [major = 0, minor = 0] = node.replace(/^v/, "").split(".").map(Number);
  if (major < 22 || (major === 22 && minor < 21))
    return [note("proxy", `${set}. This Node cannot use it.`, "Install Node 22.21, 24.5 or newer.", facts)];
  const odd = names.filter((name) => addressOf(env[name]!) === undefined);
  if (odd.length > 0) {
    const what = `${set}. ${odd.join(", ")}: not the address of an HTTP proxy, and not used.`;
    return [note("proxy", what, "Name an HTTP proxy, like http://proxy.example:3128.", facts)];
  }
  const but = except === undefined ? "" : ` and the hosts of ${except} (${env[except]})`;
  return [fine("proxy", `${set}. Used for all but this machine${but}.`, facts)];
}

/** `host:port` alone is an HTTP proxy. */
function addressOf(value: string): URL | undefined {
  const whole = value.includes("://") ? value.trim() : `http://${value.trim()}`;
  if (!URL.canParse(whole)) return undefined;
  const url = new URL(whole);
  return /^https?:$/.test(url.protocol) ? url : undefined;
}

function shown(value: string): string {
  const { protocol, host } = addressOf(value) ?? {};
  return host === undefined ? "(not shown)" : `${protocol}//${host}`;
}
