/** The door to the warnings of the process. A place without them, as a browser, is told nothing. */
export function warn(text: string, code: string): void {
  const { process } = globalThis as { readonly process?: { readonly emitWarning?: EmitWarning } };
  process?.emitWarning?.(text, { type: "OrchWarning", code });
}

type EmitWarning = (text: string, options: { readonly type: string; readonly code: string }) => void;
