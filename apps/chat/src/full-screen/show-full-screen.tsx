/**
 * Shows a view on the alternate screen of the terminal, which has no scrollback: what stood on the window is there again
 * when the view is closed.
 */
import { render, useApp, useCursor, useInput, usePaste, useWindowSize } from "ink";
import { type ReactElement, useLayoutEffect, useSyncExternalStore } from "react";
import { type KeyPress, keysIn } from "../input/key-chunk.ts";
import type { Drawer } from "../terminal/drawer.ts";
import { Lines } from "../terminal/lines.tsx";
import type { Theme } from "../terminal/theme.ts";
import { graphemes } from "../terminal/width.ts";
import type { FullScreen, FullScreenView } from "./full-screen-view.ts";

/** What a view is shown on. */
export interface FullScreenDoors {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly theme: Theme;
  /** Told of the drawer as long as the view is open; gives the way to say that it is closed. */
  readonly drawnBy: (drawer: Drawer) => () => void;
  /** Stops the program as Ctrl-Z does. */
  readonly stop: () => void;
  readonly lend: FullScreen["lend"];
  /** Calls `changed` when something may have changed that the view shows; gives the way to stop. */
  readonly subscribe: (changed: () => void) => () => void;
  /** Told how the view is closed from outside. */
  readonly closes: (close: () => void) => void;
}

const CLEAR = "\u001b[?1049h\u001b[H\u001b[J";

/** Shows `view` until it is closed. The caller has lent the terminal. */
export async function showFullScreen(view: FullScreenView, doors: FullScreenDoors): Promise<void> {
  const { stdin, stdout, theme, drawnBy, stop, lend, subscribe, closes } = doors;
  const listeners = new Set<() => void>();
  let version = 0;
  const changed = (): void => {
    version++;
    for (const listener of listeners) listener();
  };
  const store: ScreenStore = {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    version: () => version,
  };
  const screen: FullScreen = { changed, close: () => app.unmount(), lend };
  const repaint = (): void => {
    stdout.write(CLEAR);
    app.clear();
    changed();
  };
  const app = render(
    <FullScreenApp
      view={view}
      screen={screen}
      store={store}
      theme={theme}
      drawn={(suspend) => drawnBy({ suspend, repaint })}
      keys={{ stop, repaint }}
    />,
    {
      stdin,
      stdout,
      alternateScreen: true,
      incrementalRendering: false,
      maxFps: 30,
      exitOnCtrlC: false,
      patchConsole: false,
      kittyKeyboard: { mode: "auto" },
      interactive: true,
    },
  );
  closes(screen.close);
  const unsubscribe = subscribe(changed);
  // The terminal may have moved rows; nothing that stands there is worth keeping.
  stdout.on("resize", repaint);
  const end = view.opened?.(screen);
  try {
    await app.waitUntilExit();
  } finally {
    stdout.off("resize", repaint);
    unsubscribe();
    end?.();
  }
}

interface ScreenStore {
  readonly subscribe: (listener: () => void) => () => void;
  readonly version: () => number;
}

interface FullScreenAppProps {
  readonly view: FullScreenView;
  readonly screen: FullScreen;
  readonly store: ScreenStore;
  readonly theme: Theme;
  readonly drawn: (suspend: Drawer["suspend"]) => () => void;
  readonly keys: { readonly stop: () => void; readonly repaint: () => void };
}

function FullScreenApp({ view, screen, store, theme, drawn, keys }: FullScreenAppProps): ReactElement {
  const { columns, rows } = useWindowSize();
  useSyncExternalStore(store.subscribe, store.version);
  const { suspendTerminal } = useApp();
  useLayoutEffect(() => drawn(suspendTerminal), [drawn, suspendTerminal]);
  const { setCursorPosition } = useCursor();
  useInput((input, key) => {
    if (key.eventType === "release") return;
    for (const press of keysIn(input, key).flatMap(oneByOne)) {
      const name = controlOf(press);
      if (name === "c") screen.close();
      else if (name === "l") keys.repaint();
      else if (name === "z") keys.stop();
      else view.press(press, screen);
    }
    screen.changed();
  });
  usePaste((text) => {
    view.paste?.(text, screen);
    screen.changed();
  });
  const size = { columns, rows };
  const { lines, cursor } = view.draw(size);
  setCursorPosition(cursor);
  return <Lines lines={lines.slice(0, Math.max(1, rows - 1))} theme={theme} />;
}

/** Keys that were pressed fast come as one text; in a view each is a key. */
function oneByOne({ input, key }: KeyPress): readonly KeyPress[] {
  return input.length < 2 ? [{ input, key }] : [...graphemes(input)].map((each) => ({ input: each, key }));
}

function controlOf({ input, key }: KeyPress): string {
  return key.ctrl === true && key.meta !== true ? input : "";
}
