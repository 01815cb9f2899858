/**
 * A body that is read as it comes. A stream of the platform forgets what it has queued when its
 * connection breaks, and with it text that did arrive; here the break is told after that text.
 */
import { SizeGuard } from "./size-guard.ts";

/** Reading pauses while this many bytes wait for their reader. */
const MOST_WAITING = 1024 * 1024;

/** Gives `body` again, calling `alive` for every piece as it arrives. One that is too large to be an answer breaks. */
export function eagerBody(
  body: ReadableStream<Uint8Array>,
  alive: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let waiting = 0;
  let end: { readonly error?: unknown } | undefined;
  let changed = (): void => {};
  const change = (): Promise<void> =>
    new Promise((resolve) => {
      const before = changed;
      changed = () => {
        before();
        resolve();
      };
    });
  const tell = (): void => {
    const told = changed;
    changed = () => {};
    told();
  };

  const guard = new SizeGuard();
  const readAll = async (): Promise<void> => {
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        alive();
        guard.count(next.value);
        pieces.push(next.value as Uint8Array<ArrayBuffer>);
        waiting += next.value.byteLength;
        tell();
        while (waiting > MOST_WAITING) await change();
      }
      end = {};
    } catch (error) {
      end = { error };
      // Where it was too large there is more to come; where it broke there is not, and this says so again.
      reader.cancel().catch(() => undefined);
    }
    tell();
  };
  void readAll();

  return new ReadableStream(
    {
      pull: async (out) => {
        while (pieces.length === 0 && end === undefined) await change();
        const piece = pieces.shift();
        if (piece !== undefined) {
          waiting -= piece.byteLength;
          tell();
          out.enqueue(piece);
        } else if (end !== undefined && "error" in end) out.error(end.error);
        else out.close();
      },
      cancel: (reason) => {
        waiting = 0;
        tell();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
