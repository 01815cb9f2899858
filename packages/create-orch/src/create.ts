/** Makes a project: reads what is wanted, writes it, installs its packages, says how to go on. */
import { isAbsolute, join, relative, resolve } from "node:path";
import { type Args, HELP, readArgs } from "./args.ts";
import type { CreateDoors } from "./create-doors.ts";
import { folderProblem } from "./folder-problem.ts";
import { TEMPLATE_NAMES, TEMPLATES, type TemplateName } from "./template.ts";
import { type WrittenProject, writeProject } from "./written-project.ts";

/** Runs the program; gives its exit code: 0, also for who leaves at the question, 1 for what failed, 2 for what was asked wrongly, 130 for what was stopped. */
export async function create(argv: readonly string[], doors: CreateDoors): Promise<number> {
  const args = readArgs(argv);
  if (typeof args === "string") return refuse(doors, args, 2);
  if (args.only !== undefined) {
    doors.print(args.only === "help" ? HELP : `${doors.version}\n`);
    return 0;
  }
  if (args.template === undefined && doors.choose === undefined)
    return refuse(doors, `Say which template: add -- --template ${TEMPLATE_NAMES.join(", ")}.`, 2);
  // Before the question: who has answered it wants no other refusal than one about the answer.
  const early =
    args.folder === undefined ? undefined : await folderProblem(resolve(doors.folder, args.folder));
  if (early !== undefined) return refuse(doors, early, 2);
  const template = args.template ?? (await doors.choose?.());
  if (doors.interrupted.aborted) return stopped(doors);
  if (template === undefined) return left(doors);
  const folder = resolve(doors.folder, args.folder ?? `orch-${template}`);
  const problem = await folderProblem(folder);
  if (problem !== undefined) return refuse(doors, problem, 2);
  const source = join(doors.templates, template);
  const project = await writeProject(source, folder, doors.manager, doors.interrupted);
  if (typeof project === "string") return refuse(doors, project, 1);
  return finish(project, template, args, doors);
}

async function finish(
  project: WrittenProject,
  template: TemplateName,
  args: Args,
  doors: CreateDoors,
): Promise<number> {
  if (doors.interrupted.aborted) return takeBack(project, doors);
  const name = shown(project.folder, doors.folder);
  doors.print(`Made ${name} from the template ${template}: ${project.files.length} files.\n`);
  if (!args.install) {
    doors.print(nextSteps(template, name, doors.manager, [`${doors.manager} install`]));
    return 0;
  }
  doors.print(`Installing with ${doors.manager} ...\n`);
  const installed = await doors.install(project.folder, doors.interrupted);
  if (doors.interrupted.aborted) return takeBack(project, doors);
  if (!installed.ok) return refuse(doors, failedInstall(name, doors.manager, installed.text), 1);
  doors.print(nextSteps(template, name, doors.manager, []));
  return 0;
}

/** What the user sees of a folder: the way from where they stand, when that is shorter. */
function shown(folder: string, from: string): string {
  const way = relative(from, folder);
  return way === "" ? "." : way.startsWith("..") || isAbsolute(way) ? folder : way;
}

function nextSteps(template: TemplateName, name: string, manager: string, before: readonly string[]): string {
  const scripts = TEMPLATES[template].scripts.map(
    ([script, about]) => `${`${manager} run ${script}`.padEnd(18)} ${about}`,
  );
  const lines = [...(name === "." ? [] : [`cd ${name}`]), ...before, ...scripts];
  return `\n${lines.map((line) => `  ${line}\n`).join("")}\nREADME.md says more.\n`;
}

const NO_NETWORK =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|network/;

function failedInstall(name: string, manager: string, text: string): string {
  const again = `run "${manager} install"${name === "." ? "" : ` in ${name}`}`;
  if (NO_NETWORK.test(text))
    return `All files are written, but ${manager} did not reach the registry: ${again} when there is a network.`;
  const said = text.trim().split("\n").slice(-12).join("\n");
  return `${said}\nAll files are written, but ${manager} did not install the packages: mend what it says above, then ${again}.`;
}

function refuse(doors: CreateDoors, sentence: string, code: number): number {
  if (doors.interrupted.aborted) return stopped(doors);
  doors.complain(`${sentence}\n`);
  return code;
}

async function takeBack(project: WrittenProject, doors: CreateDoors): Promise<number> {
  await project.remove();
  return stopped(doors);
}

/** Who leaves at the question has answered it. Nothing failed: npm would add five lines about a code that is not 0. */
function left(doors: CreateDoors): number {
  doors.print("\nNothing was made.\n");
  return 0;
}

function stopped(doors: CreateDoors): number {
  doors.complain("\nStopped; nothing was made.\n");
  return 130;
}
