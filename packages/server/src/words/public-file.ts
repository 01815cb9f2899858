/** A file that comes with a message: by its bytes or by an address. */
export interface PublicFile {
  /** Like `image/png`. */
  readonly mediaType: string;
  /** The bytes in base64. */
  readonly data?: string;
  /** Where it is, in place of its bytes; for chats that take addresses. */
  readonly url?: string;
  readonly name?: string;
}

/** A message with what comes with it. */
export interface MessageWithFiles {
  readonly text: string;
  readonly files: readonly PublicFile[];
}
