import type { JsonObject } from "../reply/json-object.ts";
import type { RpcFault, RpcId } from "../reply/json-rpc.ts";
import type { DoorCall } from "../words/door.ts";
import type { LogLevel } from "./log-lines.ts";
import type { McpSettings } from "./mcp-settings.ts";
import type { OpenStreams, SessionNotes } from "./session-notes.ts";
import type { WaitingCalls } from "./waiting-calls.ts";

/** The version in which each request stands for itself; before it there were sessions. */
export const STATELESS_VERSION = "2026-07-28";
/** The versions with sessions, newest first. */
export const SESSION_VERSIONS = ["2025-11-25", "2025-06-18", "2025-03-26"] as const;
/** The extension by which a client of {@link STATELESS_VERSION} says that it knows tasks. */
export const TASKS_EXTENSION = "io.modelcontextprotocol/tasks";

/** What a client can do. */
export interface ClientAbilities {
  /** It can show a form to a person. */
  readonly elicitation: boolean;
  /** It takes a task in the place of a result. */
  readonly tasks: boolean;
}

/** One request, in the words of either way of speaking. */
export interface McpRequest {
  readonly call: DoorCall;
  readonly settings: McpSettings;
  readonly id: RpcId;
  readonly params: JsonObject;
  readonly abilities: ClientAbilities;
  /** The part of the session that names it; absent without sessions. */
  readonly session?: string;
  /** Absent without sessions. */
  readonly waiting?: WaitingCalls;
  /** What clients of sessions told this process. */
  readonly notes: SessionNotes;
  readonly streams: OpenStreams;
  /** From which level on a client of {@link STATELESS_VERSION} wants lines of a log beside this request. */
  readonly logLevel?: LogLevel;
  /** Set where the client speaks {@link STATELESS_VERSION}. */
  readonly isStateless: boolean;
}

/** What a method gives: a result, a fault with the status of its answer, or an answer that is a stream. */
export type McpOutcome =
  | { readonly result: object }
  | { readonly fault: RpcFault; readonly status?: number }
  | { readonly response: Response };

/** One method of the protocol. */
export type McpMethod = (request: McpRequest) => Promise<McpOutcome>;
