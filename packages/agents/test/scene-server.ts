/** A provider that plays a scene over a real socket: aimock where it can say it, else raw bytes of our own. */
import type { ServerResponse } from "node:http";
import { type FixtureResponse, LLMock } from "@copilotkit/aimock";
import type { ModelScene, SceneAnswer } from "@orch/testing/models";
import { type ChatStyle, chatFrames } from "./chat-frames.ts";
import { beginEvents, hostileServer } from "./hostile-server.ts";
import { type Frames, framesOf, type WireName } from "./scenes.ts";

/** A provider that plays; the test owns it and closes it. */
export interface SceneServer {
  readonly url: string;
  /** Who plays: the independent server, or ours. */
  readonly player: "aimock" | "hostile";
  readonly bodies: () => readonly string[];
  readonly close: () => Promise<void>;
}

/** Plays `scene` in the wire format; with a style, in the words of a server that only resembles it. */
export async function sceneServer(
  scene: ModelScene,
  wire: WireName,
  style?: ChatStyle,
): Promise<SceneServer> {
  if (style !== undefined) return rawScene(scene, wire, style);
  return scene.answers.every((answer) => aimockSays(answer, wire))
    ? aimockScene(scene)
    : rawScene(scene, wire);
}

/** What aimock has no words for, or other words than the providers. */
function aimockSays(answer: SceneAnswer, wire: WireName): boolean {
  const { refusal, usage, end, fault, bytewise, text, calls = [], error, reasoning } = answer;
  if (answer.manner !== undefined) return false;
  if (refusal !== undefined || usage !== undefined || end !== undefined || bytewise) return false;
  if (fault !== undefined && (fault !== "reset" || calls.length > 0)) return false;
  // It sends broken arguments to Anthropic's format as {}, and the header only with 429.
  if (wire === "messages" && calls.some(({ rawInput }) => !rawInput.endsWith("}"))) return false;
  // It knows no encrypted reasoning, without which nothing goes back to a stateless caller.
  if (reasoning !== undefined && wire === "responses") return false;
  if (error?.retryAfter !== undefined && error.status !== 429) return false;
  return text !== "" && (text ?? "").length < 10_000;
}

async function aimockScene({ answers }: ModelScene): Promise<SceneServer> {
  const mock = new LLMock({ port: 0, logLevel: "silent" });
  const bodies: string[] = [];
  let served = 0;
  const next = (): FixtureResponse => aimockAnswer(answers[Math.min(served++, answers.length - 1)]!);
  const breaks = answers.some(({ fault }) => fault === "reset");
  mock.on({ predicate: () => true }, next, {
    chunkSize: 3,
    // The pause lets what was sent arrive before the break.
    ...(breaks && { truncateAfterChunks: 5, latency: 5 }),
  });
  await mock.start();
  return { url: mock.url, player: "aimock", bodies: () => bodies, close: () => mock.stop() };
}

function aimockAnswer({ text, reasoning, calls, error }: SceneAnswer): FixtureResponse {
  if (error !== undefined) {
    const { status, type, message, retryAfter } = error;
    return { error: { type, message }, status, ...(retryAfter !== undefined && { retryAfter }) };
  }
  const thought = reasoning === undefined ? {} : { reasoning, reasoningSignature: "sig" };
  const toolCalls = calls?.map(({ id, name, rawInput }) => ({ id, name, arguments: rawInput }));
  if (toolCalls === undefined) return { content: text ?? "", ...thought };
  return text === undefined ? { toolCalls, ...thought } : { content: text, toolCalls, ...thought };
}

async function rawScene({ answers }: ModelScene, wire: WireName, style?: ChatStyle): Promise<SceneServer> {
  const bodies: string[] = [];
  const server = await hostileServer((response, { body }) => {
    const answer = answers[Math.min(bodies.length, answers.length - 1)]!;
    bodies.push(JSON.stringify(body));
    const turn = bodies.length;
    const frames = style === undefined ? framesOf[wire](answer, turn) : chatFrames(answer, turn, style);
    void play(response, answer, wire, frames);
  });
  return { url: server.url, player: "hostile", bodies: () => bodies, close: server.close };
}

async function play(
  response: ServerResponse,
  answer: SceneAnswer,
  wire: WireName,
  frames: Frames,
): Promise<void> {
  const { error, fault } = answer;
  if (error !== undefined) {
    const { status, type, message, retryAfter } = error;
    const wait = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
    const said = { error: { message, type, code: null, param: null } };
    const body = wire === "messages" ? { type: "error", ...said } : said;
    response.writeHead(status, { "content-type": "application/json", ...wait }).end(JSON.stringify(body));
    return;
  }
  if (fault === "silence") return;
  if (fault === "web-page") {
    response.writeHead(200, { "content-type": "text/html" }).end("<html><title>Log in</title></html>");
    return;
  }
  beginEvents(response);
  if (answer.bytewise) {
    for (const byte of Buffer.from([...frames.content, ...frames.ending].join(""))) {
      await new Promise((next) => response.write(Uint8Array.of(byte), next));
    }
    response.end();
    return;
  }
  const content = frames.content.join("");
  switch (fault) {
    case undefined:
      response.end(content + frames.ending.join(""));
      return;
    case "no-end":
      response.end(content);
      return;
    case "error-event":
      response.end(content + frames.error);
      return;
    case "stall":
      response.write(content);
      return;
    case "reset":
      // What was sent arrives before the break.
      response.write(content, () => setImmediate(() => response.socket?.resetAndDestroy()));
      return;
  }
}
