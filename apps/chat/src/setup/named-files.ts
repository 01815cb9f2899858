/** Files, and what MCP servers offer, that a message names with an `@`: what the model gets of them, and what is said about it. */
import type { FilePart, TextPart } from "@orch/agents";
import { readInside, textFolder } from "@orch/agents/files";
import type { RuntimeMiddleware } from "@orch/chat-runtime";
import { isOrchError } from "@orch/core";
import type { ServerResources } from "../mcp/server-resources.ts";

/** A file of a text is cut after this many characters, and all together may have twice as many. */
const MAX_TEXT = 256_000;
/** The largest picture or document, in bytes. */
const MAX_BYTES = 5 * 2 ** 20;
/** Files of one message. */
const MAX_FILES = 20;
/** What is piped in was written by somebody else, and names nothing. */
const PIPED = "\n\n<context>\n";
const TOO_MUCH = `all together over ${sizeOf(2 * MAX_TEXT)}`;
const MENTION = /(?:^|\s)@(?:"([^"\n]+)"|(\S+))/g;
const PUNCTUATION = /[.,;:!?)\]}'"»]+$/;

/** What a model can take beside text. */
export interface FileCaps {
  readonly images: boolean;
  readonly files: boolean;
}

/** One file that was named. */
export interface NamedFile {
  readonly path: string;
  /** Absent where the model does not get it. */
  readonly parts?: readonly (TextPart | FilePart)[];
  /** A line about it, like `attached src/a.ts (2.1 kB)`. */
  readonly says: string;
}

/** Gives the files that `text` names. A name that is no file is an ordinary word. */
export type ReadNamed = (text: string) => Promise<readonly NamedFile[]>;

/**
 * Makes the function that reads the files of a folder; secrets, what is ignored and what leads out of it is refused. What a
 * server offers is read by `read`.
 */
export function attacher(root: string, caps: FileCaps, read?: ServerResources["read"]): ReadNamed {
  const folder = textFolder({ root });
  return async (text) => {
    const found: NamedFile[] = [];
    let room = 2 * MAX_TEXT;
    for (const names of mentionsIn(text)) {
      // A server is asked for one name only: without the punctuation of the sentence, or as it stands in quotes.
      const one =
        (await attachResource(names.at(-1) ?? "", caps, read, room)) ??
        (await first(names, (path) => attach(path, root, caps, folder.read, room)));
      if (one === undefined || found.some(({ path }) => path === one.path)) continue;
      if (found.length === MAX_FILES) {
        found.push({ path: one.path, says: `not attached: more than ${MAX_FILES} files` });
        break;
      }
      for (const part of one.parts ?? []) if (part.type === "text") room -= part.text.length;
      found.push(one);
    }
    return found;
  };
}

/** Says of each file that is named that the model does not get it. */
export function refusing(read: ReadNamed, orchestration: string): ReadNamed {
  return async (text) =>
    (await read(text)).map(({ path }) => ({
      path,
      says: `not attached: ${path}, because ${orchestration} takes only the words of a message`,
    }));
}

/** Middleware that gives the files to what answers. The session keeps the message as it was typed. */
export function withAttachments(attach: ReadNamed): RuntimeMiddleware {
  return async (turn, context, next) => {
    const parts = (await attach(turn.text)).flatMap(({ parts = [] }) => parts);
    if (parts.length === 0) return next(turn, context);
    return next(
      { ...turn, message: { ...turn.message, content: [...turn.message.content, ...parts] } },
      context,
    );
  };
}

/** For each mention the names that it may be: as it stands, and without the punctuation of the sentence. */
export function mentionsIn(text: string): readonly (readonly string[])[] {
  const said = text.split(PIPED, 1)[0] ?? "";
  return [...said.matchAll(MENTION)].map(([, quoted, word = ""]) =>
    quoted === undefined ? [...new Set([word, word.replace(PUNCTUATION, "")])].filter(Boolean) : [quoted],
  );
}

async function first<TValue>(
  names: readonly string[],
  look: (name: string) => Promise<TValue | undefined>,
): Promise<TValue | undefined> {
  for (const name of names) {
    const found = await look(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function attach(
  path: string,
  root: string,
  caps: FileCaps,
  read: (path: string) => Promise<string>,
  room: number,
): Promise<NamedFile | undefined> {
  try {
    const text = await read(path);
    const fitted = fit(text, room);
    if (fitted === undefined) return { path, says: `not attached: ${path} (${TOO_MUCH})` };
    const head = `<file path=${JSON.stringify(path)}>`;
    const part: TextPart = { type: "text", text: `${head}\n${fitted.shown}\n</file>` };
    return { path, parts: [part], says: `attached ${path} (${fitted.size})` };
  } catch (error) {
    if (!isOrchError(error, "ORCH_PATH_REFUSED")) throw error;
    const { reason } = error.facts as { readonly reason: string };
    if (reason === "binary") return attachBytes(path, root, caps);
    return NO_FILE.has(reason) ? undefined : { path, says: `not attached: ${error.says.replace(/\.$/, "")}` };
  }
}

/** What there is room for of a text, and how it is told; `undefined` where there is none. */
function fit(text: string, room: number): { readonly shown: string; readonly size: string } | undefined {
  const limit = Math.min(MAX_TEXT, room);
  if (limit <= 0) return undefined;
  if (text.length <= limit) return { shown: text, size: sizeOf(Buffer.byteLength(text)) };
  const size = `the first ${sizeOf(limit)} of ${sizeOf(text.length)}`;
  return { shown: `${text.slice(0, limit)}\n(cut here)`, size };
}

/** What a server offers under a name; `undefined` for a name of no server. What it says is material, like a file. */
async function attachResource(
  path: string,
  caps: FileCaps,
  read: ServerResources["read"] | undefined,
  room: number,
): Promise<NamedFile | undefined> {
  const found = await read?.(path);
  if (found === undefined) return undefined;
  if ("problem" in found) return { path, says: `not attached: ${path} (${found.problem})` };
  const parts: (TextPart | FilePart)[] = [];
  const sizes: string[] = [];
  let left = room;
  for (const part of found.parts) {
    if (part.type === "file") {
      const [takes, what] = takenBy(caps, part.mediaType);
      if (!takes) return { path, says: `not attached: ${path} (the model takes no ${what})` };
      parts.push(part);
      sizes.push(sizeOf(Math.floor(((part.data?.length ?? 0) * 3) / 4)));
      continue;
    }
    const fitted = fit(part.text, left);
    if (fitted === undefined) return { path, says: `not attached: ${path} (${TOO_MUCH})` };
    left -= fitted.shown.length;
    const head = `<resource server=${JSON.stringify(found.server)} uri=${JSON.stringify(found.uri)}>`;
    parts.push({ type: "text", text: `${head}\n${fitted.shown}\n</resource>` });
    sizes.push(fitted.size);
  }
  if (parts.length === 0) return { path, says: `not attached: ${path} (it is empty)` };
  return { path, parts, says: `attached ${path} (${sizes.join(", ")})` };
}

function takenBy({ images, files }: FileCaps, mediaType: string): readonly [takes: boolean, what: string] {
  return mediaType.startsWith("image/") ? [images, "pictures"] : [files, "documents"];
}

/** Reasons for which a name is taken for an ordinary word. */
const NO_FILE: ReadonlySet<string> = new Set(["missing", "empty", "url", "too-long", "nul"]);

const MEDIA: { readonly [extension: string]: string } = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  pdf: "application/pdf",
};

/** A picture or a document; whether the file may be read at all was judged before. */
async function attachBytes(path: string, root: string, caps: FileCaps): Promise<NamedFile> {
  const mediaType = MEDIA[path.slice(path.lastIndexOf(".") + 1).toLowerCase()];
  if (mediaType === undefined) return { path, says: `not attached: ${path} (neither text nor a picture)` };
  const [takes, what] = takenBy(caps, mediaType);
  if (!takes) return { path, says: `not attached: ${path} (the model takes no ${what})` };
  try {
    const { bytes, name, size } = await readInside(root, path, MAX_BYTES);
    const part: FilePart = { type: "file", mediaType, data: bytes.toString("base64"), name };
    return { path, parts: [part], says: `attached ${path} (${sizeOf(size)})` };
  } catch (error) {
    if (!isOrchError(error, "ORCH_PATH_REFUSED")) throw error;
    return { path, says: `not attached: ${error.says.replace(/\.$/, "")}` };
  }
}

function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
