/** The program as an editor starts it: `orch acp` as a process, driven by the protocol's official client. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { Readable, Writable } from "node:stream";
import {
  type ClientCapabilities,
  type ClientConnection,
  type CreateElicitationRequest,
  type CreateElicitationResponse,
  client,
  methods,
  type NewSessionResponse,
  ndJsonStream,
  type PromptResponse,
  type RequestPermissionRequest,
  type SessionUpdate,
} from "@agentclientprotocol/sdk";
import { childEnvironment } from "../../../../scripts/child-environment.ts";
import { whenStill } from "../../../../scripts/when-still.ts";

const { session: SESSION, initialize } = methods.agent;

/** What the person before the editor does. */
export interface AcpPerson {
  /** Chooses an option by its id; `undefined` where the request is dismissed. Default: the first one. */
  readonly permit?: (request: RequestPermissionRequest) => string | undefined;
  /** Fills a form. Default: it is declined. */
  readonly fill?: (request: CreateElicitationRequest) => CreateElicitationResponse;
  readonly can?: ClientCapabilities;
}

/** A running program with its client. */
export class AcpProgram implements AsyncDisposable {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** All updates, in their order. */
  readonly updates: SessionUpdate[] = [];
  readonly permissions: RequestPermissionRequest[] = [];
  readonly forms: CreateElicitationRequest[] = [];
  stderr = "";
  readonly #connection: ClientConnection;
  readonly #still: () => void;

  constructor(
    file: string,
    { folder, home }: { readonly folder: string; readonly home: string },
    args: readonly string[] = ["--trust"],
    {
      permit = ({ options }) => options[0]!.optionId,
      fill = () => ({ action: "decline" }),
      can,
    }: AcpPerson = {},
  ) {
    const env = childEnvironment({ HOME: home });
    this.child = spawn(process.execPath, [file, "acp", ...args], { cwd: folder, env });
    this.child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    this.ended = new Promise((resolve) => {
      this.child.once("close", (code, signal) => resolve({ code, signal }));
    });
    this.#still = whenStill(
      this.child.pid,
      () => this.updates.length,
      () => this.child.kill("SIGKILL"),
    );
    const app = client({ name: "test" })
      .onRequest(methods.client.session.requestPermission, ({ params }) => {
        this.permissions.push(params);
        const optionId = permit(params);
        return {
          outcome: optionId === undefined ? { outcome: "cancelled" } : { outcome: "selected", optionId },
        };
      })
      .onRequest(methods.client.elicitation.create, ({ params }) => {
        this.forms.push(params);
        return fill(params);
      })
      .onNotification(methods.client.session.update, ({ params }) => {
        this.updates.push(params.update);
      });
    this.#connection = app.connect(
      ndJsonStream(
        Writable.toWeb(this.child.stdin),
        Readable.toWeb(this.child.stdout) as ReadableStream<Uint8Array>,
      ),
    );
    this.can = can ?? { elicitation: { form: {} } };
  }

  readonly can: ClientCapabilities;

  get agent(): ClientConnection["agent"] {
    return this.#connection.agent;
  }

  /** Shakes hands and begins a conversation. */
  async begin(cwd: string): Promise<NewSessionResponse> {
    await this.introduce();
    return this.agent.request(SESSION.new, { cwd, mcpServers: [] });
  }

  introduce(): Promise<unknown> {
    return this.agent.request(initialize, { protocolVersion: 1, clientCapabilities: this.can });
  }

  /** Resolves when the client has handled the updates before the answer, too. */
  async prompt(sessionId: string, text: string): Promise<PromptResponse> {
    const prompt = [{ type: "text" as const, text }];
    const answer: PromptResponse = await this.agent.request(SESSION.prompt, { sessionId, prompt });
    await new Promise((resolve) => setImmediate(resolve));
    return answer;
  }

  /** All text that the agent said. */
  get said(): string {
    return this.updates
      .map((update) =>
        update.sessionUpdate === "agent_message_chunk" && update.content.type === "text"
          ? update.content.text
          : "",
      )
      .join("");
  }

  /** Resolves when an update makes `holds` true. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (this.child.exitCode !== null || this.child.signalCode !== null)
        throw new Error(`orch acp has ended: ${this.stderr}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#still();
    this.child.kill("SIGKILL");
    await this.ended;
    this.#connection.close();
  }
}
