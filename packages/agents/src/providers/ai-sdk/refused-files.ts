/**
 * Which files a provider package takes, nothing tells beforehand: it throws while it writes its request, before
 * anything is sent. Then the request is written again without the files it stumbled over.
 */
import type { FilePart, Message } from "../../words/message.ts";

/**
 * Calls `open` with the media types to leave out: none at first, and one more for each time the provider package
 * says that it does not support one of those in `messages`.
 */
export async function withoutRefusedFiles<T>(
  messages: readonly Message[],
  open: (refused: ReadonlySet<string>) => Promise<T>,
): Promise<T> {
  const refused = new Set<string>();
  for (;;) {
    try {
      return await open(refused);
    } catch (error) {
      const type = refusedType(error, messages, refused);
      if (type === undefined) throw error;
      refused.add(type);
    }
  }
}

function refusedType(
  error: unknown,
  messages: readonly Message[],
  known: ReadonlySet<string>,
): string | undefined {
  if (!(error instanceof Error) || error.name !== "AI_UnsupportedFunctionalityError") return undefined;
  const said = error.message.toLowerCase();
  const types = new Set(filesOf(messages).map(({ mediaType }) => mediaType));
  const left = [...types].filter((type) => !known.has(type));
  const names = (type: string): readonly string[] => type.toLowerCase().split("/");
  return (
    left.find((type) => said.includes(type.toLowerCase())) ??
    left.find((type) => names(type).some((name) => said.includes(name)))
  );
}

function filesOf(messages: readonly Message[]): readonly FilePart[] {
  return messages.flatMap((message) =>
    message.content.flatMap((part): readonly FilePart[] => {
      if (part.type === "file") return [part];
      if (part.type !== "tool-result" || typeof part.output === "string") return [];
      return part.output.filter((inner) => inner.type === "file");
    }),
  );
}
