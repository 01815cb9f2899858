/** The material in the conversation itself: lines like `docs/retry.md:12: text`, findings as JSON, results of tools. */
import { type Json, parseJson } from "@orch/core";
import { isTransferText } from "../../agent/handoff/transfer-text.ts";
import { type Paragraph, paragraphsOf } from "../../tools/files/paragraphs.ts";
import type { Message, ToolResultPart } from "../../words/message.ts";
import { textOf } from "../../words/message.ts";
import { keywordsOf, questionIn, questionOf } from "./question.ts";

/** The last turn of a conversation. */
export interface Turn {
  /** What is asked, without material. */
  readonly question: string;
  /** The whole text of the user's message. */
  readonly request: string;
  readonly material: readonly Paragraph[];
  /** The results of this turn's tools, oldest first. */
  readonly results: readonly ToolResultPart[];
  /** The fields of results that are JSON objects; a later result goes before an earlier one. */
  readonly told: ReadonlyMap<string, Json>;
}

const CITED = /^[ \t]*(?:[-*>][ \t]+)?["“]?([^\s:"“][^:\n]{0,300}):(\d{1,9}):[ \t]?(.*)$/;
const HEADING = /^#{1,6}[ \t]+(.+)$/;

/** Reads the last turn: the last message of the user and what came after it. */
export function readTurn(messages: readonly Message[]): Turn {
  const at = messages.findLastIndex((message) => message.role === "user" && !isReAsk(textOf(message)));
  const request = at === -1 ? "" : textOf(messages[at]!);
  const { material, rest } = splitMaterial(request);
  const value = jsonIn(rest);
  let question = (value === undefined ? undefined : questionIn(value)) ?? questionOf(rest);
  // "And why?" asks about what was asked before.
  if (keywordsOf(question).length === 0) {
    const earlier = messages.slice(0, Math.max(0, at)).findLast((message) => message.role === "user");
    if (earlier !== undefined)
      question = `${questionOf(splitMaterial(textOf(earlier)).rest)} ${question}`.trim();
  }
  const results = messages
    .slice(at + 1)
    .flatMap((message) => (message.role === "tool" ? message.content : []));
  const given = results.filter(
    (result) => !result.isError && !result.denied && !isTransferText(resultText(result)),
  );
  const fromTools = given.flatMap(paragraphsOfResult);
  const told = new Map(given.flatMap((result) => fieldsOf(resultText(result))));
  const fromJson = value === undefined ? [] : findingsIn(value);
  return { question, request, material: [...fromTools, ...material, ...fromJson], results, told };
}

/** The runner sends an answer back that does not fit; what was asked stands further up. */
function isReAsk(text: string): boolean {
  return text.startsWith("The answer does not fit the schema:");
}

/** The text of a tool's result; files in it are left out. */
export function resultText(result: ToolResultPart): string {
  if (typeof result.output === "string") return result.output;
  return result.output.map((part) => (part.type === "text" ? part.text : "")).join("\n");
}

function paragraphsOfResult(result: ToolResultPart): readonly Paragraph[] {
  const text = resultText(result);
  const { material } = splitMaterial(text);
  return material.length > 0 ? material : paragraphsOf(`tool:${result.name}`, text);
}

/** Takes the `path:line: text` lines out of a text. Lines that follow each other in a file are read together. */
function splitMaterial(text: string): { readonly material: readonly Paragraph[]; readonly rest: string } {
  const material: Paragraph[] = [];
  const rest: string[] = [];
  let heading = "";
  let run: { path: string; from: number; heading: string; lines: string[] } | undefined;
  const close = (): void => {
    if (run === undefined) return;
    const { path, from, heading: above, lines } = run;
    for (const paragraph of paragraphsOf(path, lines.join("\n"))) {
      const title = paragraph.heading === "" ? above : paragraph.heading;
      material.push({ ...paragraph, line: paragraph.line + from - 1, heading: title });
    }
    run = undefined;
  };
  for (const line of text.split(/\r\n|\n|\r/)) {
    const [, path, number, content] = CITED.exec(line) ?? [];
    if (path === undefined || !/\p{L}/u.test(path) || path.includes("//")) {
      close();
      const title = HEADING.exec(line)?.[1];
      if (title !== undefined) heading = title;
      else if (line.trim() === "") heading = "";
      rest.push(line);
      continue;
    }
    const at = Number(number);
    if (run !== undefined && (run.path !== path || run.from + run.lines.length !== at)) close();
    run ??= { path, from: at, heading, lines: [] };
    run.lines.push(content ?? "");
  }
  close();
  return { material, rest: rest.join("\n") };
}

function jsonIn(text: string): Json | undefined {
  const start = text.search(/[[{]/);
  const end = Math.max(text.lastIndexOf("]"), text.lastIndexOf("}"));
  if (start === -1 || end <= start) return undefined;
  try {
    return parseJson(text.slice(start, end + 1));
  } catch {
    return undefined;
  }
}

function fieldsOf(text: string): readonly (readonly [string, Json])[] {
  const value = text.trimStart().startsWith("{") ? jsonIn(text) : undefined;
  return value === undefined || value === null || typeof value !== "object" || Array.isArray(value)
    ? []
    : Object.entries(value);
}

/** Objects that hold a path, a line and a text, wherever they stand in a value. */
function findingsIn(value: Json): readonly Paragraph[] {
  if (value === null || typeof value !== "object") return [];
  if (Array.isArray(value)) return value.flatMap(findingsIn);
  const { path, line, quote, text, heading } = value as { readonly [key: string]: Json };
  const said = typeof quote === "string" ? quote : text;
  if (typeof path === "string" && typeof line === "number" && typeof said === "string") {
    const title = typeof heading === "string" ? heading : "";
    return [{ path, line, heading: title, lines: [said], code: false }];
  }
  return Object.values(value).flatMap(findingsIn);
}
