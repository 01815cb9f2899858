import { questionText } from "../reply/question-text.ts";
import type { ReplyEnd, ReplyPiece } from "../reply/reply-piece.ts";
import type { ReplyPlace } from "../reply/reply-place.ts";
import type { BegunReply } from "./begin-reply.ts";
import { questionMark } from "./question-mark.ts";

/** What a client is told: words of the answer, words beside it, that the answer until now is cut, or the end. */
export type SpokenPiece =
  | { readonly type: "answer"; readonly text: string }
  | { readonly type: "reasoning"; readonly text: string }
  | { readonly type: "cut" }
  | ReplyEnd;

/** Puts the pieces of a reply into words: states and asides as reasoning, a question as the last words of the answer. */
export async function* spokenReply(
  pieces: AsyncIterable<ReplyPiece | ReplyEnd> | Iterable<ReplyPiece | ReplyEnd>,
  { place, refused }: BegunReply,
): AsyncGenerator<SpokenPiece, void, undefined> {
  let answered = "";
  let aside = "";
  for await (const piece of pieces) {
    // The question is asked again: what came before it was told the first time.
    if (place.again > 0 && piece.type !== "end") continue;
    switch (piece.type) {
      case "state":
        yield { type: "reasoning", text: `${aside === "" ? "" : "\n"}[${piece.state}]\n` };
        aside = piece.path;
        break;
      case "aside":
        yield {
          type: "reasoning",
          text: aside === piece.path ? piece.text : `\n[${piece.state}]\n${piece.text}`,
        };
        aside = piece.path;
        break;
      case "text":
        yield {
          type: "answer",
          text: `${answered === "" || answered === piece.path ? "" : "\n\n"}${piece.text}`,
        };
        answered = piece.path;
        break;
      case "cut":
        yield { type: "cut" };
        answered = "";
        break;
      case "end":
        if (piece.status === "asked")
          yield { type: "answer", text: asking(piece, place, refused, answered !== "") };
        yield piece;
    }
  }
}

function asking(
  { questions }: ReplyEnd,
  place: ReplyPlace,
  refused: string | undefined,
  isLater: boolean,
): string {
  const asked = questions.map(({ prompt, question }) =>
    questions.length === 1 ? questionText(prompt) : `${question}: ${questionText(prompt)}`,
  );
  const parts = [...(refused === undefined ? [] : [refused]), ...asked, questionMark(place)];
  return `${isLater ? "\n\n" : ""}${parts.join("\n\n")}`;
}
