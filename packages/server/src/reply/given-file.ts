/** Files as protocols give them. */
import { ServerFileError } from "../errors/server-file-error.ts";
import type { PublicFile } from "../words/public-file.ts";

/** A file at an address. One that begins with `data:` has its bytes in it. @throws ServerFileError (`ORCH_SERVER_FILE`). */
export function fileAt(
  address: string,
  given: { readonly mediaType?: string; readonly name?: string } = {},
): PublicFile {
  const { name } = given;
  const named = name === undefined ? {} : { name };
  if (!/^data:/i.test(address))
    return { mediaType: given.mediaType ?? typeByName(address), url: address, ...named };
  const [, label = "", base64, body = ""] =
    /^data:([^,;]*)(?:;(?!base64,)[^,;]*)*(;base64)?,(.*)$/is.exec(address) ?? [];
  const mediaType = given.mediaType ?? (label === "" ? "text/plain" : label);
  return { mediaType, data: base64 === undefined ? encoded(body) : body, ...named };
}

/** A file by its bytes in base64, or by an address with them. */
export function fileOf(
  data: string,
  given: { readonly mediaType?: string; readonly name?: string },
): PublicFile {
  if (/^data:/i.test(data)) return fileAt(data, given);
  const { mediaType = typeByName(given.name ?? ""), name } = given;
  return { mediaType, data, ...(name !== undefined && { name }) };
}

/** A file that another service keeps under an id. */
export function keptElsewhere(id: string): ServerFileError {
  return new ServerFileError({
    problem: `"${id}" is the id of a file, and this server keeps none; send its bytes`,
  });
}

function encoded(body: string): string {
  try {
    const bytes = new TextEncoder().encode(decodeURIComponent(body));
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  } catch {
    throw new ServerFileError({ problem: "its address is written wrongly" });
  }
}

const TYPES: { readonly [ending: string]: string } = {
  pdf: "application/pdf",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  txt: "text/plain",
  md: "text/markdown",
  csv: "text/csv",
  json: "application/json",
  mp3: "audio/mpeg",
  wav: "audio/wav",
};

/** What a file is, by the ending of its name. */
function typeByName(name: string): string {
  const ending = /\.(\w+)(?:[?#].*)?$/.exec(name)?.[1]?.toLowerCase() ?? "";
  return TYPES[ending] ?? "application/octet-stream";
}
