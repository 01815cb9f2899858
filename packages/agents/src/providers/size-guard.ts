/** Ends a stream that no answer can be: a line without an end, or bytes without one. */

/** The longest line of a stream, in bytes; one event is one line in all formats. */
const MOST_LINE: number = 8 * 1024 * 1024;
/** The largest stream, in bytes. */
const MOST_BODY: number = 64 * 1024 * 1024;

const LF = 10;
const CR = 13;

/** Counts the bytes of one stream as they come. */
export class SizeGuard {
  #line = 0;
  #body = 0;

  /** @throws SyntaxError, which `failureOf` reads as a breach of the protocol. */
  count(piece: Uint8Array): void {
    this.#body += piece.byteLength;
    const lastBreak = Math.max(piece.lastIndexOf(LF), piece.lastIndexOf(CR));
    this.#line = lastBreak < 0 ? this.#line + piece.byteLength : piece.byteLength - lastBreak - 1;
    if (this.#line > MOST_LINE) throw new SyntaxError(`one event is longer than ${MOST_LINE} bytes`);
    if (this.#body > MOST_BODY) throw new SyntaxError(`the answer is longer than ${MOST_BODY} bytes`);
  }
}
