import { nearestName, type ProviderSummary } from "@orch/agents";
import type { ProviderEntry } from "../sessions/user-settings.ts";
import { type SafeText, safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { noticeEntry } from "../transcript/entry.ts";
import type { Command, Desk } from "./command.ts";

type ConnectDesk = Pick<Desk, "print" | "ask" | "change" | "settings" | "models" | "orchestration">;
/** What answers by itself without a model, and what with one. */
const ALONE = "research";
const WITH_MODEL = "chat";

/** Thrown by a question that the user left, and caught by the command alone. */
const LEFT = Symbol("left");
const OWN = "another server (OpenAI-compatible)";
/** Providers that need no setting up, or that only code can set up. */
const WITHOUT: ReadonlySet<string> = new Set(["local", "ai-sdk"]);
const NAME = /^[a-z][a-z0-9-]{0,30}$/;
const VARIABLE = /^\$?([A-Z][A-Z0-9_]{2,})$/;

/** `/connect [provider]` */
export function connectCommand(desk: ConnectDesk): Command {
  return {
    name: "connect",
    usage: "/connect [provider]",
    description: "set up a provider: its address, its key, a first call",
    when: "idle",
    values: () => known(desk).map(({ name }) => ({ value: name })),
    run: async (argument) => {
      try {
        await connect(desk, argument);
      } catch (error) {
        if (error !== LEFT) throw error;
        desk.print(noticeEntry(safe`Nothing was kept.`, "skipped"));
      }
    },
  };
}

async function connect(desk: ConnectDesk, argument: string): Promise<void> {
  const provider = await providerOf(desk, argument);
  const name = provider?.name ?? (await nameOf(desk));
  const address = await addressOf(desk, provider);
  const model = await modelOf(desk, name);
  for (;;) {
    const key = await keyOf(desk, provider, name, address);
    const entry: ProviderEntry = { ...address, ...key };
    if (!(await answers(desk, name, entry, model))) continue;
    // An empty entry would cover what stands in another file.
    if (Object.keys(entry).length > 0) {
      await desk.settings.connect(name, entry);
      say(desk, keptWords(desk, name, entry), "done");
    }
    // So that /model offers it from now on; what a file says of it stays.
    if (!desk.models.some(({ id }) => id === `${name}/${model}`))
      await desk.settings.keep(["models", `${name}/${model}`], {});
    if (
      await agrees(desk, safe`Shall ${safeText(`${name}/${model}`)} answer from now on? y or n, Enter: y`)
    ) {
      const follows = desk.orchestration === ALONE && !desk.settings.isChosen("orchestration");
      await desk.change({ model: `${name}/${model}`, ...(follows && { orchestration: WITH_MODEL }) });
      await desk.settings.keep(["model"], `${name}/${model}`);
    }
    return;
  }
}

function known({ settings }: ConnectDesk): readonly ProviderSummary[] {
  return settings.providers().filter(({ kind }) => kind !== undefined && !WITHOUT.has(kind));
}

/** The provider that is meant; `undefined` for a server of one's own. */
async function providerOf(desk: ConnectDesk, argument: string): Promise<ProviderSummary | undefined> {
  const providers = known(desk);
  const choices = [
    ...providers.map(({ name, key }) => (key === undefined ? name : `${name}, which has a key`)),
    OWN,
  ];
  let said = argument;
  for (;;) {
    if (said !== "") {
      const number = /^\d+$/.test(said) ? Number(said) : undefined;
      if (number === choices.length) return undefined;
      const found =
        number === undefined ? providers.find(({ name }) => name === said) : providers[number - 1];
      if (found !== undefined) return found;
      const near = nearestName(
        said,
        providers.map(({ name }) => name),
      );
      const hint = near === undefined ? safe`Choose one of the list.` : safe`Did you mean ${safeText(near)}?`;
      say(desk, safe`There is no provider ${visibleText(said)}. ${hint}`, "warning");
    }
    said = await answerOf(desk, { text: safe`Which provider? Its number or its name`, choices });
  }
}

/** The name of a server of one's own. */
async function nameOf(desk: ConnectDesk): Promise<string> {
  const taken = desk.settings.providers().map(({ name }) => name);
  for (;;) {
    const name = await answerOf(desk, {
      text: safe`What is the server called here? Like house, for house/llama`,
    });
    if (!NAME.test(name)) say(desk, safe`A name has lower-case letters, digits and dashes.`, "warning");
    else if (taken.includes(name))
      say(desk, safe`${safeText(name)} is there already: /connect ${safeText(name)} changes it.`, "warning");
    else return name;
  }
}

async function addressOf(desk: ConnectDesk, provider: ProviderSummary | undefined): Promise<ProviderEntry> {
  if (provider !== undefined && provider.kind !== "openai-compatible") return {};
  const origin = provider?.origin;
  // The home of a service is not asked for, that of a server on a machine is, and an address that each customer has.
  if (origin !== undefined && provider?.needsKey === true) return {};
  const hint =
    origin === undefined ? safe`Like http://127.0.0.1:8000/v1` : safe`Enter: ${safeText(origin)}, as it is`;
  for (;;) {
    const said = await answerOf(desk, { text: safe`At which address, with its version? ${hint}` });
    if (said === "" && origin !== undefined) return {};
    const problem = addressProblem(said);
    if (problem === undefined) return { kind: "openai-compatible", baseURL: said };
    say(desk, problem, "warning");
  }
}

function addressProblem(said: string): SafeText | undefined {
  const url = URL.canParse(said) ? new URL(said) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol))
    return safe`That is no address: it begins with http:// or https://.`;
  if (url.username !== "" || url.password !== "")
    return safe`An address has no password in it; the key is asked for next.`;
  const isHere = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url.protocol === "http:" && !isHere)
    return safe`Over http:// a key could be read on its way to ${safeText(url.hostname)}. Give an https:// address, or write the provider into your config.json.`;
  return undefined;
}

async function modelOf(desk: ConnectDesk, name: string): Promise<string> {
  const first = desk.settings.firstModel(name);
  const hint =
    first === undefined ? safe`Its name, as the provider writes it` : safe`Enter: ${safeText(first)}`;
  for (;;) {
    const said = await answerOf(desk, { text: safe`Which model? ${hint}` });
    // The name with its provider, as it is written elsewhere.
    const model = said.startsWith(`${name}/`) ? said.slice(name.length + 1) : said;
    if (model === "" && first !== undefined) return first;
    if (model !== "" && !/\s/.test(model)) return model;
    say(desk, safe`A model has a name without spaces.`, "warning");
  }
}

/** The key, or the variable with it. Only the question itself ever holds what is typed. */
async function keyOf(
  desk: ConnectDesk,
  provider: ProviderSummary | undefined,
  name: string,
  address: ProviderEntry,
): Promise<ProviderEntry> {
  const needsKey = provider?.needsKey ?? false;
  const variable = provider?.keyVariable ?? `${name.toUpperCase().replaceAll("-", "_")}_API_KEY`;
  const found = provider?.key;
  // A folder that is trusted may have given the provider another address than one thinks.
  const origin = address.baseURL === undefined ? provider?.origin : new URL(address.baseURL).origin;
  const to = origin === undefined ? safe`` : safe`, which is sent to ${safeText(origin)} alone`;
  const without =
    found !== undefined
      ? safe`Enter: the one that is there${found === "environment" ? safe`, in ${safeText(variable)}` : safe``}`
      : needsKey
        ? safe`$NAME stands for the variable that holds it`
        : safe`Enter: none`;
  for (;;) {
    const said = await answerOf(desk, {
      text: safe`The key of ${safeText(name)}${to}. What you type is not shown. ${without}`,
      hidden: true,
    });
    const named = VARIABLE.exec(said)?.[1];
    if (said === "" && (!needsKey || found !== undefined)) return {};
    if (said.startsWith("$") && named !== undefined) return { apiKeyEnv: named };
    if (/^[\u0021-\u007e]{8,}$/.test(said)) return { apiKey: said };
    say(
      desk,
      safe`That is no key: it is shorter than 8 characters, or has spaces or signs in it that no key has.`,
      "warning",
    );
  }
}

/** Calls the provider once, and says what came of it. False: the key is asked for again. */
async function answers(
  desk: ConnectDesk,
  name: string,
  entry: ProviderEntry,
  model: string,
): Promise<boolean> {
  for (;;) {
    say(desk, safe`Calling ${safeText(`${name}/${model}`)} ...`, "dim");
    const problem = await desk.settings.tryProvider(name, entry, model);
    if (problem === undefined) {
      say(desk, safe`${safeText(`${name}/${model}`)} answers.`, "done");
      return true;
    }
    const what = problem.isKey ? safe`The key was refused` : safe`The call failed`;
    say(desk, safe`${what}: ${safeText(problem.says)}`, "failed");
    const next = await afterFailure(desk);
    if (next !== "again") return next === "keep";
  }
}

async function afterFailure(desk: ConnectDesk): Promise<"key" | "again" | "keep"> {
  const choices = ["another key", "the same again", "keep it all the same"];
  for (;;) {
    // Hidden, because who was told that a key is wrong may type the right one here.
    const said = await answerOf(desk, { text: safe`What now? 1, 2 or 3`, choices, hidden: true });
    const next = { 1: "key", 2: "again", 3: "keep" } as const;
    if (said === "1" || said === "2" || said === "3") return next[said];
    say(desk, safe`That is none of them. After 1 the key is asked for.`, "warning");
  }
}

function keptWords({ settings }: ConnectDesk, name: string, { apiKey }: ProviderEntry): SafeText {
  const { file } = settings;
  if (file === undefined)
    return safe`${safeText(name)} is set up until the chat ends: --no-session keeps nothing.`;
  const key = apiKey === undefined ? safe`` : safe` with its key; only you can read that file`;
  return safe`${safeText(name)} is set up in ${visibleText(file)}${key}.`;
}

async function agrees(desk: ConnectDesk, text: SafeText): Promise<boolean> {
  for (;;) {
    const said = (await answerOf(desk, { text })).toLowerCase();
    if (["", "y", "yes"].includes(said)) return true;
    if (["n", "no"].includes(said)) return false;
    say(desk, safe`y or n.`, "warning");
  }
}

/** Asks, and ends the whole command when the user leaves. */
async function answerOf(desk: ConnectDesk, question: Parameters<Desk["ask"]>[0]): Promise<string> {
  const said = await desk.ask(question);
  if (said === undefined) throw LEFT;
  return said;
}

function say(desk: ConnectDesk, text: SafeText, tone: Parameters<typeof noticeEntry>[1]): void {
  desk.print(noticeEntry(text, tone));
}
