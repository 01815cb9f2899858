/** The public doors of a checkout, loaded by name: the old commit writes with its own code, and the tests with theirs. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** What flows and sessions are made with. The types are those of this tree. */
export interface Modules {
  readonly core: typeof import("@orch/core");
  readonly agents: typeof import("@orch/agents");
  readonly chat: typeof import("@orch/chat-runtime");
  readonly sqlite: typeof import("@orch/sqlite");
  readonly sessions: typeof import("@orch/sqlite/sessions");
  readonly testing: typeof import("@orch/testing");
  readonly zod: typeof import("zod");
}

/** Loads the packages of a checkout whose dependencies are installed. Node runs with `--conditions=@orch/source`. */
export async function modulesOf(checkout: string): Promise<Modules> {
  const door = createRequire(join(checkout, "package.json"));
  const load = async <TModule>(name: string): Promise<TModule> =>
    (await import(pathToFileURL(door.resolve(name)).href)) as TModule;
  return {
    core: await load("@orch/core"),
    agents: await load("@orch/agents"),
    chat: await load("@orch/chat-runtime"),
    sqlite: await load("@orch/sqlite"),
    sessions: await load("@orch/sqlite/sessions"),
    testing: await load("@orch/testing"),
    zod: await load("zod"),
  };
}
