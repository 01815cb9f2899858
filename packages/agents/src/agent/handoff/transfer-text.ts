/** The result of a tool call by which an agent hands the conversation over. */
export function transferText(to: string): string {
  return `Transferred to ${to}.`;
}

/** Whether a result is that of a handoff, which says nothing of what was asked. */
export function isTransferText(text: string): boolean {
  return /^Transferred to [^\n]{1,200}\.$/.test(text);
}
