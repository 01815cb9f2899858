/** What is configured: files, trust, the model that answers, and keys. A key is never shown. */
import { listProviders, type ModelsConfig } from "@orch/agents";
import { failureWords } from "../errors/failure-words.ts";
import type { Doors } from "../process/doors.ts";
import type { Setup } from "../setup/compose.ts";
import { trustFacts, waitingFor } from "../trust/trust-facts.ts";
import { broken, type Diagnosis, fine, note } from "./diagnosis.ts";

/** Lines about the configuration of a folder. No code that is not trusted runs. */
export async function configFindings(setup: Setup, { env, programs }: Doors): Promise<readonly Diagnosis[]> {
  const { config, notices } = setup;
  const layers = [...new Set([...config.origins.values()].flat().map(({ layer }) => layer))];
  const found: Diagnosis[] = [fine("config", `Settings come from ${layers.join(", ")}.`, { layers })];
  const waiting = waitingFor(await trustFacts(config, setup.trust));
  for (const notice of notices) if (notice !== config.foreign?.warning) found.push(note("config", notice));
  if (waiting.length > 0)
    found.push(
      note(
        "trust",
        `Not trusted, so it does not hold: ${waiting.map(({ name }) => name.replace(/#settings$/, "")).join(", ")}.`,
        "orch config trust shows it; the chat asks about it.",
      ),
    );
  found.push(...(await answerFindings(setup)), ...providerFindings(setup, env));
  found.push(await gitFinding(setup.folder, programs));
  return found;
}

/** Whether what answers can be made; nothing is asked of a provider. */
async function answerFindings(setup: Setup): Promise<readonly Diagnosis[]> {
  const { orchestration, model } = setup.choice;
  const says = `${orchestration} with ${model} answers.`;
  try {
    const { asksModel } = await setup.compose(setup.choice);
    if (!asksModel)
      return [fine("model", `${orchestration} answers, and asks for no model.`, { orchestration })];
  } catch (error) {
    const { says: why, fix = "Choose another by --model or --orc." } = failureWords(error);
    return [broken("model", `${orchestration} with ${model} cannot answer. ${why}`, fix)];
  }
  if (setup.modelHint !== undefined)
    return [note("model", `${says} It quotes your files, and is no language model.`, setup.modelHint)];
  return [fine("model", says, { orchestration, model })];
}

function providerFindings({ config }: Setup, env: Doors["env"]): readonly Diagnosis[] {
  const { providers = {}, models = {} } = config.config as ModelsConfig;
  const all = listProviders({ providers, models }, { env });
  const facts = { providers: all };
  const keyed = all.filter(({ key }) => key !== undefined);
  const missing = all.filter(({ needsKey, key }) => needsKey && key === undefined);
  const own = all.filter(({ needsKey, key, kind }) => !needsKey && key === undefined && kind !== undefined);
  const says = [
    keyed.length === 0
      ? "No provider has a key."
      : `Keys: ${keyed.map(({ name, key, keyVariable }) => `${name} (${key === "environment" ? keyVariable : key})`).join(", ")}.`,
    own.length === 0 ? "" : `Without a key: ${own.map(({ name }) => name).join(", ")}.`,
    missing.length === 0 ? "" : `Not set: ${missing.map(({ keyVariable }) => keyVariable).join(", ")}.`,
  ];
  return [fine("providers", says.filter(Boolean).join(" "), facts)];
}

async function gitFinding(folder: string, programs: Doors["programs"]): Promise<Diagnosis> {
  const list = ["-c", "core.fsmonitor=false", "ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const told = await programs.read("git", list, folder);
  if (told !== undefined) {
    const count = told.split("\0").length - 1;
    return fine("git", `git lists ${count} ${count === 1 ? "file" : "files"} here, which @ completes.`);
  }
  const version = await programs.read("git", ["--version"], folder);
  return version === undefined
    ? note("git", "git cannot be started, so @ offers the text files that the tools find.", "Install git.")
    : note("git", "This folder is no git repository, so @ offers the text files that the tools find.");
}
