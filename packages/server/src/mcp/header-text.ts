/** The text of a header, which may stand in it as base64; `undefined` where that cannot be read. */
export function headerText(header: string | null): string | undefined {
  const wrapped = /^=\?base64\?(.*)\?=$/.exec(header ?? "")?.[1];
  if (wrapped === undefined) return header ?? undefined;
  // Base64 in whole groups of four: what is cut or damaged is no text.
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(wrapped)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(
      Uint8Array.from(atob(wrapped), (char) => char.charCodeAt(0)),
    );
  } catch {
    return undefined;
  }
}
