/** Chats as a server offers them. */
import type { RuntimeConfiguration } from "@orch/chat-runtime";
import type { Principal } from "../words/principal.ts";
import type { TakenFiles } from "./taken-message.ts";

/** For whom a configuration is made. */
export interface ChatPlace {
  /** Absent where the server has no principals. */
  readonly principal?: Principal;
  /** The session, as the principal knows it. */
  readonly session: string;
}

/** How a chat is made public. */
export interface ChatOffer {
  /** What answers. It is asked once a message, so that tools can be made for who calls. */
  readonly configuration:
    | RuntimeConfiguration
    | ((place: ChatPlace) => RuntimeConfiguration | Promise<RuntimeConfiguration>);
  /** For those who choose. */
  readonly description?: string;
  /** Which files its messages may have; they are handed on to what answers. Default: none, because not everything that answers looks at them. */
  readonly files?: TakenFiles;
}

/** What answers in a place. */
export async function configurationOf(
  { configuration }: ChatOffer,
  place: ChatPlace,
): Promise<RuntimeConfiguration> {
  return typeof configuration === "function" ? configuration(place) : configuration;
}
