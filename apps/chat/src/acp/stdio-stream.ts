/** Standard input and output as a stream of messages, one JSON text a line. */
import { Readable } from "node:stream";
import { type AnyMessage, ndJsonStream, type Stream } from "@agentclientprotocol/sdk";
import { safeJson } from "../terminal/safe-text.ts";

/** The largest message that is read, in bytes: a prompt with the text of a file in it. */
const MAX_MESSAGE = 16 * 1024 * 1024;

/**
 * Opens the stream. Each message is written whole and awaited, so that what runs does not run ahead of a client that reads
 * slowly. Hidden characters in texts are escapes: they are the same for whoever parses the line.
 */
export function stdioStream(stdin: Readable, stdout: NodeJS.WritableStream): Stream {
  const write = (line: string): Promise<void> =>
    new Promise((resolve, reject) => {
      stdout.write(line, (error) => (error ? reject(error) : resolve()));
    });
  const decoder = new TextDecoder();
  // What is no message is answered by the reader itself.
  const replies = new WritableStream<Uint8Array>({ write: (bytes) => write(decoder.decode(bytes)) });
  const input = Readable.toWeb(stdin) as ReadableStream<Uint8Array>;
  const { readable } = ndJsonStream(replies, input, { maxMessageBytes: MAX_MESSAGE });
  return {
    readable,
    writable: new WritableStream<AnyMessage>({ write: (message) => write(`${safeJson(message)}\n`) }),
  };
}
