/** What a door gives the common suite: a client of its protocol, as its users have it. */
import type { Door } from "../src/words/door.ts";
import type { ServedAs } from "./served-article.ts";

/** Where a client finds the door, and what it sends with each request. */
export interface DoorPlace {
  /** Like `http://127.0.0.1:4100`, without the path of the door. */
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
}

/** What a client remembers of a run to come back to it, as plain JSON: a run's id, the id of the last event, a thread. */
export type Bookmark = unknown;

/** A question as the client was told. */
export interface DoorQuestion {
  readonly id: string;
  readonly prompt: string;
}

/** One run as a client reads it. */
export interface DoorReading {
  /** What it needs to come back, as of now. */
  readonly bookmark: () => Bookmark;
  /**
   * The texts that it shows now, in their order, each once: those of states and the answer. Text that was cut, and text in whose
   * place another came, is not among them. Empty texts are left out.
   */
  readonly texts: () => readonly string[];
  /** Resolves when any text is shown; rejects when the reading ended without one. */
  readonly begun: () => Promise<void>;
  /** Resolves when it shows this text, which may be half of one; for doors of chats. */
  readonly saying?: (text: string) => Promise<void>;
  /** Resolves with the open question; rejects when the reading ended without one. */
  readonly asked: () => Promise<DoorQuestion>;
  /** Resolves when the run has ended, or the protocol says that the client's turn is over with it. */
  readonly ended: () => Promise<"completed" | "failed" | "cancelled">;
  /** All that the client received, as text: searched for what may not leave the process. */
  readonly received: () => string;
  /** Drops the connection, and tells the server nothing. */
  readonly leave: () => Promise<void>;
}

/** A client of the door. */
export interface DoorClient {
  /** Starts the orchestration `article` with `{ topic }`, and reads it. Rejects with `DoorRefusal` when the server refuses. */
  readonly begin: (topic: string) => Promise<DoorReading>;
  /** Comes back to a run, perhaps in another process of the server. */
  readonly attach: (bookmark: Bookmark) => Promise<DoorReading>;
  /** Answers. A protocol in which the answer begins a new reading gives that. */
  readonly answer: (
    bookmark: Bookmark,
    question: DoorQuestion,
    value: boolean,
  ) => Promise<DoorReading | undefined>;
  readonly cancel: (bookmark: Bookmark) => Promise<void>;
  /** Frees what the client holds. */
  readonly close?: () => Promise<void>;
}

/** The server refused, in the protocol's own form. `kind` is what the client can tell from it. */
export class DoorRefusal extends Error {
  readonly kind: "unknown" | "token" | "origin" | "body" | "malformed" | "limit" | "other";

  constructor(kind: DoorRefusal["kind"], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** A door, as the common suite tries it. */
export interface DoorUnderTest {
  readonly name: string;
  /** What the article is for the client: an orchestration, or a chat, which is tried by what is another there. Default: an orchestration. */
  readonly as?: ServedAs;
  /** The doors that the client needs. */
  readonly doors: () => readonly Door[];
  readonly client: (place: DoorPlace) => DoorClient;
  /** What the client shows: the texts of all states, or the answer alone. */
  readonly shows: "all" | "answer";
  /** A request that starts a run, as the protocol has it: bodies are bent from it. */
  readonly startRequest: (place: DoorPlace, topic: string) => Request;
  /** The request that reads the run of a bookmark, where the protocol has one; for readers that never read. */
  readonly readRequest?: (place: DoorPlace, bookmark: Bookmark) => Request;
  /** Whether an answer to a bent request is an error in the protocol's own form. */
  readonly isProtocolError: (response: Response, body: string) => boolean;
  /** What the protocol cannot do, each with its reason; printed as skipped. */
  readonly without?: { readonly [test in DoorTest]?: string };
}

/** The tests of the suite. */
export type DoorTest =
  | "stream"
  | "question"
  | "refusal"
  | "failure"
  | "cancel"
  | "attach"
  | "kill"
  | "parallel"
  | "slow"
  | "bodies"
  | "guard"
  | "tenant"
  | "fuzz";
