/** Tokens that callers send. */
import { ServerRefusedError } from "../errors/server-refused-error.ts";
import { ServerSetupError } from "../errors/server-setup-error.ts";

/**
 * Makes a check that gives the caller of a request: the place of its token among those known, or -1 where none is asked for. All
 * tokens are compared whole, so that the time of an answer tells nothing of them.
 *
 * @throws ServerSetupError for a token of fewer than 16 characters.
 */
export function tokenCheck(tokens: readonly string[] | undefined): (request: Request) => Promise<number> {
  if (tokens === undefined) return () => Promise.resolve(-1);
  if (tokens.length === 0 || tokens.some((token) => token.length < 16))
    throw new ServerSetupError({ problem: "a token has fewer than 16 characters, or there is none" });
  const known = Promise.all(tokens.map(digest));
  return async (request) => {
    const sent = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    const given = await digest(sent ?? "");
    let caller = -1;
    for (const [place, one] of (await known).entries()) if (isSame(one, given)) caller = place;
    if (sent === undefined) throw new ServerRefusedError({ status: 401, problem: "it has no token" });
    if (caller === -1)
      throw new ServerRefusedError({ status: 401, problem: "its token is none of this server" });
    return caller;
  };
}

/** Texts of any length become 32 bytes. */
async function digest(text: string): Promise<Uint8Array> {
  // biome-ignore lint/style/noRestrictedGlobals: a digest is no chance
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

/** Compares all bytes, wherever they differ. */
function isSame(one: Uint8Array, other: Uint8Array): boolean {
  let different = 0;
  for (const [place, byte] of one.entries()) different |= byte ^ (other[place] ?? 0);
  return different === 0;
}
