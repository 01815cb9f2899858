/** The first line of what was thrown, whatever it was. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const end = text.indexOf("\n");
  return end === -1 ? text : text.slice(0, end);
}
