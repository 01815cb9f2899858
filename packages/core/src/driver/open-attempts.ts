/** The attempts of a run: which are under way, and what they were given and left. */

import type { Codec } from "../durable/codec.ts";
import type { Json } from "../durable/json.ts";
import { errorJson } from "../durable/revive.ts";
import type { Activation } from "../kernel/activation.ts";
import { dossiersAt } from "../kernel/dossier.ts";
import type { Effect, Operation } from "./effect.ts";

/** A runnable that is open, over all its attempts. */
export interface OpenAttempt {
  readonly activation: Activation;
  /** The id of the latest operation of this attempt. */
  id: string;
  /** How often the present attempt was entered, from 1: again with each answer. */
  entry: number;
  state: "running" | "asking" | "pausing";
  readonly notes: (readonly [name: string, value?: Json])[];
  /** Answers that no outcome has told of, by name. */
  readonly answers: Map<string, Json>;
  /** The names of the answers that the latest operation carries. */
  given: ReadonlySet<string>;
  /** Whether the driver was told to abort it. */
  isAborted: boolean;
}

/** The open attempts of a run, and the shared state that they are given, as plain data. */
export interface AttemptsForm {
  readonly a: readonly AttemptForm[];
  /** The writes to shared state that count. */
  readonly s: readonly Json[];
}

/** A runnable that is open. */
interface AttemptForm extends Pick<OpenAttempt, "id" | "entry" | "notes" | "state"> {
  readonly path: string;
  readonly answers: readonly (readonly [name: string, answer: Json])[];
  readonly given: readonly string[];
}

/** Keeps the open attempts of one run. */
export class OpenAttempts {
  readonly #runId: string;
  readonly #codec: Codec;
  readonly #byPath = new Map<string, OpenAttempt>();
  /** The writes to shared state that count. */
  #state: Json[] = [];

  constructor(runId: string, codec: Codec) {
    this.#runId = runId;
    this.#codec = codec;
  }

  /** All of them as plain data; `undefined` while one is not wanted any more. */
  get form(): AttemptsForm | undefined {
    const a: AttemptForm[] = [];
    for (const [path, { id, entry, notes, state, isAborted, ...open }] of this.#byPath) {
      if (isAborted) return undefined;
      a.push({ path, id, entry, notes, state, answers: [...open.answers], given: [...open.given] });
    }
    return { a, s: this.#state };
  }

  /** Goes on with attempts as they were kept, of the operations at these paths; gives them. */
  restore({ a, s }: AttemptsForm, operations: ReadonlyMap<string, Activation>): readonly OpenAttempt[] {
    this.#state = [...s];
    return a.map(({ path, id, entry, notes, state, answers, given }) => {
      const open = Object.assign(this.open(operations.get(path)!), { id, entry, state });
      open.notes.push(...notes);
      for (const [name, answer] of answers) open.answers.set(name, answer);
      open.given = new Set(given);
      return open;
    });
  }

  open(activation: Activation): OpenAttempt {
    const attempt: OpenAttempt = {
      activation,
      id: "",
      entry: 0,
      state: "running",
      notes: [],
      answers: new Map(),
      given: new Set(),
      isAborted: false,
    };
    this.#byPath.set(activation.path, attempt);
    return attempt;
  }

  /** The running attempt whose operation has this id. */
  find(id: string): OpenAttempt | undefined {
    const path = id.slice(0, id.lastIndexOf("@"));
    const found = this.#byPath.get(path);
    return found?.id === id && found.state === "running" ? found : undefined;
  }

  at(path: string): OpenAttempt | undefined {
    return this.#byPath.get(path);
  }

  close({ path }: Activation): void {
    this.#byPath.delete(path);
  }

  /** Attempts that their run has dropped, and that were not aborted yet. */
  *toAbort(): Iterable<OpenAttempt> {
    for (const attempt of this.#byPath.values()) {
      if (attempt.isAborted || attempt.activation.reason === undefined) continue;
      attempt.isAborted = true;
      yield attempt;
    }
  }

  /** Asks for an attempt to be performed. Throws when its input cannot be kept as JSON. */
  enter(open: OpenAttempt): Effect {
    const { answers } = open;
    const { path, attempt } = open.activation;
    open.entry += 1;
    open.state = "running";
    open.given = new Set(answers.keys());
    open.id = `${path}@${attempt}${open.entry === 1 ? "" : `.${open.entry}`}`;
    return this.perform(open);
  }

  /** Asks once more for an attempt that is under way, by what is known now. */
  perform(open: OpenAttempt): Effect {
    const { activation, notes } = open;
    const { path, visit, attempt } = activation;
    const answers = [...open.answers].filter(([name]) => open.given.has(name));
    const chosen = this.#chosen(activation);
    const operation: Operation = {
      id: open.id,
      runId: this.#runId,
      path,
      visit,
      attempt,
      ...this.#input(activation),
      ...(notes.length === 0 ? {} : { notes: [...notes] }),
      ...(answers.length === 0 ? {} : { answers }),
      ...(this.#state.length === 0 ? {} : { state: [...this.#state] }),
      ...(chosen.length === 0 ? {} : { chosen }),
      ...this.#dossiers(activation),
    };
    return { kind: "run", id: open.id, operation };
  }

  /** Remembers committed writes. A replacement drops the writes before it. */
  commit(writes: readonly Json[]): void {
    for (const write of writes as readonly (readonly Json[])[]) {
      const [state, key, kind] = write;
      if (kind === "set") {
        this.#state = this.#state.filter((one) => {
          const [ofState, ofKey] = one as readonly Json[];
          return ofState !== state || ofKey !== key;
        });
      }
      this.#state.push(write);
    }
  }

  #dossiers(activation: Activation): Pick<Operation, "dossiers"> {
    const dossiers = dossiersAt(activation);
    if (dossiers.size === 0) return {};
    const all = [...dossiers].map(
      ([id, { fields }]) => [id, this.#codec.encode(fields, `the dossier "${id}"`) ?? null] as const,
    );
    return { dossiers: Object.fromEntries(all) };
  }

  #input({ input, runnable }: Activation): Pick<Operation, "input" | "failure"> {
    if (input instanceof Error) return { failure: errorJson(input) };
    const json = this.#codec.encode(input, `the input of "${runnable.id}"`);
    return json === undefined ? {} : { input: json };
  }

  #chosen(activation: Activation): (Json | undefined)[] {
    const inputs: (Json | undefined)[] = [];
    for (let at: Activation | undefined = activation; at !== undefined; at = at.parent) {
      const { id, made } = at.runnable;
      if (at !== activation && at.node?.factory !== undefined) {
        inputs.unshift(this.#codec.encode(at.input, `the input of "${id}"`));
      }
      if (made !== undefined)
        inputs.unshift(this.#codec.encode(made.data, `the data from which "${id}" was made`));
    }
    return inputs;
  }
}
