/**
 * The door for AG-UI 1.0: `HttpAgent` of `@ag-ui/client` reaches a chat of the server, or an orchestration, which answers one
 * message of a thread with one run.
 *
 *     POST {path}/{name}                 a message, or the answers to interrupts; the answer is a run as a stream
 *     POST {path}/{name}/connect         the thread as it is, from its beginning, and what goes on in it
 *     POST {path}/{name}/stop/{thread}   stops what goes on in the thread
 *
 * A client that goes away stops nothing.
 */
import { isOrchError } from "@orch/core";
import { ServerMethodError } from "../errors/server-method-error.ts";
import { ServerRequestError } from "../errors/server-request-error.ts";
import {
  kindOf,
  type Narration,
  openNarration,
  runNarration,
  runOf,
  turnNarration,
} from "../reply/narration.ts";
import { typedInput } from "../reply/typed-input.ts";
import { decoded } from "../web/decoded.ts";
import { jsonBody } from "../web/json-body.ts";
import { jsonResponse } from "../web/json-response.ts";
import { problemOf } from "../web/problem-response.ts";
import type { Door, DoorCall } from "../words/door.ts";
import { answerInterrupts } from "./answer-interrupts.ts";
import { connect } from "./connect.ts";
import { knownRun, messagesBefore } from "./known-run.ts";
import { type RunInput, runInput, typedMessages } from "./run-input.ts";
import { runStream } from "./run-stream.ts";

/** Settings of the door. */
export interface AgUiOptions {
  /** Where it is mounted. Default `/ag-ui`. */
  readonly path?: string;
}

/**
 * Makes the door for AG-UI.
 *
 * @example
 * ```ts
 * const server = createServer({ chats: { research }, doors: [agUi()] });
 * // In the page: new HttpAgent({ url: "/ag-ui/research" })
 * ```
 */
export function agUi({ path = "/ag-ui" }: AgUiOptions = {}): Door {
  return {
    name: "ag-ui",
    path,
    handle,
    // The client hands on a body of this type as the payload of its error.
    failed: (error) => {
      const { status, code, title, detail } = problemOf(error);
      const message = detail === undefined ? title : `${title} ${detail}`;
      return jsonResponse({ type: "RUN_ERROR", code, message }, { status });
    },
  };
}

async function handle(call: DoorCall): Promise<Response | undefined> {
  const [name = "", act, thread, ...more] = call.path.slice(1).split("/").map(decoded);
  if (name === "" || more.length > 0) return undefined;
  if (act === undefined) return post(call, () => run(call, name));
  if (act === "connect" && thread === undefined)
    return post(call, async () => connect(call, name, await inputOf(call)));
  if (act === "stop" && thread !== undefined) return post(call, () => stop(call, name, thread));
  return undefined;
}

async function inputOf({ request, limits }: DoorCall): Promise<RunInput> {
  return runInput(await jsonBody(request, limits.body));
}

async function run(call: DoorCall, name: string): Promise<Response> {
  const input = await inputOf(call);
  if (input.resume.length > 0) return goOn(call, name, input);
  const narration =
    kindOf(call, name) === "chat" ? await sent(call, name, input) : await started(call, name, input);
  return runStream(call, narration, input);
}

async function sent(call: DoorCall, chat: string, input: RunInput): Promise<Narration> {
  const { text, files = [] } = typedMessages(input).at(-1)!;
  const { session, turn } = await call.conversations.send(chat, { text, files }, { session: input.thread });
  return turnNarration(call, chat, session, turn);
}

/** Starts a run, whose id is that of the thread: the same message sent again finds it. */
async function started(call: DoorCall, name: string, input: RunInput): Promise<Narration> {
  const messages = typedMessages(input);
  if (messages.length > 1 && (await isThere(call, input.thread))) {
    const problem = `"${name}" is an orchestration, which answers one message of a thread; begin another thread, or let the server offer it as a chat`;
    throw new ServerRequestError({ problem });
  }
  const { input: schema } = call.runs.orchestrations.find((offered) => offered.name === name)!;
  const id = await call.runs.start(name, typedInput(schema, messages), { id: input.thread });
  return runNarration(call, id);
}

async function isThere({ runs }: DoorCall, id: string): Promise<boolean> {
  try {
    await runs.describe(id);
    return true;
  } catch (error) {
    if (isOrchError(error, "ORCH_SERVER_UNKNOWN")) return false;
    throw error;
  }
}

/** Answers what the thread waits for, and tells what comes then. */
async function goOn(call: DoorCall, name: string, input: RunInput): Promise<Response> {
  const narration = await openNarration(call, name, input.thread);
  if (narration === undefined) {
    // It is over, or never was: the second is a 404.
    if (kindOf(call, name) === "chat") return connect(call, name, input);
    return runStream(call, await runOf(call, name, input.thread), input);
  }
  const known = knownRun(input, narration.id);
  const isGivenUp = await answerInterrupts(call, name, narration, input);
  if (isGivenUp) await stopped(call, name, input.thread, "Nobody answers its question.");
  const messages = known === undefined ? messagesBefore(input.messages, narration.id) : undefined;
  return runStream(call, narration, input, { known, ...(messages && { messages }) });
}

async function stop(call: DoorCall, name: string, thread: string): Promise<Response> {
  await stopped(call, name, thread, "The user stopped it.");
  return new Response(null, { status: 204 });
}

async function stopped(call: DoorCall, name: string, thread: string, reason: string): Promise<void> {
  if (kindOf(call, name) === "chat") return call.conversations.cancel(name, thread, reason);
  await runOf(call, name, thread);
  try {
    await call.runs.cancel(thread, reason);
  } catch (error) {
    if (!isOrchError(error, "ORCH_RUN_ENDED")) throw error;
  }
}

async function post({ request }: DoorCall, answer: () => Promise<Response>): Promise<Response> {
  if (request.method !== "POST") throw new ServerMethodError({ method: request.method, allowed: ["POST"] });
  return answer();
}
