/** Completion of slash commands and of their arguments. */
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
  let best: TCommand | undefined;
  let least = Math.max(1, Math.floor(name.length / 2)) + 1;
  for (const command of commands) {
    for (const each of [command.name, ...(command.aliases ?? [])]) {
      const distance = editDistance(name.toLowerCase(), each);
      if (distance < least) {
        least = distance;
        best = command;
      }
    }
  }
  return best;
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

/** Insertions, deletions and replacements between two short words. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let i = 1; i <= Math.min(left.length, 64); i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const change = row[j - 1]! + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row.at(-1)!;
}
