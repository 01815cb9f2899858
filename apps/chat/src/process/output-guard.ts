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
/** The clipboard, a notification and the bell reach beyond the screen: they pass when they are written by themselves, as text of others never is. */
const BEYOND = /^(?:\u001b\](?:52;c;[A-Za-z0-9+/=]*|9;[ -~\u00a0-\uffff]*)(?:\u0007|\u001b\\)|\u0007)$/;

/** Gives `text` with what draws, and without any other control sequence or control character. */
export function onlyDrawing(text: string): string {
  if (!ANY_CONTROL.test(text) || BEYOND.test(text)) return text;
  return text.replace(CONTROLS, (found) =>
    DRAWS.test(found) || STEPS.has(found) || LINK.test(found) ? found : "",
  );
}

const guarded = new WeakSet<NodeJS.WriteStream>();

/** Makes every later write to `stream` pass {@link onlyDrawing}, and gives the stream. A second time changes nothing. */
export function guardOutput<TStream extends NodeJS.WriteStream>(stream: TStream): TStream {
  if (guarded.has(stream)) return stream;
  guarded.add(stream);
  const write = stream.write.bind(stream) as (chunk: unknown, ...more: unknown[]) => boolean;
  const decoder = new TextDecoder();
  stream.write = (chunk: unknown, ...more: unknown[]): boolean => {
    const text = typeof chunk === "string" ? chunk : decoder.decode(chunk as Uint8Array);
    return write(onlyDrawing(text), ...more);
  };
  return stream;
}
