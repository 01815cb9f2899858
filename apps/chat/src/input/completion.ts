/** Completion of slash commands and of their arguments. */
import { nearestName } from "@orch/agents";
import fuzzysort from "fuzzysort";

/** A value that an argument may have. */
export interface CompletionValue {
  readonly value: string;
  readonly description?: string;
}

/** A slash command, as far as completion goes. */
export interface CompletableCommand {
  /** Without the slash. */
  readonly name: string;
  readonly description: string;
  readonly aliases?: readonly string[];
  /** The values of its argument, asked for when it is typed. */
  readonly values?: () => readonly CompletionValue[];
}

/** One line of the popup. */
export interface CompletionItem {
  /** What is shown. */
  readonly label: string;
  readonly description?: string;
  /** The text that replaces the typed part. */
  readonly insert: string;
}

/** The popup, and which part of the text a choice replaces. */
export interface Completion {
  readonly start: number;
  readonly end: number;
  readonly items: readonly CompletionItem[];
}

/** Rows of the popup. */
export const MAX_ITEMS = 8;

/** What may complete the text at the cursor; `undefined` when nothing does. */
export function complete(
  text: string,
  cursor: number,
  commands: readonly CompletableCommand[],
): Completion | undefined {
  const typed = text.slice(0, cursor);
  if (!typed.startsWith("/") || typed.includes("\n")) return undefined;
  const space = typed.indexOf(" ");
  if (space < 0) return offer(1, cursor, commandItems(typed.slice(1), commands));
  const command = findCommand(typed.slice(1, space), commands);
  const values = command?.values?.() ?? [];
  return offer(space + 1, cursor, valueItems(typed.slice(space + 1), values));
}

/** The command of a name or alias. */
export function findCommand<TCommand extends CompletableCommand>(
  name: string,
  commands: readonly TCommand[],
): TCommand | undefined {
  return commands.find((command) => command.name === name || command.aliases?.includes(name));
}

/** The command whose name is nearest to a mistyped one; `undefined` when none is near. */
export function nearestCommand<TCommand extends CompletableCommand>(
  name: string,
  commands: readonly TCommand[],
): TCommand | undefined {
  const near = nearestName(
    name,
    commands.flatMap((command) => [command.name, ...(command.aliases ?? [])]),
  );
  return near === undefined ? undefined : findCommand(near, commands);
}

function offer(start: number, end: number, items: readonly CompletionItem[]): Completion | undefined {
  return items.length === 0 ? undefined : { start, end, items };
}

function commandItems(typed: string, commands: readonly CompletableCommand[]): CompletionItem[] {
  const item = (command: CompletableCommand): CompletionItem => ({
    label: `/${command.name}`,
    description: command.description,
    insert: command.values === undefined ? command.name : `${command.name} `,
  });
  if (typed === "") return commands.slice(0, MAX_ITEMS).map(item);
  const keys = [(command: CompletableCommand) => command.name, aliasesOf];
  const found = fuzzysort.go(typed, commands, { keys, limit: MAX_ITEMS, threshold: 0.3 });
  return found.map((result) => item(result.obj));
}

function aliasesOf(command: CompletableCommand): string {
  return (command.aliases ?? []).join(" ");
}

function valueItems(typed: string, values: readonly CompletionValue[]): CompletionItem[] {
  const item = ({ value, description }: CompletionValue): CompletionItem => ({
    label: value,
    insert: value,
    ...(description !== undefined && { description }),
  });
  if (typed === "") return values.slice(0, MAX_ITEMS).map(item);
  // A value that is typed in full needs no popup.
  if (values.some(({ value }) => value === typed)) return [];
  const found = fuzzysort.go(typed, values, { key: "value", limit: MAX_ITEMS, threshold: 0.3 });
  return found.map((result) => item(result.obj));
}
