/** Runs the chat on a terminal, from the first paint to the line that says how to come back. */
import { type Instance, render } from "ink";
import { editOutside } from "../process/outside-editor.ts";
import type { InteractiveContext } from "../sessions/interactive-context.ts";
import { safe, visibleText } from "../terminal/safe-text.ts";
import type { StyledText } from "../terminal/styled.ts";
import type { WindowSize } from "../terminal/window-size.ts";
import { errorEntry, noticeEntry } from "../transcript/entry.ts";
import { App } from "./app.tsx";
import type { Frame } from "./frame.ts";
import { frameStream } from "./frame-stream.ts";
import { InteractiveChat, type Surface } from "./interactive-chat.ts";
import { runPlain } from "./plain.ts";
import { eraseReflowed } from "./reflow.ts";
import { ShownView } from "./shown-view.ts";
import { Suspension } from "./suspension.ts";

export type { InteractiveContext } from "../sessions/interactive-context.ts";

/** Runs until the user leaves, and gives the exit code. */
export async function startInteractive(context: InteractiveContext): Promise<number> {
  const chat = new InteractiveChat(context);
  return context.env["TERM"] === "dumb" ? runPlain(chat, context) : runScreen(chat, context);
}

async function runScreen(chat: InteractiveChat, context: InteractiveContext): Promise<number> {
  const { stdout, stdin, env } = context;
  const listeners = new Set<() => void>();
  const changed = (): void => {
    shownView.changed();
    // Ink would take what is printed meanwhile, and show it to nobody.
    if (suspension.lent) return;
    for (const listener of listeners) listener();
  };
  // Ink sets raw mode only after its first paint; here it is on since the start of the process, or is set now.
  stdin.setRawMode?.(true);
  chat.welcome(sizeOf(stdout));
  let latest: Frame | undefined;
  let shown: Frame | undefined;
  // Before Ink's own listener: it erases as many rows as it drew, and a narrower window has made more of them.
  const resized = (): void => {
    if (shown) stdout.write(eraseReflowed(shown, chat.state.editor, sizeOf(stdout), env));
  };
  stdout.on("resize", resized);
  const suspension = new Suspension(context, {
    lent: (lent) => {
      shown = undefined;
      if (!lent) changed();
    },
  });
  const shownView = new ShownView(context, suspension, () => chat.style.theme);
  const app = renderApp(chat, context, listeners, {
    drawn: (frame) => {
      latest = frame;
    },
    rendered: () => {
      shown = latest;
    },
    suspension,
  });
  const signals = hearSignals(chat, context, suspension, shownView);
  const repaint = (): void => {
    app.clear();
    stdout.write(`\u001b[H\u001b[J${lastRows(chat, sizeOf(stdout), heightOf(shown))}\n`);
    changed();
  };
  const perform = performer(app, repaint, suspension, chat, context);
  const started = chat.start({ changed, perform, show: shownView.show });
  try {
    await app.waitUntilExit();
  } finally {
    stdin.setRawMode?.(false);
    signals.dispose();
    suspension.close();
    stdout.off("resize", resized);
    await chat.close();
    await started;
  }
  if (chat.resumable !== undefined) stdout.write("Start with -c to go on with this conversation\n");
  return signals.code();
}

/** Hears the signals from outside. `code` is what the program ends with, once one of them ended it. */
function hearSignals(
  chat: InteractiveChat,
  context: InteractiveContext,
  suspension: Suspension,
  shownView: ShownView,
): { readonly code: () => number; readonly dispose: () => void } {
  let code = 0;
  const stops = [
    context.onInterrupt(() => {
      if (suspension.lent) shownView.interrupt();
      else chat.dispatch({ type: "intent", intent: { type: "interrupt" } });
    }),
    context.onEnd((by) => {
      code = by;
      void shownView.close().then(() => chat.leave());
    }),
  ];
  return {
    code: () => code,
    dispose: () => {
      for (const stop of stops) stop();
    },
  };
}

const NOTHING = (): void => undefined;

/** Carries out what only the screen can. */
function performer(
  app: Instance,
  repaint: () => void,
  suspension: Suspension,
  chat: InteractiveChat,
  context: InteractiveContext,
): Surface["perform"] {
  return (effect) => {
    switch (effect.type) {
      case "quit":
        // Removes the input and its hints from the screen; the conversation stays.
        app.clear();
        app.unmount();
        return;
      case "repaint":
        repaint();
        return;
      case "suspend":
        void suspension.stop();
        return;
      case "list-files":
        // Where no list can be had, nothing is offered.
        void context.files().then((files) => chat.dispatch({ type: "files", files }), NOTHING);
        return;
      case "compose":
        void compose(effect.text, suspension, chat, context);
        return;
    }
  };
}

/** Lets the user write on in an editor of their own. */
async function compose(
  text: string,
  suspension: Suspension,
  chat: InteractiveChat,
  { stdin, env, clock, programs }: InteractiveContext,
): Promise<void> {
  try {
    const edited = await suspension.lend(async () => {
      // Ink listens no more, but the stream goes on reading, and would take every other line from the editor. It can
      // be paused only when it has noticed that nobody listens.
      await new Promise<void>((resolve) => clock.after(0, resolve));
      stdin.pause();
      return editOutside(text, env, programs);
    });
    if (edited === undefined) return;
    if ("problem" in edited) chat.print(noticeEntry(safe`${visibleText(edited.problem)}`, "waiting"));
    else
      chat.dispatch({
        type: "intent",
        intent: { type: "edit", action: { type: "load", text: edited.text } },
      });
  } catch (error) {
    chat.print(errorEntry(error));
  }
}

/** The listeners to each paint of the screen. */
interface Painted {
  /** A frame was handed to Ink. */
  readonly drawn: (frame: Frame) => void;
  /** Called when the latest frame is on the screen. */
  readonly rendered: () => void;
  readonly suspension: Suspension;
}

function renderApp(
  chat: InteractiveChat,
  { stdin, stdout }: InteractiveContext,
  listeners: Set<() => void>,
  { drawn, rendered, suspension }: Painted,
): Instance {
  const subscribe = (listener: () => void): (() => boolean) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return render(<App chat={chat} subscribe={subscribe} drawn={drawn} suspension={suspension} />, {
    stdin,
    stdout: frameStream(stdout),
    // Skipping rows that stay the same would be wrong where the terminal has dropped some.
    incrementalRendering: false,
    maxFps: 60,
    concurrent: true,
    exitOnCtrlC: false,
    patchConsole: true,
    kittyKeyboard: { mode: "auto" },
    interactive: Boolean(stdout.isTTY),
    onRender: rendered,
  });
}

/** What stands above a live region of `height` rows. */
function lastRows(chat: InteractiveChat, { columns, rows }: WindowSize, height: number): StyledText {
  return chat.scroll.last(rows - height - 1, columns);
}

function heightOf(frame: Frame | undefined): number {
  return frame === undefined ? 0 : frame.above.length + frame.editor.rows + frame.below.length;
}

function sizeOf({ columns, rows }: NodeJS.WriteStream): WindowSize {
  // A terminal that does not tell its size is taken for the classic one.
  return { columns: columns || 80, rows: rows || 24 };
}
