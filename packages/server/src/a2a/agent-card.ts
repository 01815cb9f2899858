/**
 * An orchestration as an agent. A message of A2A names no skill, so each orchestration is an agent with a card of its own.
 *
 * Source: https://a2a-protocol.org/v1.0.1/specification/, "AgentCard".
 */
import type { PublicOrchestration } from "../words/public-run.ts";

/** What the door says of its agents. */
export interface AgentSettings {
  /** Where the door is reached, like `https://example.org/a2a`. */
  readonly url: string;
  readonly version: string;
  /** Whether a bearer token has to be sent. */
  readonly bearer: boolean;
}

/** The version of the protocol that is spoken. */
export const A2A_VERSION = "1.0";
/** How an agent is spoken to, at one address. Clients take the first that they know. */
const BINDINGS: readonly string[] = ["JSONRPC", "HTTP+JSON"];
/** Where the card of an agent is, below its address. */
export const CARD_PATH = "/.well-known/agent-card.json";
/** What a message and an output may be. */
export const MODES: readonly string[] = ["text/plain", "application/json"];

/** The card of an orchestration. */
export function agentCard(offered: PublicOrchestration, settings: AgentSettings): object {
  const { name } = offered;
  const description = offered.description ?? `The orchestration ${name}.`;
  const url = `${settings.url}/${encodeURIComponent(name)}`;
  return {
    ...{ name, description, version: settings.version },
    supportedInterfaces: BINDINGS.map((protocolBinding) => {
      return { url, protocolBinding, protocolVersion: A2A_VERSION, tenant: "" };
    }),
    capabilities: { streaming: true, pushNotifications: false, extendedAgentCard: false, extensions: [] },
    defaultInputModes: MODES,
    defaultOutputModes: MODES,
    skills: [{ id: name, name, description: description + inputText(offered), tags: ["orchestration"] }],
    ...(settings.bearer && {
      securitySchemes: { bearer: { httpAuthSecurityScheme: { scheme: "Bearer" } } },
      securityRequirements: [{ schemes: { bearer: { list: [] } } }],
    }),
  };
}

/** A card has no place for a schema, and a model that calls an agent reads the description. */
function inputText({ input }: PublicOrchestration): string {
  if (input === undefined || input["type"] === "string") return "";
  return `\nA message is JSON that fits this schema, or the text for its only required field: ${JSON.stringify(input)}`;
}
