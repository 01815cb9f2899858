import type { ToolGroup } from "../sessions/interactive-context.ts";
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import { indentLines, wrapLine } from "../terminal/width.ts";
import type { MarkdownStyle } from "../transcript/markdown.ts";
import type { Command, Desk } from "./command.ts";

/** `/tools` */
export function toolsCommand(desk: Desk): Command {
  return {
    name: "tools",
    usage: "/tools",
    description: "list the tools by server, and which of them ask you first",
    when: "always",
    run: () => {
      const groups = desk.toolGroups();
      desk.print((style) => groups.flatMap((group) => [[], ...groupLines(group, style)]));
    },
  };
}

function groupLines({ name, state, problem, tools }: ToolGroup, style: MarkdownStyle): readonly Line[] {
  const { theme, width } = style;
  const about = problem === undefined ? safe`` : safe`: ${safeText(problem)}`;
  const look = state === "failed" ? theme.styles.failed : theme.styles.dim;
  const head = [span(safeText(name), theme.styles.strong), span(safe` ${safeText(state)}${about}`, look)];
  const rows = tools.flatMap(({ name: tool, asks, description }) => {
    const line: Line = [
      span(safeText(tool), theme.styles.code),
      span(safe` ${asksInWords(asks)}`, asks === "never" ? theme.styles.dim : theme.styles.waiting),
      span(safe`  ${firstLine(description)}`, theme.styles.dim),
    ];
    return indentLines(
      wrapLine(line, Math.max(1, width - 4), style),
      [{ text: safe`  ` }],
      [{ text: safe`    ` }],
    );
  });
  return [...wrapLine(head, width, style), ...rows];
}

function asksInWords(asks: ToolGroup["tools"][number]["asks"]): SafeText {
  if (asks === "never") return safe`runs without asking`;
  return asks === "always" ? safe`asks first` : safe`may ask first`;
}

function firstLine(description: string): SafeText {
  return safeText(description.split("\n", 1)[0]?.slice(0, 200) ?? "");
}
