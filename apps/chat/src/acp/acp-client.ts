/** The program at the other end of the pipe: an editor, or anything else that speaks the protocol. */
import {
  type AgentContext,
  type ClientCapabilities,
  type CreateElicitationRequest,
  type CreateElicitationResponse,
  methods,
  type RequestPermissionRequest,
  type RequestPermissionResponse,
  type SessionUpdate,
} from "@agentclientprotocol/sdk";

/** What it can do, and the ways to it. */
export class AcpClient {
  readonly #context: AgentContext;
  #can: ClientCapabilities = {};

  constructor(context: AgentContext) {
    this.#context = context;
  }

  /** What it said of itself when it began. */
  introduce(can: ClientCapabilities | undefined): void {
    this.#can = can ?? {};
  }

  /** Whether it shows forms. */
  get elicits(): boolean {
    return this.#can.elicitation?.form != null;
  }

  /** Whether it shows notices. */
  get notices(): boolean {
    return this.#can.session?.notices != null;
  }

  /** Resolves when the client may be told more. A client that is gone is told nothing. */
  async update(sessionId: string, update: SessionUpdate): Promise<void> {
    await this.#context.notify(methods.client.session.update, { sessionId, update }).catch(() => undefined);
  }

  permission(request: RequestPermissionRequest, signal: AbortSignal): Promise<RequestPermissionResponse> {
    return this.#context.request(methods.client.session.requestPermission, request, {
      cancellationSignal: signal,
      stopWaitingOnCancel: true,
    });
  }

  elicit(request: CreateElicitationRequest, signal: AbortSignal): Promise<CreateElicitationResponse> {
    return this.#context.request(methods.client.elicitation.create, request, {
      cancellationSignal: signal,
      stopWaitingOnCancel: true,
    });
  }
}
