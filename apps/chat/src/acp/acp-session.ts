/** One conversation before a client. */
import type { ContentBlock, PromptResponse } from "@agentclientprotocol/sdk";
import { RequestError } from "@agentclientprotocol/sdk";
import { modelName } from "@orch/agents";
import { ChatRuntime, type Session, type TurnStream } from "@orch/chat-runtime";
import { errorSentence } from "../headless/error-sentence.ts";
import type { ContextListener } from "../sessions/interactive-context.ts";
import type { Choice, Composed } from "../setup/workshop.ts";
import { safe, safeText } from "../terminal/safe-text.ts";
import type { AcpClient } from "./acp-client.ts";
import type { AcpFolder } from "./acp-folder.ts";
import { AcpTurn } from "./acp-turn.ts";
import { messageOfPrompt } from "./message-of-prompt.ts";
import { replayed } from "./replay.ts";
import { OPTIONS, type SessionOptions, sessionOptions } from "./session-options.ts";
import { requestError, stopReasonOf } from "./stop-reason.ts";

/** Turns that are shown when a conversation is loaded. */
const SHOWN_TURNS = 100;
/** How long a stopped answer may take to end, in milliseconds: a person waits before the editor. */
const CANCEL_GRACE = 2000;
/** JSON-RPC's codes for a request that cannot be taken, and for one whose values are wrong. */
const INVALID_REQUEST = -32600;
const INVALID_PARAMS = -32602;
/** And for one that was taken back. */
const CANCELLED = -32800;

function isCancelled(reason: unknown): boolean {
  return reason instanceof RequestError && reason.code === CANCELLED;
}

/** What a client may type in place of a message. */
const COMMANDS = [
  { name: "continue", description: "Goes on with the last message, where it has no answer." },
  { name: "drop", description: "Takes the last message out of the conversation, where it has no answer." },
];

/** What a conversation is made of. */
interface SessionParts {
  readonly id: string;
  readonly folder: AcpFolder;
  readonly client: AcpClient;
  readonly choice: Choice;
  readonly compose: (choice: Choice) => Promise<Composed>;
}

/** Answers one prompt after the other. */
export class AcpSession {
  readonly id: string;
  readonly #folder: AcpFolder;
  readonly #client: AcpClient;
  #choice: Choice;
  #composed: Composed;
  readonly #runtime: ChatRuntime;
  /** The turn that is being answered, or waits for a message. */
  #turn: AcpTurn | undefined;
  #isBusy = false;

  readonly #compose: (choice: Choice) => Promise<Composed>;

  private constructor({ id, folder, client, choice, compose }: SessionParts, composed: Composed) {
    this.id = id;
    this.#folder = folder;
    this.#client = client;
    this.#choice = choice;
    this.#compose = compose;
    this.#composed = composed;
    const { clock, random } = folder.doors;
    this.#runtime = new ChatRuntime(composed.configuration, {
      store: folder.store,
      host: folder.host,
      sessionId: id,
      clock,
      random,
      cancelGrace: CANCEL_GRACE,
      recent: {
        turns: SHOWN_TURNS,
        tokens: () => (this.#composed.tokensSent ?? Number.POSITIVE_INFINITY) + 1,
      },
    });
  }

  /** Opens a conversation, or begins one. Rejects with what composing fails with. */
  static async open(id: string, folder: AcpFolder, client: AcpClient, choice: Choice): Promise<AcpSession> {
    let session: AcpSession | undefined;
    const notice = (says: string): void => {
      if (session !== undefined) void session.#notice(says);
    };
    const listener: ContextListener = {
      shortened: (messages) => notice(`The conversation is long: its last ${messages} messages are sent.`),
      warned: notice,
    };
    const compose = (wanted: Choice): Promise<Composed> => folder.setup.compose(wanted, listener);
    session = new AcpSession({ id, folder, client, choice, compose }, await compose(choice));
    return session;
  }

  get options(): SessionOptions {
    return sessionOptions(this.#folder.setup, this.#choice);
  }

  /** Holds the conversation for writing. @throws SessionHeldError (`ORCH_SESSION_HELD`) where another process does. */
  hold(): Promise<Session> {
    return this.#runtime.open();
  }

  /** Tells what was said before. */
  async replay({ turns, earlier = 0 }: Session): Promise<void> {
    if (earlier > 0) await this.#say(safe`(${earlier} earlier messages are not shown.)`);
    for (const update of turns.flatMap((turn) => replayed(turn, this.#folder.setup.folder)))
      await this.#client.update(this.id, update);
  }

  /** Tells the commands, and that the last turn has no answer. */
  async introduce(): Promise<void> {
    await this.#client.update(this.id, {
      sessionUpdate: "available_commands_update",
      availableCommands: COMMANDS,
    });
    const { modelHint } = this.#folder.setup;
    const { asksModel, model } = this.#composed;
    if (modelHint !== undefined && asksModel)
      await this.#notice(
        `No model is configured, so ${modelName(model.id)} answers: it quotes your files and is not a language model. ${modelHint}`,
      );
    const { apart } = this.#runtime;
    if (apart?.status === "unfinished")
      await this.#say(
        safe`The last message has no answer yet: its process ended. /continue goes on where it stopped, /drop takes it out.`,
      );
  }

  /** Answers a prompt, or takes it as the answer to what the run asks. */
  async prompt(blocks: readonly ContentBlock[], signal: AbortSignal): Promise<PromptResponse> {
    const message = messageOfPrompt(blocks, this.#folder.setup.folder);
    if (message === "") throw new RequestError(INVALID_PARAMS, "The prompt has no text.");
    if (this.#isBusy)
      throw new RequestError(INVALID_REQUEST, "A message is being answered; cancel it first.");
    this.#isBusy = true;
    const cancel = (): void => {
      // A client that is gone has not asked for anything: what runs is left where it is.
      if (isCancelled(signal.reason)) void this.cancel();
    };
    signal.addEventListener("abort", cancel, { once: true });
    try {
      if (this.#turn !== undefined) return await this.#answer(this.#turn, message);
      if (message === "/drop") return await this.#drop();
      return await this.#follow(await this.#begin(message));
    } catch (error) {
      throw requestError(error);
    } finally {
      this.#isBusy = false;
      signal.removeEventListener("abort", cancel);
    }
  }

  /** Stops what is being answered; resolves when it has ended. */
  async cancel(): Promise<void> {
    await this.#runtime.cancel("stopped by the client");
    if (!this.#isBusy) this.#turn = undefined;
  }

  /** Chooses what answers the next message. */
  async choose(option: string, value: unknown): Promise<void> {
    const isKnown = option === OPTIONS.orchestration || option === OPTIONS.model;
    if (!isKnown || typeof value !== "string")
      throw new RequestError(INVALID_PARAMS, `There is no option "${option}" with such a value.`);
    // Models of single states belong to the orchestration that they were for.
    const { states: _, ...names } = this.#choice;
    await this.#use({ ...names, [option]: value });
    const { configOptions } = this.options;
    await this.#client.update(this.id, { sessionUpdate: "config_option_update", configOptions });
    if (option === OPTIONS.orchestration)
      await this.#client.update(this.id, { sessionUpdate: "current_mode_update", currentModeId: value });
  }

  /** Leaves what runs where it is, and lets the conversation go. */
  async close(): Promise<void> {
    await this.#runtime.suspend();
    await this.#runtime.close();
  }

  async #use(choice: Choice): Promise<void> {
    this.#composed = await this.#compose(choice);
    this.#choice = choice;
    this.#runtime.use(this.#composed.configuration);
  }

  async #begin(message: string): Promise<TurnStream> {
    await this.#runtime.open();
    const { orchestration } = this.#choice;
    // Code that was edited meanwhile answers from here on.
    if ((await this.#folder.setup.changed(orchestration)) !== undefined) await this.#use(this.#choice);
    if (message === "/continue") return this.#runtime.retry();
    for (const { says } of await this.#folder.setup.attached(message, this.#choice)) await this.#notice(says);
    return this.#runtime.send(message);
  }

  async #follow(stream: TurnStream): Promise<PromptResponse> {
    const { configuration } = this.#runtime;
    const { setup, grants } = this.#folder;
    const { orchestration } = this.#choice;
    this.#turn = new AcpTurn(stream, {
      client: this.#client,
      sessionId: this.id,
      folder: setup.folder,
      orchestration,
      graph: "orchestration" in configuration ? configuration.orchestration.graph : undefined,
      summarize: (state, output) => setup.summarize(orchestration, state, output),
      grants,
      failed: (error) => this.#folder.tell(errorSentence(error)),
    });
    return this.#goOn(this.#turn);
  }

  async #answer(turn: AcpTurn, message: string): Promise<PromptResponse> {
    const problem = await turn.answer(message);
    if (problem === undefined) return this.#goOn(turn);
    await turn.say(problem);
    return { stopReason: "end_turn" };
  }

  async #goOn(turn: AcpTurn): Promise<PromptResponse> {
    if ((await turn.follow()) === "waits") return { stopReason: "end_turn" };
    this.#turn = undefined;
    try {
      await turn.stream.reply;
    } catch (error) {
      const stopReason = stopReasonOf(error);
      if (stopReason === undefined) throw error;
      return { stopReason };
    }
    await this.#titled();
    return { stopReason: "end_turn" };
  }

  /** A conversation has a title from its first message on. */
  async #titled(): Promise<void> {
    const { session } = this.#runtime;
    if (session === undefined) return;
    const { title, updatedAt } = session;
    const info = { title: safeText(title), updatedAt: new Date(updatedAt).toISOString() };
    await this.#client.update(this.id, { sessionUpdate: "session_info_update", ...info });
  }

  async #drop(): Promise<PromptResponse> {
    await this.#runtime.open();
    const { id } = await this.#runtime.drop();
    // There may be no run of it, or it has ended.
    await this.#folder.host
      .run(id)
      .cancel("dropped by the user")
      .catch(() => undefined);
    await this.#say(safe`The message was taken out of the conversation.`);
    return { stopReason: "end_turn" };
  }

  /** Tells something beside the conversation; to a client that shows no such lines, on standard error. */
  async #notice(title: string): Promise<void> {
    if (!this.#client.notices) this.#folder.tell(title);
    else
      await this.#client.update(this.id, {
        sessionUpdate: "notice",
        severity: "info",
        title: safeText(title),
      });
  }

  #say(text: ReturnType<typeof safeText>): Promise<void> {
    const content = { type: "text" as const, text };
    return this.#client.update(this.id, { sessionUpdate: "agent_message_chunk", content });
  }
}
