/**
 * A body that is read as it comes. A stream of the platform forgets what it has queued when its
 * connection breaks, and with it text that did arrive; here the break is told after that text.
 */
import { SizeGuard } from "./size-guard.ts";

/** Reading pauses while this many bytes wait for their reader. */
const MOST_WAITING = 1024 * 1024;

/** Gives `body` again, calling `alive` for every piece as it arrives. A body that is too large to be an answer fails. */
export function eagerBody(
  body: ReadableStream<Uint8Array>,
  alive: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let waiting = 0;
  let end: { readonly error?: unknown } | undefined;
  const changes = new Changes();

  const guard = new SizeGuard();
  const readAll = async (): Promise<void> => {
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        alive();
        guard.count(next.value);
        pieces.push(next.value as Uint8Array<ArrayBuffer>);
        waiting += next.value.byteLength;
        changes.tell();
        while (waiting > MOST_WAITING) await changes.next();
      }
      end = {};
    } catch (error) {
      end = { error };
      // After a body that was too large there is more to cancel. After a broken one, cancelling rejects again.
      reader.cancel().catch(() => undefined);
    }
    changes.tell();
  };
  void readAll();

  return new ReadableStream(
    {
      pull: async (out) => {
        while (pieces.length === 0 && end === undefined) await changes.next();
        const piece = pieces.shift();
        if (piece !== undefined) {
          waiting -= piece.byteLength;
          changes.tell();
          out.enqueue(piece);
        } else if (end !== undefined && "error" in end) out.error(end.error);
        else out.close();
      },
      cancel: (reason) => {
        waiting = 0;
        changes.tell();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

/** Wakes the readers that wait for the next change. */
class Changes {
  #wake = Promise.withResolvers<void>();

  next(): Promise<void> {
    return this.#wake.promise;
  }

  tell(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers<void>();
  }
}
