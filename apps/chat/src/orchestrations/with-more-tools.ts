/** Lets an agent have tools that are known only when a message is answered, like those of MCP servers. */
import type { Tool } from "@orch/agents";
import { type RuntimeConfiguration, withMiddleware } from "@orch/chat-runtime";

/**
 * What `make` makes of the tools that `more` gives at each message; made anew only when they changed. Until then, and for
 * its graph, it is what `make` makes of none.
 */
export function withMoreTools(
  make: (tools: readonly Tool[]) => RuntimeConfiguration,
  more: (() => Promise<readonly Tool[]>) | undefined,
): RuntimeConfiguration {
  const plain = make([]);
  if (more === undefined) return plain;
  let made = { tools: [] as readonly Tool[], configuration: plain };
  return withMiddleware(plain, async (turn, context, next) => {
    const tools = await more();
    if (tools.length === 0) return next(turn, context);
    if (made.tools !== tools) made = { tools, configuration: make(tools) };
    return next(turn, context, made.configuration);
  });
}
