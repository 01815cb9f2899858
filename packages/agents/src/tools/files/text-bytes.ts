/** Telling text from binary. */

const TEXT =
  /\.(?:md|mdx|markdown|txt|text|rst|adoc|org|tsx?|jsx?|mjs|cjs|mts|cts|json|jsonl|ya?ml|toml|ini|csv|html?|css|scss|py|rb|go|rs|java|kt|cs|c|h|cc|cpp|hpp|swift|php|sh|sql|xml|svg|log)$/i;
const BINARY =
  /\.(?:png|jpe?g|gif|webp|ico|bmp|tiff?|pdf|zip|gz|tgz|bz2|xz|7z|rar|jar|woff2?|ttf|otf|eot|mp[34]|m4a|mov|avi|mkv|webm|ogg|wav|flac|exe|dll|so|dylib|a|o|class|wasm|node|bin|db|sqlite3?|docx?|xlsx?|pptx?|parquet|pyc)$/i;
const PROSE =
  /\.(?:md|mdx|markdown|txt|text|rst|adoc|org)$|(?:^|\/)(?:readme|changelog|license|notice|contributing)$/i;

/** Tells text from binary by the file extension. */
export function kindByName(name: string): "text" | "binary" | "unknown" {
  if (TEXT.test(name)) return "text";
  return BINARY.test(name) ? "binary" : "unknown";
}

/** Tells whether a file is written for reading: Markdown, plain text, a README. */
export function isProse(name: string): boolean {
  return PROSE.test(name);
}

/** Gives the text of the bytes, read as UTF-8, or `undefined` for a binary file. */
export function decodeText(bytes: Uint8Array): string | undefined {
  if (bytes.subarray(0, 8192).includes(0)) return undefined;
  // The decoder drops a byte order mark; what is not UTF-8 becomes U+FFFD and stays searchable.
  return new TextDecoder().decode(bytes);
}
