/** The live region of the screen. What is printed above it is no part of it, and written once. */
import { Box, useApp, useInput, usePaste } from "ink";
import { type ReactElement, useInsertionEffect, useLayoutEffect, useRef, useSyncExternalStore } from "react";
import { EditorView } from "../input/editor-view.tsx";
import { intentsOf } from "../input/keymap.ts";
import { Lines } from "../terminal/lines.tsx";
import { isAtInput } from "./cursor-place.ts";
import { frameOf } from "./frame.ts";
import type { InteractiveChat } from "./interactive-chat.ts";
import type { Suspension } from "./suspension.ts";

/** The contents of the screen, and the listeners to its keys. */
export interface AppProps {
  readonly chat: InteractiveChat;
  readonly subscribe: (changed: () => void) => () => void;
  /** Told that the screen was laid out, with how many entries were printed by then. */
  readonly drawn: (printed: number) => void;
  /** Told how to lend the terminal out, and asked whether it is. */
  readonly suspension: Suspension;
  /** Whether the terminal lays the cursor's line out anew when the window changes. */
  readonly reflows: boolean;
}

/** The whole live region. */
export function App({ chat, subscribe, drawn, suspension, reflows }: AppProps): ReactElement {
  useSyncExternalStore(subscribe, () => chat.version);
  const typedAt = useRef(0);
  useInput((input, key) => {
    typedAt.current = chat.frame.now;
    for (const intent of intentsOf(input, key, chat.state.vim !== undefined))
      chat.dispatch({ type: "intent", intent });
  });
  usePaste((text) => chat.dispatch({ type: "paste", text }));
  const { theme } = chat.style;
  const { suspendTerminal } = useApp();
  useLayoutEffect(
    () =>
      suspension.drawnBy({
        suspend: suspendTerminal,
        repaint: () => chat.dispatch({ type: "intent", intent: { type: "repaint" } }),
      }),
    [chat, suspension, suspendTerminal],
  );
  const frame = frameOf(chat.frame, chat.size);
  // Ink draws between insertion effects and layout effects, so an insertion effect still reaches the current frame.
  useInsertionEffect(() => drawn(chat.scroll.count));
  const atInput = isAtInput({
    isLive: chat.isLive,
    isAnswering: frame.isAnswering,
    above: frame.above.length,
    reflows,
    text: frame.editor.state.text,
    sinceKey: chat.frame.now - typedAt.current,
  });
  // Where styles are not written, the terminal's cursor is the only one.
  const drawsCursor = !atInput && theme.colours;
  return (
    <Box flexDirection="column">
      <Lines lines={frame.above} theme={theme} />
      <EditorView
        state={frame.editor.state}
        theme={theme}
        width={frame.editor.width}
        rows={frame.editor.rows}
        hint={frame.editor.hint}
        drawsCursor={drawsCursor}
        {...(!drawsCursor && { origin: { x: 0, y: frame.above.length } })}
      />
      <Lines lines={frame.below} theme={theme} />
    </Box>
  );
}
