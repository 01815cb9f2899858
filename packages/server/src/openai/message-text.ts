import { fileAt, fileOf, keptElsewhere } from "../reply/given-file.ts";
import { isObject, type JsonObject } from "../reply/json-object.ts";
import type { MessageWithFiles, PublicFile } from "../words/public-file.ts";

/** One message of a request, as text with its files. */
export interface RequestMessage extends MessageWithFiles {
  readonly role: string;
}

/** The messages of a request of either API; `undefined` when it is no list of messages. @throws ServerFileError. */
export function messagesOf(input: unknown): readonly RequestMessage[] | undefined {
  if (typeof input === "string") return [{ role: "user", text: input, files: [] }];
  if (!Array.isArray(input)) return undefined;
  const messages: RequestMessage[] = [];
  for (const item of input as unknown[]) {
    if (!isObject(item)) return undefined;
    // What the reply showed on the way comes back as items of other types.
    if (typeof item["role"] !== "string") continue;
    messages.push({ role: item["role"], ...contentOf(item["content"]) });
  }
  return messages;
}

/** A message's content: a text, or parts. */
function contentOf(content: unknown): MessageWithFiles {
  if (typeof content === "string") return { text: content, files: [] };
  if (!Array.isArray(content)) return { text: "", files: [] };
  const parts = (content as unknown[]).filter(isObject);
  const texts = parts.map((part) => part["text"] ?? part["refusal"]);
  return {
    text: texts.filter((text) => typeof text === "string" && text !== "").join("\n"),
    files: parts.flatMap(filesOf),
  };
}

/** The file of a part of either API. */
function filesOf(part: JsonObject): PublicFile[] {
  switch (part["type"]) {
    case "image_url": {
      const { image_url: image } = part;
      return addressed(isObject(image) ? image["url"] : image);
    }
    case "input_image":
      return [...addressed(part["image_url"]), ...refusedId(part)];
    case "file":
      return isObject(part["file"]) ? [...bytes(part["file"]), ...refusedId(part["file"])] : [];
    case "input_file":
      return [...bytes(part), ...addressed(part["file_url"], part["filename"]), ...refusedId(part)];
    case "input_audio": {
      const { input_audio: audio } = part;
      if (!isObject(audio) || typeof audio["data"] !== "string") return [];
      return [fileOf(audio["data"], { mediaType: `audio/${audio["format"] === "mp3" ? "mpeg" : "wav"}` })];
    }
    default:
      return [];
  }
}

/** A picture whose address does not say what it is, is some picture. */
function addressed(url: unknown, name?: unknown): PublicFile[] {
  if (typeof url !== "string") return [];
  const file = fileAt(url, typeof name === "string" ? { name } : {});
  const isUnknown = name === undefined && file.mediaType === "application/octet-stream";
  return [isUnknown ? { ...file, mediaType: "image/*" } : file];
}

function bytes({ file_data: data, filename: name }: JsonObject): PublicFile[] {
  return typeof data === "string" ? [fileOf(data, typeof name === "string" ? { name } : {})] : [];
}

function refusedId({ file_id: id }: JsonObject): [] {
  if (typeof id === "string") throw keptElsewhere(id);
  return [];
}
