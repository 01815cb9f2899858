/** One run through the plain door and the door of events, over a socket, as a program without a library does it. */
import { Agent, request } from "node:http";
import type { Talk } from "./talk.ts";

/** Makes what starts a run, follows it to its end, and gives the milliseconds to its first text. */
export function client(url: string): (talk: Talk) => Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  return async (talk) => {
    const began = performance.now();
    const body = JSON.stringify({ orchestration: "talk", input: talk });
    const started = await read(`${url}/v1/runs`, { agent, body });
    const { run } = JSON.parse(started.text) as { run: string };
    const { firstAt, text } = await read(`${url}/sse/runs/${run}`, { agent, until: "event: text.delta" });
    if (!text.includes("event: run.completed"))
      throw new TypeError(`The stream ended early: ${text.slice(-200)}`);
    return firstAt - began;
  };
}

interface Reading {
  readonly agent: Agent;
  /** Posted; without it the address is got. */
  readonly body?: string;
  /** The time at which these words came is wanted. */
  readonly until?: string;
}

function read(url: string, { agent, body, until }: Reading): Promise<{ text: string; firstAt: number }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ text: string; firstAt: number }>();
  const headers = body === undefined ? {} : { "content-type": "application/json" };
  const sent = request(url, { agent, headers, method: body === undefined ? "GET" : "POST" }, (response) => {
    let text = "";
    let firstAt = Number.NaN;
    response.setEncoding("utf8");
    response.on("data", (piece: string) => {
      text += piece;
      if (until !== undefined && Number.isNaN(firstAt) && text.includes(until)) firstAt = performance.now();
    });
    response.on("end", () => {
      if ((response.statusCode ?? 0) < 300) resolve({ text, firstAt });
      else reject(new TypeError(`${url} answered ${response.statusCode}: ${text}`));
    });
    response.on("error", reject);
  });
  sent.on("error", reject);
  sent.end(body);
  return promise;
}
