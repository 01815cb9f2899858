/** A stream of the platform as events, which can be given up while it is silent. */

/**
 * Reads `stream`, calling `alive` for every chunk. Giving up (`return`) cancels the stream at once, also while
 * a read waits: an async generator would wait for that read, and a silent provider would never let go.
 */
export function readerEvents<T>(stream: ReadableStream<T>, alive: () => void): AsyncIterable<T> {
  const reader = stream.getReader();
  const iterator: AsyncIterator<T> = {
    next: async () => {
      const { done, value } = await reader.read();
      if (done) return { done: true, value: undefined };
      alive();
      return { done: false, value };
    },
    return: async () => {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}
