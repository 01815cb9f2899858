/**
 * The orchestrations of a folder as a server offers them: each as a chat, and as typed runs where it takes more than a conversation.
 * Both are made of the same code, which is read again when its files changed and `watch` says so.
 */
import type { RuntimeConfiguration } from "@orch/chat-runtime";
import type { ChatOffer, OrchestrationOffer } from "@orch/server";
import { errorSentence } from "../headless/error-sentence.ts";
import { descriptions, type Setup } from "../setup/compose.ts";
import type { OwnExports } from "../setup/run-schemas.ts";
import { typedOffer } from "./typed-offer.ts";

/** Typed runs as they are offered now. */
export interface OfferedRuns {
  readonly offers: { readonly [name: string]: OrchestrationOffer };
  /** Whether they are others than before. */
  readonly isNew: boolean;
  /** What could not be offered and was not said before, as sentences. */
  readonly problems: readonly string[];
}

/** Bundled ones that are conversations by nature. Nothing is made of them before a message comes. */
const CONVERSATIONS: readonly string[] = ["chat", "triage"];

/** The orchestrations of one folder. */
export class ServedFolder {
  readonly #setup: Setup;
  readonly #watch: boolean;
  readonly #made = new Map<string, Promise<RuntimeConfiguration>>();
  readonly #typed = new Map<
    string,
    { readonly of: RuntimeConfiguration; readonly offer: OrchestrationOffer | undefined }
  >();
  readonly #said = new Map<string, string>();
  #offered = "";

  constructor(setup: Setup, watch: boolean) {
    this.#setup = setup;
    this.#watch = watch;
  }

  /** The public names, each with the name in the folder: those that the configuration names, or all. */
  get #names(): readonly (readonly [string, string])[] {
    const { serve } = this.#setup.config.config;
    return Object.entries(
      serve?.orchestrations ?? Object.fromEntries(this.#setup.orchestrations.map((name) => [name, name])),
    );
  }

  /** Each as a chat. */
  chats(): { readonly [name: string]: ChatOffer } {
    return Object.fromEntries(
      this.#names.map(([shown, name]) => {
        const offer: ChatOffer = {
          configuration: () => this.#configuration(name),
          ...this.#description(name),
        };
        return [shown, offer];
      }),
    );
  }

  /** Those that can be started with a typed input. What cannot be loaded any more stays as it was. */
  async runs(): Promise<OfferedRuns> {
    const problems: string[] = [];
    const offers: { [name: string]: OrchestrationOffer } = {};
    const ids = new Map<string, string>();
    let marks = "";
    // One's own go first: a copy of a bundled one has its id, and takes its place.
    const isOwn = (name: string): number => (this.#setup.own.fileOf(name) === undefined ? 1 : 0);
    for (const [shown, name] of this.#names.toSorted(([, a], [, b]) => isOwn(a) - isOwn(b))) {
      const offer = await this.#typedOf(shown, name, problems);
      if (offer === undefined) continue;
      const { id } = offer.orchestration;
      const other = ids.get(id);
      if (other === undefined) {
        ids.set(id, shown);
        offers[shown] = offer;
        marks += `${shown} ${this.#markOf(offer)}\n`;
      } else this.#say(shown, `It has the id "${id}", as ${other} has, which is offered.`, problems);
    }
    const isNew = marks !== this.#offered;
    this.#offered = marks;
    return { offers, isNew, problems };
  }

  async #typedOf(shown: string, name: string, problems: string[]): Promise<OrchestrationOffer | undefined> {
    const isOwn = this.#setup.own.fileOf(name) !== undefined;
    if (!isOwn && CONVERSATIONS.includes(name)) return undefined;
    const before = this.#typed.get(name);
    try {
      if (!/^[\w-]{1,64}$/.test(shown)) {
        this.#say(shown, "A name for typed runs has letters, digits, _ and -.", problems);
        return undefined;
      }
      const made = await this.#configuration(name);
      if (before?.of === made) return before.offer;
      const offer = typedOffer(made, await this.#exportsOf(name), this.#description(name));
      this.#typed.set(name, { of: made, offer });
      this.#said.delete(shown);
      return offer;
    } catch (error) {
      this.#say(shown, errorSentence(error), problems);
      return before?.offer;
    }
  }

  async #exportsOf(name: string): Promise<OwnExports | undefined> {
    const { own } = this.#setup;
    const file = own.fileOf(name);
    return file === undefined ? undefined : own.exportsOf(name, file);
  }

  #say(shown: string, problem: string, problems: string[]): void {
    if (this.#said.get(shown) === problem) return;
    this.#said.set(shown, problem);
    problems.push(`"${shown}" is not offered as typed runs: ${problem}`);
  }

  readonly #marks = new WeakMap<OrchestrationOffer, number>();
  #count = 0;

  #markOf(offer: OrchestrationOffer): number {
    const mark = this.#marks.get(offer) ?? ++this.#count;
    this.#marks.set(offer, mark);
    return mark;
  }

  #description(name: string): { readonly description?: string } {
    const { orchestrations = {} } = this.#setup.config.config;
    const description = orchestrations[name]?.description ?? descriptions[name];
    return description === undefined ? {} : { description };
  }

  /** What answers, made when it is first asked for, and again when its files changed. */
  async #configuration(name: string): Promise<RuntimeConfiguration> {
    const known = this.#made.get(name);
    if (this.#watch && known !== undefined && (await this.#setup.changed(name)) !== undefined)
      if (this.#made.get(name) === known)
        // Another request may have been quicker.
        this.#made.delete(name);
    let made = this.#made.get(name);
    if (made === undefined) {
      made = this.#setup
        .compose({ ...this.#setup.choice, orchestration: name })
        .then(({ configuration }) => configuration);
      this.#made.set(name, made);
    }
    try {
      return await made;
    } catch (error) {
      if (this.#made.get(name) === made) this.#made.delete(name);
      throw error;
    }
  }
}
