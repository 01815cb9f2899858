/** What is typed to start the program, and the tools of its folder, by who started it just now. */

/** What a user types. */
export interface StartWords {
  /** The program itself: `orch`, where a shell finds it. */
  readonly orch: string;
  /** What installs the packages of a folder. */
  readonly install: string;
  /** What stands before the name of an installed tool. */
  readonly tool: string;
}

/** What each package manager types for a tool of the folder, and for a program that is not installed. */
const MANAGERS: { readonly [name: string]: { readonly tool: string; readonly once: string } } = {
  npm: { tool: "npx", once: "npx" },
  pnpm: { tool: "pnpm exec", once: "pnpm dlx" },
  yarn: { tool: "yarn", once: "yarn dlx" },
  bun: { tool: "bunx", once: "bunx" },
};

/** Where package managers keep what they run once. */
const ONCE = /\/_npx\/|\/dlx(?:-[^/]*)?\/|\/bunx-[^/]*\//;

/**
 * Says what works in a folder. A program that lies in the packages of the folder, or in a clone, is on no PATH.
 *
 * @param program the file that Node was started with, as the system names it
 * @param folder where the user stands
 * @param env its `npm_config_user_agent` begins with the name of the package manager that started the program, where one did
 */
export function startWords(
  program: string,
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): StartWords {
  const agent = env["npm_config_user_agent"] ?? "";
  const [, manager = "npm"] = /^(npm|pnpm|yarn|bun)\//.exec(agent) ?? [];
  const { tool, once } = MANAGERS[manager]!;
  const file = program.replaceAll("\\", "/");
  return {
    orch: programName(file, folder.replaceAll("\\", "/"), { tool, once }),
    install: `${manager} install`,
    tool,
  };
}

function programName(
  file: string,
  folder: string,
  { tool, once }: { readonly tool: string; readonly once: string },
): string {
  if (ONCE.test(file)) return `${once} @orch/chat`;
  const [, clone] = /^(.*)\/apps\/chat\/(?:dist|src)\/cli\.[jt]s$/.exec(file) ?? [];
  if (clone !== undefined) return folder === clone ? "npx -y pnpm@12 chat" : `node ${file}`;
  const [, owner] = /^(.*?)\/(?:node_modules|\.yarn)\//.exec(file) ?? [];
  const isOwn = owner !== undefined && (folder === owner || folder.startsWith(`${owner}/`));
  return isOwn ? `${tool} orch` : "orch";
}
