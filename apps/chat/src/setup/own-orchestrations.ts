/** The orchestrations of one's own, and whether what was made of them is what their files say. */
import type { RuntimeConfiguration } from "@orch/chat-runtime";
import type { Config } from "../config/config.ts";
import type { OwnCode } from "../config/own-code.ts";
import type { Trust } from "../config/trust.ts";
import { loadOrchestration, pathFrom, readOrchestration } from "../orchestrations/load-orchestration.ts";
import type { OrchestrationContext } from "../orchestrations/orchestration-context.ts";
import type { RowSummaries } from "./row-summaries.ts";
import type { OwnExports } from "./run-schemas.ts";

/** Makes orchestrations of the files that a configuration names. */
export class OwnOrchestrations {
  readonly #entries: NonNullable<Config["orchestrations"]>;
  readonly #root: string;
  readonly #trust: Trust;
  readonly #loaded = new Map<string, OwnCode>();
  readonly #tried = new Map<string, OwnCode>();
  readonly #summaries: RowSummaries;

  constructor(
    entries: NonNullable<Config["orchestrations"]>,
    root: string,
    trust: Trust,
    summaries: RowSummaries,
  ) {
    this.#entries = entries;
    this.#root = root;
    this.#trust = trust;
    this.#summaries = summaries;
  }

  /** Their names. Bundled ones of which only the model is set are not among them. */
  get names(): readonly string[] {
    return Object.keys(this.#entries).filter((name) => this.fileOf(name) !== undefined);
  }

  /** A file as somebody in the folder names it. */
  shown(file: string): string {
    return pathFrom(this.#root, file);
  }

  /** The file of an orchestration; `undefined` for a bundled one. */
  fileOf(name: string): string | undefined {
    return this.#entries[name]?.file;
  }

  /** Makes the orchestration `name`; its files are loaded again only when one of them changed. */
  async make(name: string, file: string, context: OrchestrationContext): Promise<RuntimeConfiguration> {
    const before = this.#loaded.get(name);
    const same = before !== undefined && !(await before.changed());
    const code = same ? before : await readOrchestration(name, file, this.#root, this.#trust);
    this.#loaded.delete(name);
    this.#tried.set(name, code);
    const configuration = await loadOrchestration(name, code, context);
    this.#loaded.set(name, code);
    this.#summaries.keep(name, await code.exports());
    return configuration;
  }

  /** The files that it was made of at the last try, imports included; none for a bundled one. */
  filesOf(name: string): readonly string[] {
    const file = this.fileOf(name);
    return file === undefined ? [] : [...new Set([file, ...(this.#tried.get(name)?.texts.keys() ?? [])])];
  }

  /** What its file exports; `undefined` for a bundled one, and one that could not be made. */
  async exportsOf(name: string, file: string): Promise<OwnExports | undefined> {
    const exports = await this.#loaded.get(name)?.exports();
    return exports && { orchestration: name, file: this.shown(file), exports };
  }

  /** Whether its files changed since it was made, or it could not be made; `undefined` for a bundled one. */
  changed(name: string): Promise<boolean> | undefined {
    if (this.fileOf(name) === undefined) return undefined;
    return this.#loaded.get(name)?.changed() ?? Promise.resolve(true);
  }
}
