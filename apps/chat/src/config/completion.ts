/** `orch completion`: scripts that let a shell complete commands and options, made of the table that the program reads itself. */
import { COMMANDS, OPTIONS } from "./command-line.ts";

/** Shells that there is a script for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** One shell. */
export type Shell = (typeof SHELLS)[number];

interface Flag {
  readonly name: string;
  readonly short?: string;
  /** What it takes; `file` and `folder` are completed. */
  readonly value?: string;
  readonly choices?: readonly string[];
  readonly does: string;
}

const FLAGS: readonly Flag[] = Object.entries(OPTIONS).map(([name, option]) => ({ name, ...option }));
/** The first form of each command. */
const WORDS = COMMANDS.filter(
  ({ word }, at) => COMMANDS.findIndex((one) => one.word === word) === at,
).flatMap(({ word, does, actions = [] }) => (word === undefined ? [] : [{ word, does, actions }]));

/** The script for a shell, as text. */
export function completionScript(shell: Shell): string {
  return { bash, zsh, fish }[shell]();
}

function bash(): string {
  const after = (word: string, reply: string): string =>
    `    ${word}) COMPREPLY=($(compgen ${reply} -- "$cur")); return ;;\n`;
  const words = (list: readonly string[]): string => `-W "${list.join(" ")}"`;
  const cases = [
    ...FLAGS.flatMap(({ name, choices, value }) => {
      if (choices !== undefined) return after(`--${name}`, words(choices));
      if (value === "file") return after(`--${name}`, "-f");
      return value === "folder" ? after(`--${name}`, "-d") : [];
    }),
    ...WORDS.flatMap(({ word, actions }) => (actions.length === 0 ? [] : after(word, words(actions)))),
  ];
  return `_orch() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}"
  case "$prev" in
${cases.join("")}  esac
  if [[ "$cur" == -* ]]; then COMPREPLY=($(compgen ${words(FLAGS.map(({ name }) => `--${name}`))} -- "$cur"))
  elif [[ "$COMP_CWORD" == 1 ]]; then COMPREPLY=($(compgen ${words(WORDS.map(({ word }) => word))} -- "$cur"))
  else COMPREPLY=(); fi
}
complete -o default -F _orch orch
`;
}

function zsh(): string {
  const plain = (text: string): string => text.replace(/[[\]:\\]/g, "\\$&");
  const options = FLAGS.map(({ name, short, value, choices, does }) => {
    const files = value === "file" ? "_files" : value === "folder" ? "_files -/" : "";
    const taken =
      value === undefined ? "" : `:${value}:${choices === undefined ? files : `(${choices.join(" ")})`}`;
    const spec = quoted(`[${plain(does)}]${taken}`);
    if (short === undefined) return `    --${name}${spec} \\\n`;
    return `    '(-${short} --${name})'{-${short},--${name}}${spec} \\\n`;
  });
  const commands = WORDS.map(({ word, does }) => quoted(`${word}:${plain(does)}`));
  const actions = WORDS.flatMap(({ word, actions }) =>
    actions.length === 0 ? [] : `      ${word}) compadd ${actions.join(" ")}; return ;;\n`,
  );
  // As a file of the search path it is called by its name; where it is read by `source`, it has to be told of.
  return `#compdef orch
_orch_command() { local -a all=(${commands.join(" ")}); _describe command all; }
_orch_action() {
  local word
  for word in "\${words[@]:1}"; do
    case "$word" in
${actions.join("")}    esac
  done
  _files
}
_orch() {
  _arguments \\
${options.join("")}    '1: :_orch_command' '2: :_orch_action' '*: :_files'
}
if [[ "\${funcstack[1]}" == _orch ]]; then _orch "$@"
else
  (( \${+functions[compdef]} )) || { autoload -Uz compinit && compinit; }
  compdef _orch orch
fi
`;
}

function fish(): string {
  const taken = ({ value, choices }: Flag): string => {
    if (value === undefined) return "";
    if (choices !== undefined) return ` -x -a ${quoted(choices.join(" "))}`;
    if (value === "folder") return " -x -a '(__fish_complete_directories)'";
    return value === "file" ? " -r" : " -x";
  };
  const options = FLAGS.map((flag) => {
    const { name, short, does } = flag;
    return `complete -c orch -l ${name}${short === undefined ? "" : ` -s ${short}`}${taken(flag)} -d ${quoted(does)}\n`;
  });
  const commands = WORDS.flatMap(({ word, does, actions }) => {
    const first = `__fish_seen_subcommand_from ${word}; and not __fish_seen_subcommand_from ${actions.join(" ")}`;
    return [
      `complete -c orch -f -n __fish_use_subcommand -a ${word} -d ${quoted(does)}\n`,
      ...actions.map((one) => `complete -c orch -f -n ${quoted(first)} -a ${one}\n`),
    ];
  });
  return [...commands, ...options].join("");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
