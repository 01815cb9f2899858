/** The message of a client as a conversation takes it: its files only where the chat takes them. */
import { type UserMessage, userMessage } from "@orch/agents";
import { ServerFileError } from "../errors/server-file-error.ts";
import type { MessageWithFiles, PublicFile } from "../words/public-file.ts";

/** Which files a chat takes. */
export interface TakenFiles {
  /** Media types, like `application/pdf` or `image/*`. */
  readonly types: readonly string[];
  /** Whether addresses (`https:`) are taken in place of bytes. Whoever answers hands them on or fetches them. Default `false`. */
  readonly addresses?: boolean;
  /** The most files of one message. Default 10. */
  readonly most?: number;
}

/** Makes the message. @throws ServerFileError (`ORCH_SERVER_FILE`). */
export function takenMessage(message: string | MessageWithFiles, taken: TakenFiles | undefined): UserMessage {
  if (typeof message === "string") return userMessage(message);
  const { text, files } = message;
  if (files.length === 0) return userMessage(text);
  if (taken === undefined) throw new ServerFileError({ problem: "this chat takes text only" });
  const { most = 10 } = taken;
  if (files.length > most) throw new ServerFileError({ problem: `this chat takes ${most} in a message` });
  const parts = files.map((file) => ({ type: "file", ...takenFile(file, taken) }) as const);
  return { role: "user", content: [...(text === "" ? [] : userMessage(text).content), ...parts] };
}

function takenFile({ mediaType, data, url, name }: PublicFile, taken: TakenFiles): PublicFile {
  const refused = (problem: string): ServerFileError =>
    new ServerFileError({ problem, ...(name !== undefined && { name }) });
  const type = mediaType.trim().toLowerCase();
  if (!taken.types.some((pattern) => fits(pattern.toLowerCase(), type)))
    throw refused(`it is "${type}", and this chat takes ${taken.types.join(", ")}`);
  const named = { mediaType: type, ...(name !== undefined && { name }) };
  if (data !== undefined) {
    if (data === "" || data.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(data))
      throw refused("its bytes are no base64");
    return { ...named, data };
  }
  if (url === undefined) throw refused("it has neither bytes nor an address");
  if (taken.addresses !== true) throw refused("this chat takes the bytes of a file, and no address");
  if (!url.startsWith("https://") || !URL.canParse(url))
    throw refused("its address does not begin with https:");
  return { ...named, url };
}

/** Whether a media type, without its parameters, is one of a pattern like `image/*`. */
function fits(pattern: string, mediaType: string): boolean {
  const type = mediaType.split(";", 1)[0]!.trim();
  return pattern.endsWith("/*") ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}
