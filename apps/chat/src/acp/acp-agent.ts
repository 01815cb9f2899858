/** The requests of the Agent Client Protocol, each a call of the conversations. */
import {
  type AgentApp,
  agent,
  type InitializeResponse,
  methods,
  PROTOCOL_VERSION,
  RequestError,
} from "@agentclientprotocol/sdk";
import { version } from "../process/version.ts";
import { safeText } from "../terminal/safe-text.ts";
import type { AcpClient } from "./acp-client.ts";
import type { AcpSessions } from "./acp-sessions.ts";
import { OPTIONS } from "./session-options.ts";
import { requestError } from "./stop-reason.ts";

/** What a connection has. */
export interface AcpParts {
  readonly client: AcpClient;
  readonly sessions: AcpSessions;
  readonly tell: (says: string) => void;
  /** Does something after the answer to the present request. */
  readonly later: (task: () => Promise<void>) => void;
}

/** Makes the agent. `parts` gives what belongs to the connection. */
export function acpAgent(parts: () => AcpParts): AgentApp {
  const app = agent({ name: "orch" }).onRequest(methods.agent.initialize, ({ params }) => {
    parts().client.introduce(params.clientCapabilities);
    return ABOUT;
  });
  openAndList(app, parts);
  closeAndDelete(app, parts);
  answer(app, parts);
  return app;
}

const { session } = methods.agent;

function openAndList(app: AgentApp, parts: () => AcpParts): void {
  app
    .onRequest(session.new, ({ params }) =>
      failing(async () => {
        tellServers(params.mcpServers, parts().tell);
        const opened = await parts().sessions.begin(params.cwd);
        // A client knows a conversation only once it was told its id.
        parts().later(() => opened.introduce());
        return { sessionId: opened.id, ...opened.options };
      }),
    )
    .onRequest(session.load, ({ params }) =>
      failing(async () => {
        tellServers(params.mcpServers, parts().tell);
        const { opened, session: kept } = await parts().sessions.resume(params.cwd, params.sessionId);
        await opened.replay(kept);
        await opened.introduce();
        return opened.options;
      }),
    )
    .onRequest(session.resume, ({ params }) =>
      failing(async () => {
        tellServers(params.mcpServers ?? [], parts().tell);
        const { opened } = await parts().sessions.resume(params.cwd, params.sessionId);
        await opened.introduce();
        return opened.options;
      }),
    )
    .onRequest(session.list, ({ params }) =>
      failing(async () => {
        const { folder, sessions, next } = await parts().sessions.list(
          params.cwd ?? undefined,
          skipOf(params.cursor),
        );
        const told = sessions.map(({ id, title, updatedAt }) => ({
          sessionId: id,
          cwd: params.cwd ?? folder,
          title: safeText(title),
          updatedAt: new Date(updatedAt).toISOString(),
        }));
        return { sessions: told, ...(next !== undefined && { nextCursor: String(next) }) };
      }),
    );
}

function closeAndDelete(app: AgentApp, parts: () => AcpParts): void {
  app
    .onRequest(session.close, ({ params }) =>
      failing(async () => {
        parts().sessions.find(params.sessionId);
        await parts().sessions.close(params.sessionId);
        return {};
      }),
    )
    .onRequest(session.delete, ({ params }) =>
      failing(async () => {
        await parts().sessions.remove(params.sessionId);
        return {};
      }),
    );
}

function answer(app: AgentApp, parts: () => AcpParts): void {
  app
    .onRequest(session.prompt, ({ params, signal }) =>
      failing(() => parts().sessions.find(params.sessionId).prompt(params.prompt, signal)),
    )
    .onNotification(session.cancel, async ({ params }) => {
      await parts().sessions.find(params.sessionId).cancel();
    })
    .onRequest(session.setMode, ({ params }) =>
      failing(async () => {
        await parts().sessions.find(params.sessionId).choose(OPTIONS.orchestration, params.modeId);
        return {};
      }),
    )
    .onRequest(session.setConfigOption, ({ params }) =>
      failing(async () => {
        const found = parts().sessions.find(params.sessionId);
        await found.choose(params.configId, params.value);
        return { configOptions: found.options.configOptions };
      }),
    );
}

const ABOUT: InitializeResponse = {
  protocolVersion: PROTOCOL_VERSION,
  agentInfo: { name: "orch", title: "Orch", version },
  authMethods: [],
  agentCapabilities: {
    loadSession: true,
    promptCapabilities: { embeddedContext: true },
    sessionCapabilities: { list: {}, resume: {}, close: {}, delete: {} },
  },
};

/** Our sentences in the form of the protocol. */
async function failing<TResult>(answer: () => Promise<TResult>): Promise<TResult> {
  try {
    return await answer();
  } catch (error) {
    throw requestError(error);
  }
}

function tellServers(servers: readonly unknown[], tell: (says: string) => void): void {
  if (servers.length === 0) return;
  tell("The servers of tools that the client names are not used: name them under mcp in orch.config.json.");
}

/** Where a page of the list begins. @throws RequestError (-32602) for a cursor that was not ours. */
function skipOf(cursor: string | null | undefined): number {
  if (cursor === undefined || cursor === null) return 0;
  if (!/^\d{1,9}$/.test(cursor)) throw new RequestError(-32602, "There is no such cursor.");
  return Number(cursor);
}
