/** One server over a host and conversations, for any runtime that knows `Request` and `Response`. */
import { memorySessions, type SessionStore } from "@orch/chat-runtime";
import type { Clock, Random } from "@orch/core";
import { systemClock, systemRandom } from "@orch/core/doors";
import { memoryHost } from "@orch/core/host";
import type { ChatOffer } from "../conversations/offered-chat.ts";
import { OpenSessions } from "../conversations/open-sessions.ts";
import { ScopedConversations } from "../conversations/scoped-conversations.ts";
import { ServerSetupError } from "../errors/server-setup-error.ts";
import { DrivenRuns, type ServedHost } from "../runs/driven-runs.ts";
import { OfferedOrchestrations, type OrchestrationOffer } from "../runs/offered-orchestration.ts";
import { frontOf, principalScope } from "../runs/principal-scope.ts";
import { ScopedRuns } from "../runs/scoped-runs.ts";
import { OpenReadings } from "../view/event-reading.ts";
import type { ForeignErrors } from "../view/public-error.ts";
import type { Door, ServerLimits } from "../words/door.ts";
import type { Principal } from "../words/principal.ts";
import type { Conversations } from "../words/public-conversation.ts";
import type { Runs } from "../words/public-run.ts";
import { answerRequest } from "./answer-request.ts";
import { Drain } from "./drain.ts";
import { serverLimits } from "./server-limits.ts";
import { type TakenUp, takeUp } from "./take-up.ts";

/** What a server serves, to whom, and through which doors. */
export interface ServerOptions {
  /** Where runs live; the caller closes it. Default: the memory of this process, for trying out. */
  readonly host?: ServedHost;
  /** The orchestrations that are public, by their public names. Everything else on the host stays unseen. */
  readonly orchestrations?: { readonly [name: string]: OrchestrationOffer };
  /**
   * Keeps the runs of this server apart from others on the same host: their ids begin with this word there, and callers do not see it.
   * 1 to 64 letters, digits, `_` or `-`. Default: all runs of public orchestrations on the host are this server's.
   */
  readonly space?: string;
  /** The chats that are public, by their public names. */
  readonly chats?: { readonly [name: string]: ChatOffer };
  /** Where conversations live; the caller closes it. Default: the memory of this process. */
  readonly sessions?: SessionStore;
  /**
   * Says who calls. What throws, or gives a `Response`, is not let in. Default: all callers are one, and see all runs of public
   * orchestrations on the host.
   */
  readonly principal?: (request: Request) => Principal | Response | Promise<Principal | Response>;
  readonly doors: readonly Door[];
  readonly limits?: Partial<ServerLimits>;
  /** Whether the words of errors that are not Orch's are told to callers. Default `hidden`. */
  readonly foreignErrors?: ForeignErrors;
  /** Told what failed in a request for a reason that is not the client's. Default: nothing. */
  readonly onError?: (error: unknown, request: Request) => void;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** A server. */
export interface Server {
  /** Answers a request. It never rejects. */
  readonly fetch: (request: Request) => Promise<Response>;
  /**
   * Takes up all runs and all turns of conversations that are unfinished and that no process goes on with: call it when a server
   * starts, and later to find what other processes left. It tells how many, and what could not be taken up.
   */
  readonly resume: () => Promise<TakenUp>;
  /**
   * Makes other orchestrations public in the place of those before, as after an edit of their code. Runs that this process drives
   * go on as what they were started as.
   *
   * @throws ServerSetupError; then those before stay.
   */
  readonly offer: (orchestrations: { readonly [name: string]: OrchestrationOffer }) => void;
  /** Starts nothing more, and resolves when everything that goes on has ended, or after `within` milliseconds. */
  readonly drain: (within: number) => Promise<void>;
  /** Leaves what goes on where it is, to be taken up later, and ends all streams. A second call does nothing. */
  readonly park: () => Promise<void>;
  /** The calls of the doors, for code in the same process. */
  readonly runs: (principal?: Principal) => Runs;
  readonly conversations: (principal?: Principal) => Conversations;
}

/**
 * Makes a server. Nothing is listened to: hand `fetch` to the runtime, or mount it with `@orch/server/node`.
 *
 * @throws ServerSetupError (`ORCH_SERVER_SETUP`).
 *
 * @example
 * ```ts
 * const server = createServer({ host, orchestrations: { research: { orchestration: research } }, doors: [json(), sse()] });
 * export default { fetch: server.fetch };
 * ```
 */
export function createServer(options: ServerOptions): Server {
  const { clock = systemClock, random = systemRandom, foreignErrors = "hidden" } = options;
  const { host = memoryHost({ clock, random }), sessions: store = memorySessions(), chats = {} } = options;
  checkDoors(options.doors);
  const limits = serverLimits(options.limits);
  const offers = new OfferedOrchestrations(options.orchestrations ?? {});
  const driven = new DrivenRuns({ host, offers, clock, random, front: frontOf(options.space) });
  const open = new OpenSessions({ store, host, clock, random });
  const drain = new Drain({ clock, count: () => driven.count() + open.count() });
  const { isClosing } = drain;
  const readings = new OpenReadings(limits.streams);
  const shared = { clock, random, foreignErrors, readings, limit: limits.running, isClosing };
  const runs = (principal?: Principal): Runs =>
    new ScopedRuns({ ...shared, host, offers, driven, scope: principalScope(principal, options.space) });
  const conversations = (principal?: Principal): ScopedConversations =>
    new ScopedConversations({
      ...shared,
      host,
      store,
      chats,
      open,
      principal,
      scope: principalScope(principal),
    });
  let hasResumed = false;
  const parts = { options, limits, clock, drain, runs, conversations };
  return {
    fetch: (request) => answerRequest(request, parts),
    resume: () => {
      const isFirst = !hasResumed;
      hasResumed = true;
      return takeUp({ host, store, chats, driven, conversations, isFirst });
    },
    offer: (orchestrations) => offers.replace(orchestrations),
    drain: (within) => drain.drain(within),
    park: () =>
      drain.park(async () => {
        await Promise.all([driven.park(), open.park()]);
      }),
    runs,
    conversations,
  };
}

function checkDoors(doors: readonly Door[]): void {
  const paths = new Set<string>();
  for (const { name, path } of doors) {
    if (!/^(\/[\w.-]+)+$/.test(path))
      throw new ServerSetupError({ problem: `the path "${path}" of the door "${name}" is none like /sse` });
    if (paths.has(path)) throw new ServerSetupError({ problem: `two doors have the path "${path}"` });
    paths.add(path);
  }
}
