import type { RpcId } from "../reply/json-rpc.ts";

/**
 * The id of the run of a call: the session's key and the call's id, which no other call of the session has. So a call that is
 * sent again finds its run, and a notice that cancels a call leads to it, in any process.
 */
export function sessionRun(session: string, id: RpcId): string {
  const text = typeof id === "number" ? `n${id}` : /^[\w-]{1,24}$/.test(id) ? `s${id}` : `h${hash(id)}`;
  return `mcp-${session}-${text}`;
}

/** 64 bits that tell the ids of one session apart. */
function hash(text: string): string {
  let [low, high] = [0xcbf29ce4, 0x84222325];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    low = Math.imul(low ^ code, 0x01000193) >>> 0;
    high = Math.imul(high ^ (code + index), 0x85ebca6b) >>> 0;
  }
  return low.toString(36) + high.toString(36);
}
