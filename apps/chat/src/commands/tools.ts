import type { ToolGroup } from "../sessions/interactive-context.ts";
import { type SafeText, safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import { indentLines, wrapLine } from "../terminal/width.ts";
import { type Entry, noticeEntry } from "../transcript/entry.ts";
import type { MarkdownStyle } from "../transcript/markdown.ts";
import type { Command, Desk } from "./command.ts";

/** `/tools [retry [server]]` */
export function toolsCommand(desk: Desk): Command {
  return {
    name: "tools",
    usage: "/tools [retry [server]]",
    description: "list the tools by server, and which ask you first; retry tries servers that failed",
    when: "always",
    values: () => [
      { value: "retry", description: "try the servers that failed" },
      ...desk
        .toolGroups()
        .filter(({ state }) => state === "failed")
        .map(({ name }) => ({ value: `retry ${name}` })),
    ],
    run: (argument) => {
      const [act, named, ...more] = argument.split(/\s+/);
      if (act === "retry" && more.length === 0) {
        desk.print(retried(desk, named));
        return;
      }
      if (argument !== "") {
        desk.print(noticeEntry(safe`/tools, or /tools retry [server]`, "warning"));
        return;
      }
      const groups = desk.toolGroups();
      const now = desk.now();
      desk.print((style) => groups.flatMap((group) => [[], ...groupLines(group, style, now)]));
    },
  };
}

/** What is tried. How it went is a line of its own, when it is known. */
function retried(desk: Desk, named: string | undefined): Entry {
  const tried = desk.retryServers(named);
  const name = visibleText(named ?? "");
  if (tried === undefined)
    return noticeEntry(safe`There is no server ${name}: /tools lists them.`, "warning");
  if (tried.length > 0) return noticeEntry(safe`Trying ${visibleText(tried.join(", "))} again.`, "retry");
  return noticeEntry(named === undefined ? safe`No server has failed.` : safe`${name} has not failed.`);
}

function groupLines(
  { name, state, problem, retryAt, tools }: ToolGroup,
  style: MarkdownStyle,
  now: number,
): readonly Line[] {
  const { theme, width } = style;
  const again =
    retryAt === undefined
      ? safe``
      : safe`; tried again in ${Math.max(0, Math.ceil((retryAt - now) / 1000))} s`;
  const about = problem === undefined ? safe`` : safe`: ${safeText(problem.replace(/\.$/, ""))}${again}`;
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
