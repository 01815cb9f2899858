/** How large a picture is, in pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Reads the size of an SVG or a PNG; `undefined` of anything else. */
export function pictureSize(bytes: Uint8Array): PictureSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= 24 && view.getUint32(0) === 0x89504e47) {
    return { width: view.getUint32(16), height: view.getUint32(20) };
  }
  const [, width, height] =
    /<svg\b[^>]*\bviewBox="\S+ \S+ ([\d.]+) ([\d.]+)"/.exec(
      new TextDecoder().decode(bytes.slice(0, 2_000)),
    ) ?? [];
  return width === undefined ? undefined : { width: Number(width), height: Number(height) };
}

/** Says how large the pictures of a page are, so that the text below them does not move when they arrive. */
export function withPictureSizes(html: string, sizes: ReadonlyMap<string, PictureSize>): string {
  return html.replaceAll(/<img src="([^"]+)"(?![^>]* width=)/g, (tag: string, address: string) => {
    const size = sizes.get(address);
    return size === undefined ? tag : `${tag} width="${size.width}" height="${size.height}"`;
  });
}
