/** How long a process takes that only imports a package, over one that imports nothing. */
import { spawn } from "node:child_process";
import { quietly } from "./apart.ts";
import { median } from "./statistics.ts";

/** What is imported, by the name of its row. */
export const imports: { readonly [name: string]: string } = {
  core: "@orch/core",
  agents: "@orch/agents",
  langgraph: "@langchain/langgraph",
  mastra: "@mastra/core/workflows",
  "mastra-agent": "@mastra/core/agent",
  xstate: "xstate",
  effect: "effect",
  ai: "ai",
  "openai-agents": "@openai/agents",
};

/** What an import costs. */
export interface Import {
  /** Over an empty process. */
  readonly milliseconds: number;
  /** Over an empty process. */
  readonly megabytes: number;
}

interface Process {
  readonly milliseconds: number;
  readonly megabytes: number;
}

/** Imports each package in fresh processes, in turn; medians, less those of an empty process. */
export async function importAll(
  names: readonly string[],
  rounds: number,
): Promise<{ readonly [name: string]: Import }> {
  const empty: Process[] = [];
  const found = new Map<string, Process[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    empty.push(await start(""));
    for (const name of names) found.get(name)!.push(await start(`await import("${imports[name]}");`));
  }
  const floor = middle(empty);
  return Object.fromEntries(
    [...found].map(([name, processes]) => {
      const { milliseconds, megabytes } = middle(processes);
      return [
        name,
        { milliseconds: milliseconds - floor.milliseconds, megabytes: megabytes - floor.megabytes },
      ];
    }),
  );
}

function middle(processes: readonly Process[]): Process {
  return {
    milliseconds: median(processes.map(({ milliseconds }) => milliseconds)),
    megabytes: median(processes.map(({ megabytes }) => megabytes)),
  };
}

/** The process ends as soon as it has told its memory: some packages keep handles open. */
async function start(code: string): Promise<Process> {
  const told = "process.stdout.write(String(process.resourceUsage().maxRSS), () => process.exit())";
  const began = performance.now();
  const child = spawn(process.execPath, ["--input-type=module", "--eval", `${code}${told}`], {
    cwd: import.meta.dirname,
    env: quietly,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  const status = await new Promise((resolve, reject) => child.once("close", resolve).once("error", reject));
  if (status !== 0) throw new TypeError(`A process that imports failed: ${code}`);
  return { milliseconds: performance.now() - began, megabytes: Number(printed) / 1_024 };
}
