/**
 * What a newcomer does with `npm create orch`: makes each template from the registry, then checks its types, runs its tests and
 * starts it, with one command each and without a network.
 */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run, start, stopping } from "./processes.mjs";

/** Nobody listens there: what still asks the registry fails. */
const OFFLINE = { npm_config_registry: "http://127.0.0.1:9/", HTTPS_PROXY: "http://127.0.0.1:9/" };

/** Each template, and how it is started. `use` complains in a sentence, or not at all. */
export const templates = [
  {
    name: "chat",
    use: async (folder, home) => {
      const said = await run("npm", ["start", "--silent", "--", "-p", "--orc", "hello", "Ada"], folder, home);
      return said === "Hello, Ada!\n" ? undefined : `The chat said ${JSON.stringify(said)}.`;
    },
  },
  {
    name: "library",
    use: async (folder, home) => {
      const said = await run("npm", ["start", "--silent"], folder, home);
      return said.includes("three minutes") ? undefined : `The program said ${JSON.stringify(said)}.`;
    },
  },
  { name: "server", use: useServer },
  { name: "next" },
];

/** Makes a template in an empty folder of `scratch` and uses it as its README says. */
export async function tryTemplate({ name, use }, scratch, whole) {
  const folder = mkdtempSync(join(scratch, "newcomer-"));
  const home = homeIn(folder);
  const isShort = name === "next" && !whole;
  const flags = ["--template", name, ...(isShort ? ["--no-install"] : [])];
  await run("npm", ["create", "orch@latest", "mine", "--", ...flags], folder, home);
  const mine = join(folder, "mine");
  if (isShort) await installWithoutNext(mine, home);
  await run("npm", ["run", "check"], mine, { ...home, ...OFFLINE });
  await run("npm", ["test"], mine, { ...home, ...OFFLINE });
  const complaint =
    name === "next" ? await (whole && useNext(mine, home)) : await use(mine, { ...home, ...OFFLINE });
  if (complaint) throw new Error(complaint);
}

function homeIn(folder) {
  const home = join(folder, "home");
  mkdirSync(home);
  return {
    HOME: home,
    XDG_CONFIG_HOME: home,
    XDG_DATA_HOME: home,
    XDG_STATE_HOME: home,
    XDG_CACHE_HOME: home,
    NEXT_TELEMETRY_DISABLED: "1",
  };
}

/** Next.js is 300 MB, of which the types and the test use one declaration. */
async function installWithoutNext(folder, home) {
  const file = join(folder, "package.json");
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  delete manifest.dependencies.next;
  writeFileSync(file, JSON.stringify(manifest));
  await run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], folder, home);
  const stub = join(folder, "node_modules/next");
  mkdirSync(stub);
  writeFileSync(join(stub, "package.json"), '{ "name": "next", "version": "0.0.0" }');
  writeFileSync(join(stub, "navigation.d.ts"), "export declare function redirect(url: string): never;\n");
}

/** Starts a run, answers what it asks, reads its report, and ends the server with Ctrl-C. */
async function useServer(folder, env) {
  const child = start("npm", ["start", "--silent"], folder, { ...env, PORT: "0" });
  const url = await told(child, /listens on (\S+)/);
  const post = (path, body) =>
    fetch(`${url}${path}`, { method: "POST", body: JSON.stringify(body) }).then((reply) => reply.text());
  const read = (path) => fetch(`${url}${path}`).then((reply) => reply.text());
  const wish = { orchestration: "research", input: "When are the roses cut?" };
  const { run: id } = JSON.parse(await post("/v1/runs", wish));
  const asked = await answered(`${url}/sse/runs/${id}`, /"question":"([^"]+)"/);
  await post(`/v1/runs/${id}/answers`, { question: asked, answer: true });
  await answered(`${url}/sse/runs/${id}`, /"type":"(run\.completed)"/);
  const events = await read(`/v1/runs/${id}/events`);
  child.end("SIGINT");
  const code = await child.ended;
  if (!events.includes("early spring")) return `The server told:\n${events}`;
  // Ctrl-C reaches npm too, which ends by the signal once the server has ended.
  return [0, 130, -1].includes(code) ? undefined : `The server ended with ${code}:\n${child.output}`;
}

/** Builds it, serves it, and asks the page and the route. */
async function useNext(folder, env) {
  await run("npm", ["run", "build"], folder, env);
  const child = start("npx", ["--no-install", "next", "start", "--port", "0"], folder, env);
  const url = await told(child, /(http:\/\/localhost:\d+)/);
  const page = await fetch(url, { redirect: "manual" });
  const asked = await fetch(`${url}/ai-sdk/chat`, {
    method: "POST",
    body: JSON.stringify({
      id: "first",
      messages: [{ id: "m1", role: "user", parts: [{ type: "text", text: "When are the roses cut?" }] }],
    }),
  });
  const text = await asked.text();
  child.end("SIGINT");
  await child.ended;
  if (page.status !== 307) return `The page answered with ${page.status}.`;
  return text.includes("Write a report from 2 findings?") ? undefined : `The route told:\n${text}`;
}

/** The first group of a pattern in what a program prints; fails when it ends without. */
async function told(child, pattern) {
  return new Promise((resolve, reject) => {
    const look = () => {
      const found = pattern.exec(child.output)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on("data", look);
    void child.ended.then((code) => reject(new Error(`It ended with ${code}:\n${child.output}`)));
  });
}

/** Reads a stream of events until the pattern is there; gives its first group. */
async function answered(url, pattern) {
  const { body } = await fetch(url, { signal: stopping });
  let text = "";
  for await (const part of body.pipeThrough(new TextDecoderStream())) {
    text += part;
    const found = pattern.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  throw new Error(`The stream ended without ${pattern}:\n${text}`);
}
