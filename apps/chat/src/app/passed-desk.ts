/** The part of the desk that is what the chat and the program give, as it is. */
import type { Desk } from "../commands/command.ts";
import type { InteractiveContext } from "../sessions/interactive-context.ts";
import { safeText } from "../terminal/safe-text.ts";
import { noticeEntry } from "../transcript/entry.ts";
import type { DeskDoors } from "./desk-doors.ts";

/** What is passed on. */
export class PassedDesk {
  readonly print: Desk["print"];
  readonly quit: Desk["quit"];
  readonly retry: Desk["retry"];
  readonly retryState: Desk["retryState"];
  readonly background: Desk["background"];
  readonly requeue: Desk["requeue"];
  readonly show: Desk["show"];
  readonly openRun: Desk["openRun"];
  readonly now: Desk["now"];
  readonly orchestrations: Desk["orchestrations"];
  readonly folder: Desk["folder"];
  readonly log: Desk["log"];
  readonly toolGroups: Desk["toolGroups"];
  readonly retryServers: Desk["retryServers"];
  readonly serverPrompts: Desk["serverPrompts"];
  readonly fetchFile: Desk["fetchFile"];
  readonly codeTrust: Desk["codeTrust"];
  readonly look: Desk["look"];
  readonly ask: Desk["ask"];
  readonly settings: Desk["settings"];
  readonly edit: Desk["edit"];

  readonly #context: InteractiveContext;

  constructor(context: InteractiveContext, doors: DeskDoors) {
    this.print = doors.print;
    this.quit = doors.quit;
    this.retry = doors.retry;
    this.retryState = doors.retryState;
    this.background = {
      leave: () => doors.background().leave(),
      bringBack: (named) => doors.background().bringBack(named),
      answer: (typed) => doors.background().answers.answer(typed),
      questions: () => doors.background().answers.values,
    };
    this.requeue = doors.requeue;
    this.show = doors.show;
    this.openRun = doors.openRun;
    this.now = context.clock.now;
    this.orchestrations = context.orchestrations;
    this.#context = context;
    this.folder = context.folder;
    this.log = context.log;
    this.toolGroups = context.toolGroups;
    this.retryServers = context.retryServers;
    this.serverPrompts = context.serverPrompts;
    this.fetchFile = context.fetchFile;
    this.codeTrust = context.codeTrust;
    this.look = doors.look;
    this.ask = doors.ask;
    this.settings = context.settings;
    this.edit = (text) => doors.requeue(doors.queue(), text);
  }

  /** Says how to get a language model, where what answers now wants one. */
  sayModelHint(names: Parameters<InteractiveContext["modelHint"]>[0]): void {
    const says = this.#context.modelHint(names);
    if (says !== undefined) this.print(noticeEntry(safeText(says), "warning"));
  }

  /** Grows while the chat is open: a provider may be set up. */
  get models(): Desk["models"] {
    return this.#context.models;
  }
}
