/** Where thinking stands in a stream. */
export function thinkingField(received: string): string | undefined {
  if (received.includes('"reasoning_details"')) return "reasoning_details";
  if (/"reasoning_content":\s*"[^"]/.test(received)) return "reasoning_content";
  if (/"reasoning":\s*"[^"]/.test(received)) return "reasoning";
  if (received.includes("<think>")) return "<think> tags";
  return undefined;
}
