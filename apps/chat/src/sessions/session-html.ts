/** A conversation as a page. Its texts stand there as they were written, code in blocks; none of it becomes markup. */
import { type AssistantPart, type Message, type ToolMessage, textOf } from "@orch/agents";
import type { Session, TurnRecord } from "@orch/chat-runtime";
import { htmlPage, htmlText } from "../terminal/html-page.ts";

/** Writes a conversation. Turns that the user dropped are left out. */
export function sessionHtml(session: Session): string {
  const title = session.title === "" ? session.id : session.title.replaceAll("\n", " ");
  const turns = session.turns.filter(({ status }) => status !== "dropped");
  const begun = new Date(session.createdAt).toISOString();
  return htmlPage(title, [
    `<h1>${htmlText(title)}</h1>`,
    `<p class="dim">${htmlText(`${begun} · ${session.id}`)}</p>`,
    ...turns.flatMap(turnHtml),
  ]);
}

function turnHtml(turn: TurnRecord): readonly string[] {
  const said = turn.messages.flatMap((message) => messageHtml(message, turn.configuration));
  if (turn.status === "completed") return said;
  return [...said, `<p class="failed">${htmlText(`${turn.status} ${turn.error ?? ""}`.trim())}</p>`];
}

function messageHtml(message: Message, answers: string): readonly string[] {
  switch (message.role) {
    case "user":
      return ["<h2>You</h2>", ...textHtml(textOf(message))];
    case "assistant":
      return [
        `<h2>${htmlText(answers)}</h2>`,
        ...textHtml(textOf(message)),
        ...message.content.flatMap(callHtml),
      ];
    case "tool":
      return message.content.map(({ name, output, isError }) =>
        folded(`${name} ${isError === true ? "failed" : "answered"}`, resultText(output)),
      );
    case "system":
      return [];
  }
}

function callHtml(part: AssistantPart): readonly string[] {
  if (part.type === "tool-call") return [folded(`called ${part.name}`, part.rawInput)];
  if (part.type !== "provider-call") return [];
  const held = [JSON.stringify(part.input ?? null), part.output ?? part.status].join("\n");
  return [folded(`${part.name} ran at the provider`, held)];
}

function folded(title: string, held: string): string {
  return `<details><summary>${htmlText(title)}</summary><pre>${htmlText(held)}</pre></details>`;
}

/** What a tool gave. A picture or another file is left out. */
function resultText(output: ToolMessage["content"][number]["output"]): string {
  if (typeof output === "string") return output;
  return output.map((part) => (part.type === "text" ? part.text : `(${part.type})`)).join("\n");
}

/** Blocks of code apart from what is between them. */
function textHtml(text: string): readonly string[] {
  const blocks: string[] = [];
  let lines: string[] = [];
  let fence: string | undefined;
  const close = (): void => {
    const held = lines.join("\n");
    if (fence !== undefined) blocks.push(`<pre>${htmlText(held)}</pre>`);
    else if (held.trim() !== "") blocks.push(`<div class="text">${htmlText(held.trim())}</div>`);
    lines = [];
  };
  for (const line of text.split("\n")) {
    const mark = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
    const ends = fence !== undefined && mark?.[1]?.startsWith(fence) === true && mark[2]!.trim() === "";
    if (ends || (fence === undefined && mark !== null)) {
      close();
      fence = ends ? undefined : mark![1]!;
    } else lines.push(line);
  }
  close();
  return blocks;
}
