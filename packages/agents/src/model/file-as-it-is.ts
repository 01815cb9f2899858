/** Files by what they are: a label may lie, and a provider that looks at the bytes refuses the whole conversation. */
import type { FilePart } from "../words/message.ts";

/** The beginnings of files by which their kind is known, as text of one byte a character. */
const BEGINNINGS: readonly (readonly [string, RegExp])[] = [
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the bytes of a file, not text.
  ["image/png", /^\x89PNG\r\n\x1a\n/],
  ["image/jpeg", /^\xff\xd8\xff/],
  ["image/gif", /^GIF8[79]a/],
  ["image/webp", /^RIFF[\s\S]{4}WEBP/],
  ["image/avif", /^[\s\S]{4}ftypavif/],
  ["image/heic", /^[\s\S]{4}ftyp(?:heic|heix|mif1)/],
  ["image/bmp", /^BM[\s\S]{4}\0\0\0\0/],
  ["image/tiff", /^(?:II\*\0|MM\0\*)/],
  ["application/pdf", /^%PDF-/],
];

/** How much of the base64 is read: 24 bytes. */
const HEAD = 32;

const known = new WeakMap<FilePart, FilePart>();

/**
 * Gives a file with the media type that its bytes show, in lower case and without parameters where it is a picture,
 * and with a `data:` address taken apart. A file that is right already is given as it is.
 */
export function fileAsItIs(part: FilePart): FilePart {
  const before = known.get(part);
  if (before !== undefined) return before;
  const seen = looked(part);
  known.set(part, seen);
  return seen;
}

function looked(part: FilePart): FilePart {
  const address = /^data:([^,;]*)[^,]*;base64,/i.exec(part.data || part.url || "");
  const label = cleanLabel(part.mediaType);
  if (address === null)
    return relabelled(part, part.data === undefined ? part.data : plainBase64(part.data), label);
  const { url: _url, ...rest } = part;
  const data = plainBase64((part.data || part.url || "").slice(address[0].length));
  return { ...rest, data, mediaType: kindOf(data) ?? (label === "" ? cleanLabel(address[1] ?? "") : label) };
}

function relabelled(part: FilePart, data: string | undefined, label: string): FilePart {
  const mediaType = (data === undefined ? undefined : kindOf(data)) ?? label;
  if (mediaType === part.mediaType && data === part.data) return part;
  return { ...part, mediaType, ...(data !== undefined && { data }) };
}

/** The old name of JPEG, capitals and parameters are refused by some providers. */
function cleanLabel(label: string): string {
  if (!/^\s*image\//i.test(label)) return label;
  const plain = label.split(";", 1)[0]!.trim().toLowerCase();
  return plain === "image/jpg" || plain === "image/pjpeg" ? "image/jpeg" : plain;
}

/** Base64 in lines, without its padding, or in the alphabet of addresses, as providers read it. */
function plainBase64(data: string): string {
  const plain = /[\s_-]/.test(data)
    ? data.replace(/\s+/g, "").replaceAll("-", "+").replaceAll("_", "/")
    : data;
  // Some libraries leave the padding out.
  return plain.length % 4 < 2 || plain.endsWith("=")
    ? plain
    : plain.padEnd(Math.ceil(plain.length / 4) * 4, "=");
}

/** Whether the bytes of a file can be read: base64, with its padding. */
export function isReadableData({ data }: FilePart): boolean {
  return data === undefined || (data.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(data));
}

/** Whether a file is a text without any. */
export function isBlankText({ mediaType, data }: FilePart): boolean {
  if (!mediaType.startsWith("text/") || data === undefined || !isReadableData({ data } as FilePart))
    return false;
  return atob(data).trim() === "";
}

function kindOf(data: string): string | undefined {
  let head: string;
  try {
    head = atob(data.slice(0, HEAD));
  } catch {
    return undefined;
  }
  return BEGINNINGS.find(([, beginning]) => beginning.test(head))?.[0];
}
