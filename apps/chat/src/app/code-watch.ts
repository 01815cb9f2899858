/** Watches the files of the orchestration that answers, so that the screen says what an edit means before the next message. */
import type { Conversation } from "../sessions/conversation.ts";
import type { InteractiveContext } from "../sessions/interactive-context.ts";
import type { AppAction, Phase } from "./app-state.ts";
import type { ChatDesk } from "./chat-desk.ts";

/** The part of the chat that the watch uses. */
export interface CodeWatchDoors {
  readonly dispatch: (action: AppAction) => void;
  /** Does something; a failure is a line on the screen. */
  readonly attempt: (act: () => Promise<unknown>) => Promise<void>;
}

/** The watch of one chat. It follows what answers, and waits until a turn has ended. */
export class CodeWatch {
  readonly #context: InteractiveContext;
  readonly #conversation: Conversation;
  readonly #desk: ChatDesk;
  readonly #doors: CodeWatchDoors;
  #phase: Phase = "busy";
  #stop: () => void = () => undefined;
  #isDirty = false;
  #isClosed = false;

  constructor(
    context: InteractiveContext,
    conversation: Conversation,
    desk: ChatDesk,
    doors: CodeWatchDoors,
  ) {
    this.#context = context;
    this.#conversation = conversation;
    this.#desk = desk;
    this.#doors = doors;
    conversation.onCompose = () => this.#follow();
  }

  /** Loads what was edited meanwhile, as soon as nothing else is being done. */
  check(phase: Phase): void {
    this.#phase = phase;
    if (!this.#isDirty || this.#isClosed || phase !== "idle") return;
    this.#isDirty = false;
    void this.#load();
  }

  close(): void {
    this.#isClosed = true;
    this.#stop();
  }

  #follow(): void {
    this.#stop();
    if (this.#isClosed) return;
    this.#stop = this.#context.watch(this.#conversation.names.orchestration, () => {
      this.#isDirty = true;
      this.check(this.#phase);
    });
  }

  async #load(): Promise<void> {
    const { dispatch, attempt } = this.#doors;
    let isLoaded = false;
    dispatch({ type: "phase", phase: "busy" });
    await attempt(async () => {
      isLoaded = await this.#desk.codeChanged();
    });
    dispatch({ type: "ended", stopped: !isLoaded });
  }
}
