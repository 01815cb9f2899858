// biome-ignore-all lint/suspicious/noControlCharactersInRegex: this file is the guard against them.
/**
 * The last door of every byte that goes out. What stands in front of it (`SafeText`) cleans what was written elsewhere;
 * this door lets through what draws, and drops what only steers a terminal, whoever wrote it: this program, a library,
 * Node's own warnings, or an orchestration of the user's that prints what a model said.
 */

/** Everything that is not text: a sequence with what belongs to it, or a control character by itself. */
const CONTROLS =
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\)|\u001b[PX^_][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\)|\u001b[ -/]*[0-~]|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const ANY_CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
/** Colours, the cursor, erasing, scrolling, the modes of the keyboard, and which of them there are. Nothing that reads or reports the screen. */
const DRAWS = /^\u001b(?:\[[0-9;:]*[A-HJKLMPSTXdfmr@]|\[\d* q|\[[<>=?]?[0-9;:]*[cu]|\[\?[0-9;]+[hl]|[78])$/;
const STEPS = new Set(["\r", "\b"]);
/** A link to an address without anything that could end the sequence early. */
const LINK = /^\u001b\]8;[\w=:.-]*;(?:https?:\/\/[!-~]*)?(?:\u0007|\u001b\\)$/;
/** The clipboard, a notification and the bell reach beyond the screen: this program may write each by itself, and nobody else in the process may. */
const BEYOND = /^(?:\u001b\](?:52;c;[A-Za-z0-9+/=]*|9;[ -~\u00a0-\uffff]*)(?:\u0007|\u001b\\)|\u0007)$/;

/** Gives `text` with what draws, and without any other control sequence or control character. */
export function onlyDrawing(text: string): string {
  if (!ANY_CONTROL.test(text)) return text;
  return text.replace(CONTROLS, (found) =>
    DRAWS.test(found) || STEPS.has(found) || LINK.test(found) ? found : "",
  );
}

/** Takes what others in the process write. */
type Taker = (text: string) => void;

/** The doors of a stream: this program's own, and who takes what comes through that of all others. */
interface Guarded {
  readonly own: NodeJS.WriteStream;
  taker: Taker | undefined;
}

const guarded = new WeakMap<NodeJS.WriteStream, Guarded>();

/**
 * Makes every later write to `stream` pass {@link onlyDrawing}, and gives a door to it that is this program's own. A second
 * time it gives the same one.
 */
export function guardOutput(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  return guardedOf(stream).own;
}

/** Hands what others in the process write to `stream` to `take`, until the way back is called: a screen is drawn there. */
export function divertOutput(stream: NodeJS.WriteStream, take: Taker): () => void {
  const doors = guardedOf(stream);
  doors.taker = take;
  return () => {
    if (doors.taker === take) doors.taker = undefined;
  };
}

function guardedOf(stream: NodeJS.WriteStream): Guarded {
  const known = guarded.get(stream);
  if (known !== undefined) return known;
  const write = stream.write.bind(stream) as (chunk: unknown, ...more: unknown[]) => boolean;
  const ownWrite = doorOf((text, ...more) => write(BEYOND.test(text) ? text : onlyDrawing(text), ...more));
  const doors: Guarded = {
    taker: undefined,
    own: new Proxy(stream, {
      get: (target, name) => {
        if (name === "write") return ownWrite;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    }),
  };
  guarded.set(stream, doors);
  stream.write = doorOf((text, ...more) => {
    if (doors.taker === undefined) return write(onlyDrawing(text), ...more);
    doors.taker(onlyDrawing(text));
    return write("", ...more);
  });
  return doors;
}

function doorOf(
  write: (text: string, ...more: unknown[]) => boolean,
): (chunk: unknown, ...more: unknown[]) => boolean {
  const decoder = new TextDecoder();
  return (chunk, ...more) =>
    write(typeof chunk === "string" ? chunk : decoder.decode(chunk as Uint8Array, { stream: true }), ...more);
}
