/** Runs the chat on a terminal, from the first paint to the line that says how to come back. */
import { render } from "ink";
import type { InteractiveContext } from "../sessions/interactive-context.ts";
import { App } from "./app.tsx";
import { Chat } from "./chat.ts";
import type { Frame } from "./frame.ts";
import { runPlain } from "./plain.ts";
import { eraseReflowed } from "./reflow.ts";

export type { InteractiveContext } from "../sessions/interactive-context.ts";

/** Runs until the user leaves, and gives the exit code. */
export async function startInteractive(context: InteractiveContext): Promise<number> {
  const chat = new Chat(context);
  const { stdout, stdin, env } = context;
  if (env["TERM"] === "dumb") return runPlain(chat, context);

  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  // Ink does this after its first paint; until then the terminal would echo what is typed, and turn Enter into a line feed.
  stdin.setRawMode?.(true);
  chat.welcome(sizeOf(stdout));
  let latest: Frame | undefined;
  let shown: Frame | undefined;
  // Before Ink's own listener: it erases as many rows as it drew, and a narrower window has made more of them.
  const resized = (): void => {
    if (shown) stdout.write(eraseReflowed(shown, chat.state.editor, sizeOf(stdout), env));
  };
  stdout.on("resize", resized);
  const app = render(
    <App
      chat={chat}
      subscribe={(listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      }}
      drawn={(frame) => {
        latest = frame;
      }}
    />,
    {
      stdin,
      stdout,
      incrementalRendering: true,
      maxFps: 60,
      concurrent: true,
      exitOnCtrlC: false,
      patchConsole: true,
      kittyKeyboard: { mode: "auto" },
      interactive: Boolean(stdout.isTTY),
      onRender: () => {
        shown = latest;
      },
    },
  );
  const stopListening = context.onInterrupt(() =>
    chat.dispatch({ type: "intent", intent: { type: "interrupt" } }),
  );
  const started = chat.start({
    changed,
    repaint: () => {
      app.clear();
      stdout.write(`\u001b[H\u001b[J${chat.scroll.last(sizeOf(stdout).rows - heightOf(shown) - 1)}\n`);
      changed();
    },
    // Nobody needs the input and its hints any more: what is left is the conversation.
    quit: () => {
      app.clear();
      app.unmount();
    },
  });
  try {
    await app.waitUntilExit();
  } finally {
    stdin.setRawMode?.(false);
    stopListening();
    stdout.off("resize", resized);
    await chat.close();
    await started;
  }
  if (chat.resumable !== undefined) stdout.write("Start with -c to go on with this conversation\n");
  return 0;
}

function heightOf(frame: Frame | undefined): number {
  return frame === undefined ? 0 : frame.above.length + frame.editor.rows + frame.below.length;
}

function sizeOf({ columns, rows }: NodeJS.WriteStream): { readonly columns: number; readonly rows: number } {
  // A terminal that does not tell its size is taken for the classic one.
  return { columns: columns || 80, rows: rows || 24 };
}
