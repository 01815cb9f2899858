/** The screen: the scrollback above, which is written once, and the live region below it. */
import { Box, Static, useApp, useInput, usePaste, useWindowSize } from "ink";
import {
  memo,
  type ReactElement,
  useEffect,
  useInsertionEffect,
  useLayoutEffect,
  useRef,
  useSyncExternalStore,
} from "react";
import { EditorView } from "../input/editor-view.tsx";
import { intentsOf } from "../input/keymap.ts";
import { Lines } from "../terminal/lines.tsx";
import { type SafeText, safe } from "../terminal/safe-text.ts";
import { Text } from "../terminal/text.tsx";
import { type Frame, frameOf } from "./frame.ts";
import type { InteractiveChat } from "./interactive-chat.ts";
import type { Printed } from "./scroll.ts";
import type { Suspension } from "./suspension.ts";

/** The contents of the screen, and the listeners to its keys. */
export interface AppProps {
  readonly chat: InteractiveChat;
  readonly subscribe: (changed: () => void) => () => void;
  /** Told what was drawn, for the next resize. */
  readonly drawn: (frame: Frame) => void;
  /** Told how to lend the terminal out, and asked whether it is. */
  readonly suspension: Suspension;
}

const NONE: readonly Printed[] = [];
const HINT: SafeText = safe`Ask, or / for commands`;
const ANSWER_HINT: SafeText = safe`Answer the question; Esc Esc stops instead`;
const HELD_HINT: SafeText = safe`Enter sends what is queued, or type something else`;

/** The whole screen. */
export function App({ chat, subscribe, drawn, suspension }: AppProps): ReactElement {
  const { columns, rows } = useWindowSize();
  useSyncExternalStore(subscribe, () => chat.version);
  useLayoutEffect(() => chat.resize({ columns, rows }), [chat, columns, rows]);
  useInput((input, key) => {
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
  const frame = frameOf(chat.frame, { columns, rows });
  // Ink draws between insertion effects and layout effects, so an insertion effect still reaches the current frame.
  useInsertionEffect(() => drawn(frame));
  return (
    <>
      <Scrollback fresh={suspension.lent ? NONE : chat.scroll.fresh} flushed={chat.scroll} />
      <Box flexDirection="column">
        <Lines lines={frame.above} theme={theme} />
        <EditorView
          state={chat.state.editor}
          theme={theme}
          width={frame.editor.width}
          rows={frame.editor.rows}
          hint={chat.state.asking ? ANSWER_HINT : chat.state.held ? HELD_HINT : HINT}
          origin={{ x: 0, y: frame.above.length }}
        />
        <Lines lines={frame.below} theme={theme} />
      </Box>
    </>
  );
}

/**
 * Static output. It is redrawn only when something new was printed: each commit that touches `Static`
 * writes at once, whatever the frame rate. Ink's `Static` counts its items, so those that are written
 * stay as holes.
 */
const Scrollback = memo(function Scrollback({
  fresh,
  flushed,
}: {
  readonly fresh: readonly Printed[];
  readonly flushed: { readonly flushed: (count: number) => void };
}): ReactElement {
  const count = useRef(0);
  const first = fresh[0]?.id ?? count.current;
  const items: Printed[] = new Array(first);
  items.push(...fresh);
  useEffect(() => {
    count.current = items.length;
    flushed.flushed(items.length);
  });
  return (
    <Static items={items}>
      {({ id, text, width }) => (
        // As wide as its text, so that Ink leaves long lines to the terminal.
        <Box key={id} width={width} flexShrink={0}>
          <Text wrap="truncate">{text === "" ? safe` ` : text}</Text>
        </Box>
      )}
    </Static>
  );
});
