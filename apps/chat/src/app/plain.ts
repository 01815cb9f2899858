/** The chat for a terminal that can only append: lines in, lines out. */
import { createInterface } from "node:readline";
import type { InteractiveContext } from "../sessions/interactive-context.ts";
import type { InteractiveChat } from "./interactive-chat.ts";

/** Runs until the input ends or the user quits, and gives the exit code. */
export async function runPlain(chat: InteractiveChat, context: InteractiveContext): Promise<number> {
  const { stdin, stdout } = context;
  const { promise: over, resolve: quit } = Promise.withResolvers<void>();
  const flush = (): void => {
    const text = chat.scroll.take();
    if (text !== "") stdout.write(text);
  };
  chat.welcome({ columns: stdout.columns || 80, rows: 24 });
  flush();
  const lines = createInterface({ input: stdin, terminal: false });
  lines.on("line", (text) => {
    for (const intent of [{ type: "edit", action: { type: "load", text } }, { type: "enter" }] as const)
      chat.dispatch({ type: "intent", intent });
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
    changed: flush,
    perform: ({ type }) => (type === "quit" ? quit() : flush()),
  });
  await over;
  stopListening();
  stopHearing();
  lines.close();
  await chat.close();
  await started;
  return code;
}
