/** The chat for a terminal that can only append: lines in, lines out. */
import { createInterface } from "node:readline";
import { PlainPanel } from "../questions/plain-panel.ts";
import type { InteractiveContext } from "../sessions/interactive-context.ts";
import type { SafeText } from "../terminal/safe-text.ts";
import { HiddenInput } from "./hidden-input.ts";
import type { InteractiveChat } from "./interactive-chat.ts";
import { Narrator } from "./narrator.ts";
import { FAREWELL } from "./welcome.ts";

/** Runs until the input ends or the user quits, and gives the exit code. */
export async function runPlain(chat: InteractiveChat, context: InteractiveContext): Promise<number> {
  const { stdin, stdout } = context;
  const { promise: over, resolve: quit } = Promise.withResolvers<void>();
  const questions = new PlainPanel();
  const narrator = new Narrator();
  const hiding = new HiddenInput(stdin, () =>
    chat.dispatch({ type: "intent", intent: { type: "interrupt" } }),
  );
  const flush = (): void => {
    const { before, after } = narrator.tell(chat.frame);
    const said = (lines: readonly SafeText[]): string => lines.map((line) => `${line}\n`).join("");
    const printed = questions.holds(chat.state.panel) ? "" : chat.scroll.take();
    if (printed !== "") questions.buried();
    const asks = questions.lines(chat.state.panel, context.clock.now(), chat.style);
    const text = `${said(before)}${printed}${said(asks)}${said(after)}`;
    if (text !== "") stdout.write(text);
    hiding.hide(chat.state.dialog?.hidden === true);
  };
  let isDue = false;
  /** Lines that are printed at once are one piece, behind which a question is put once. */
  const flushSoon = (): void => {
    if (isDue) return;
    isDue = true;
    queueMicrotask(() => {
      isDue = false;
      flush();
    });
  };
  chat.welcome({ columns: stdout.columns || 80, rows: 24 });
  flush();
  const lines = createInterface({ input: stdin, terminal: false });
  lines.on("line", (line) => {
    questions.typed(line);
    chat.dispatch({ type: "line", text: hiding.typed(line) });
  });
  lines.once("close", quit);
  const stopListening = context.onInterrupt(() =>
    chat.dispatch({ type: "intent", intent: { type: "interrupt" } }),
  );
  let code = 0;
  const stopHearing = context.onEnd((by) => {
    code = by;
    void chat.leave();
  });
  const started = chat.start({
    changed: flushSoon,
    perform: ({ type }) => (type === "quit" ? quit() : flush()),
  });
  await over;
  stopListening();
  stopHearing();
  lines.close();
  hiding.hide(false);
  await chat.close();
  await started;
  stdout.write(chat.scroll.take());
  if (chat.resumable !== undefined) stdout.write(FAREWELL);
  return code;
}
