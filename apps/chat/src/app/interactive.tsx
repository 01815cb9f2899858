/** Runs the chat on a terminal, from the first paint to the line that says how to come back. */
import { type Instance, render } from "ink";
import { editOutside } from "../process/outside-editor.ts";
import type { InteractiveContext } from "../sessions/interactive-context.ts";
import { safe, visibleText } from "../terminal/safe-text.ts";
import type { WindowSize } from "../terminal/window-size.ts";
import { errorEntry, noticeEntry, writtenEntry } from "../transcript/entry.ts";
import { App } from "./app.tsx";
import type { AppAction } from "./app-state.ts";
import { inkStream } from "./ink-stream.ts";
import { InteractiveChat, type Surface } from "./interactive-chat.ts";
import { LiveRegion, reflowsCursor } from "./live-region.ts";
import { onlyAppends } from "./look.ts";
import { Painter } from "./painter.ts";
import { runPlain } from "./plain.ts";
import { ShownView } from "./shown-view.ts";
import { Suspension } from "./suspension.ts";
import { FAREWELL } from "./welcome.ts";

export type { InteractiveContext } from "../sessions/interactive-context.ts";

/** Runs until the user leaves, and gives the exit code. */
export async function startInteractive(context: InteractiveContext): Promise<number> {
  const chat = new InteractiveChat(context);
  context.onNotice((says, tone = "warning") => chat.print(noticeEntry(visibleText(says), tone)));
  return onlyAppends(context) ? runPlain(chat, context) : runScreen(chat, context);
}

async function runScreen(chat: InteractiveChat, context: InteractiveContext): Promise<number> {
  const { stdout, stdin } = context;
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
  const painter = painterOf(chat, context);
  const ways = [
    context.divert((text) => chat.print(writtenEntry(text))),
    // Ink would draw once more when the process ends.
    context.onCrash(() => painter.close()),
  ];
  const resized = (): void => {
    painter.stale();
    chat.resize(sizeOf(stdout));
  };
  stdout.on("resize", resized);
  const suspension = new Suspension(context, {
    lent: (lent) => {
      if (!lent) changed();
    },
  });
  const shownView = new ShownView(context, suspension, () => chat.style.theme);
  const app = renderApp(chat, context, listeners, painter, suspension);
  const signals = hearSignals(chat, context, suspension, shownView);
  const repaint = (): void => {
    const { columns, rows } = sizeOf(stdout);
    painter.anew((height) => chat.scroll.last(rows - height - 1, columns));
    changed();
  };
  const quit = (): void => {
    // Removes the input and its hints from the screen; the conversation stays.
    painter.close();
    app.unmount();
  };
  const perform = performer({ quit, repaint }, suspension, chat, context);
  const started = chat.start({ changed, perform, show: shownView.show });
  try {
    await app.waitUntilExit();
  } finally {
    stdin.setRawMode?.(false);
    signals.dispose();
    suspension.close();
    stdout.off("resize", resized);
    painter.close();
    for (const back of ways) back();
    await chat.close();
    await started;
  }
  if (chat.resumable !== undefined) stdout.write(FAREWELL);
  return signals.code();
}

function painterOf(chat: InteractiveChat, { stdout, env }: InteractiveContext): Painter {
  const region = new LiveRegion({
    write: (text) => void stdout.write(text),
    size: () => sizeOf(stdout),
    reflowsCursor: reflowsCursor(env),
  });
  return new Painter(region, chat.scroll);
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
      // A terminal that is gone is told of more than once.
      if (code !== 0) return;
      code = by;
      // A program of the user's that has the terminal would keep it.
      void context.programs
        .hangUp()
        .then(() => shownView.close())
        .then(() => chat.leave());
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
  { quit, repaint }: { readonly quit: () => void; readonly repaint: () => void },
  suspension: Suspension,
  chat: InteractiveChat,
  context: InteractiveContext,
): Surface["perform"] {
  return (effect) => {
    switch (effect.type) {
      case "quit":
        quit();
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
        void compose(effect.text, suspension, chat, context, (text) => ({
          type: "intent",
          intent: { type: "edit", action: { type: "load", text } },
        }));
        return;
      case "edit-answer":
        void compose(effect.text, suspension, chat, context, (text) => ({
          type: "panel",
          action: { type: "edited", id: effect.id, text },
        }));
        return;
    }
  };
}

/** Lets the user write on in an editor of their own; `written` takes the text that comes back. */
async function compose(
  text: string,
  suspension: Suspension,
  chat: InteractiveChat,
  { stdin, env, clock, programs }: InteractiveContext,
  written: (text: string) => AppAction,
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
    else chat.dispatch(written(edited.text));
  } catch (error) {
    chat.print(errorEntry(error));
  }
}

function renderApp(
  chat: InteractiveChat,
  { stdin, stdout, env }: InteractiveContext,
  listeners: Set<() => void>,
  painter: Painter,
  suspension: Suspension,
): Instance {
  const subscribe = (listener: () => void): (() => boolean) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const doors = { subscribe, drawn: painter.drawn, suspension, reflows: reflowsCursor(env) };
  return render(<App chat={chat} {...doors} />, {
    stdin,
    stdout: inkStream(stdout, {
      frame: painter.frame,
      erase: painter.erase,
      pass: (text) => void stdout.write(text),
    }),
    incrementalRendering: false,
    maxFps: 60,
    concurrent: true,
    exitOnCtrlC: false,
    patchConsole: false,
    kittyKeyboard: { mode: "auto" },
    interactive: Boolean(stdout.isTTY),
    onRender: painter.rendered,
  });
}

function sizeOf({ columns, rows }: NodeJS.WriteStream): WindowSize {
  // A terminal that does not tell its size is taken for the classic one.
  return { columns: columns || 80, rows: rows || 24 };
}
