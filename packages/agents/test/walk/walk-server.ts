/**
 * A provider that reads each body against the law before it answers. It knows the thinking that it signed, refuses parts that it took a dislike to, has
 * a context that may be too small, and breaks off as real ones do.
 */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { SceneAnswer } from "@orch/testing/models";
import { framesOf } from "../scenes.ts";
import { findings, type Plain } from "./law.ts";
import { foreignRuns, type Ran } from "./provider-runs.ts";
import type { WalkTarget } from "./targets.ts";

/** What the server does with a lawful request. */
export type Act =
  | {
      readonly type: "say";
      readonly answer: SceneAnswer;
      readonly cut?: "no-end" | "error-event" | "reset";
      /** What ran here before the answer. */
      readonly ran?: readonly Ran[];
    }
  | { readonly type: "fail"; readonly status: number; readonly message: string };

/** What it does not take in this conversation. */
export interface Dislike {
  readonly mark: string | RegExp;
  readonly message: string;
}

/** How it is disposed. A test changes it between turns. */
export interface Mood {
  readonly act: (body: Plain) => Act;
  readonly dislikes: readonly Dislike[];
  /** The longest body, in characters. */
  readonly limit: number;
  readonly tooLong: (now: number, most: number) => string;
}

/** What was wrong with a body. */
export interface IllegalBody {
  readonly target: string;
  readonly problems: readonly string[];
  readonly raw: string;
}

/** A running provider; the walk owns it and closes it. */
export interface WalkServer {
  readonly url: string;
  readonly target: WalkTarget;
  mood: Mood;
  readonly illegal: IllegalBody[];
  requests: number;
  /** Tools that ran here. */
  ran: number;
  readonly close: () => Promise<void>;
}

export const CALM: Mood = {
  act: () => ({ type: "say", answer: { text: "I go on.", usage: { input: 10, output: 5 } } }),
  dislikes: [],
  limit: Number.POSITIVE_INFINITY,
  tooLong: () => "",
};

/** What the models of one provider made, in all their servers. */
export interface Made {
  /** Thinking by its signature. */
  readonly signed: Map<string, string>;
  /** What ran there, by its id. */
  readonly ran: Map<string, Plain>;
}

/** Starts one. `first` numbers its answers, so that no other one signs with the same number. */
export async function walkServer(target: WalkTarget, first: number, made: Made): Promise<WalkServer> {
  let turn = first;
  const state: { mood: Mood; requests: number; ran: number } = { mood: CALM, requests: 0, ran: 0 };
  const illegal: IllegalBody[] = [];
  const answer = (response: ServerResponse, raw: string): void => {
    state.requests += 1;
    const body = JSON.parse(raw) as Plain;
    const problems = [
      ...findings(target.law, body),
      ...foreignThinking(body, target, made.signed),
      ...foreignRuns(body, target, made.ran),
    ];
    if (problems.length > 0) illegal.push({ target: target.name, problems, raw });
    const { act, dislikes, limit, tooLong } = state.mood;
    const refused =
      problems[0] ??
      dislikes.find(({ mark }) => (typeof mark === "string" ? raw.includes(mark) : mark.test(raw)))?.message;
    if (refused !== undefined) fail(response, target, 400, refused);
    else if (raw.length > limit)
      fail(response, target, 400, tooLong(Math.ceil(raw.length / 4), Math.floor(limit / 4)));
    else perform(response, act(body));
  };
  const perform = (response: ServerResponse, next: Act): void => {
    if (next.type === "fail") {
      fail(response, target, next.status, next.message);
      return;
    }
    turn += 1;
    note(next.answer, turn, target, made.signed);
    state.ran += next.ran?.length ?? 0;
    for (const { kept } of next.ran ?? []) for (const [id, what] of kept) made.ran.set(id, what);
    say(response, target, next, turn);
  };
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => answer(response, Buffer.concat(pieces).toString()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target,
    illegal,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}

function say(
  response: ServerResponse,
  { wire }: WalkTarget,
  { answer, cut, ran = [] }: Extract<Act, { readonly type: "say" }>,
  turn: number,
): void {
  const { content: said, ending, error } = framesOf[wire](answer, turn);
  // After what begins the message; its own parts have the numbers below.
  const content = [
    ...said.slice(0, 1),
    ...ran.flatMap(({ frames }, nth) => frames(100 + 2 * nth)),
    ...said.slice(1),
  ];
  response.writeHead(200, { "content-type": "text/event-stream" });
  if (cut === undefined) response.end([...content, ...ending].join(""));
  else if (cut === "no-end") response.end(content.slice(0, Math.ceil(content.length / 2)).join(""));
  else if (cut === "error-event") response.end(content.join("") + error);
  else response.write(content.join(""), () => response.destroy());
}

function fail(response: ServerResponse, { wire }: WalkTarget, status: number, message: string): void {
  const error = { message, type: "invalid_request_error", code: null, param: null };
  const body = wire === "messages" ? { type: "error", error } : { error };
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** Remembers what it signed, as `framesOf` writes it. */
function note(
  { reasoning }: SceneAnswer,
  turn: number,
  { wire }: WalkTarget,
  signed: Map<string, string>,
): void {
  if (reasoning === undefined || wire === "chat") return;
  signed.set(wire === "messages" ? `sig_${turn}` : `enc_${turn}`, reasoning);
}

/** Signed thinking goes back to who signed it, word for word, and to nobody else. */
function foreignThinking(
  body: Plain,
  { wire }: WalkTarget,
  signed: ReadonlyMap<string, string>,
): readonly string[] {
  if (wire === "responses") {
    return objects(body["input"]).flatMap((item) => {
      if (item["type"] !== "reasoning") return [];
      const thought = signed.get(String(item["encrypted_content"]));
      const said = objects(item["summary"])
        .map((one) => one["text"])
        .join("");
      return thought === said ? [] : [`reasoning ${String(item["encrypted_content"])} was not written here`];
    });
  }
  return objects(body["messages"])
    .flatMap((message) => objects(message["content"]))
    .flatMap((block) => {
      if (block["type"] !== "thinking") return [];
      const thought = signed.get(String(block["signature"]));
      return thought === block["thinking"]
        ? []
        : [`thinking ${String(block["signature"])} was not signed here`];
    });
}

function objects(value: unknown): readonly Plain[] {
  return Array.isArray(value) ? (value as readonly Plain[]) : [];
}
