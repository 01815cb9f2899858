/** All commands and options of the program: `--help`, the reader of the command line and shell completion are made of it. It imports nothing. */

/** One form of a command, as `--help` shows it. */
export interface CommandForm {
  /** The first word; absent for the chat itself. */
  readonly word?: string;
  /** The whole of it, like `orch run <orchestration> --input <file>`. */
  readonly usage: string;
  readonly does: string;
  /** Words that may follow the first one. */
  readonly actions?: readonly string[];
}

/** The commands, in the order of `--help`. */
export const COMMANDS: readonly CommandForm[] = [
  { usage: "orch", does: "opens the chat" },
  { usage: 'orch "question"', does: "opens the chat and asks" },
  { usage: 'orch -p "question"', does: "answers on standard output and ends" },
  { usage: 'cat log.txt | orch -p "what broke?"', does: "the piped text goes along as context" },
  {
    word: "run",
    usage: "orch run <orchestration> --input <file>",
    does: 'runs with a typed input ("-" reads standard input)',
  },
  { word: "init", usage: "orch init", does: "writes orch.config.json and a sample orchestration" },
  {
    word: "new",
    usage: "orch new <name> [bundled]",
    does: "writes an orchestration of your own, or a copy of a bundled one",
  },
  { word: "check", usage: "orch check [name|file]", does: "says what is wrong with your own orchestrations" },
  {
    word: "sessions",
    usage: "orch sessions [words]",
    does: "lists the sessions of this folder, or those with some words",
    actions: ["list", "rename", "delete", "export", "import", "check", "repair"],
  },
  {
    word: "sessions",
    usage: "orch sessions rename|delete <session>",
    does: "gives one another title, or deletes it",
  },
  {
    word: "sessions",
    usage: "orch sessions export|import",
    does: "writes one to standard output, or reads it from a file",
  },
  {
    word: "sessions",
    usage: "orch sessions check",
    does: "reads all of the file of sessions and runs, and says whether it is whole",
  },
  {
    word: "sessions",
    usage: "orch sessions repair",
    does: "saves what can be read of a damaged file, and keeps that one",
  },
  {
    word: "doctor",
    usage: "orch doctor",
    does: "says what is broken in the installation, and how to repair it",
  },
  {
    word: "doctor",
    usage: "orch doctor <provider/model>",
    does: "finds out by ten small calls what a server can do",
  },
  {
    word: "mcp",
    usage: "orch mcp login|logout <server>",
    does: "logs in at a server of tools, or forgets the login",
    actions: ["list", "login", "logout"],
  },
  { word: "mcp", usage: "orch mcp list", does: "lists the servers of tools, and where you are logged in" },
  {
    word: "runs",
    usage: "orch runs [--all]",
    does: "lists the runs of this folder that are under way, or all",
  },
  { word: "inbox", usage: "orch inbox", does: "lists what waits for your answer" },
  { word: "answer", usage: "orch answer <question> <value>", does: "answers a question of the inbox" },
  {
    word: "signal",
    usage: "orch signal <run> <kind> <value>",
    does: "sends a signal to a run that waits for one",
  },
  { word: "attach", usage: "orch attach <run>", does: "follows a run, and goes on with it if nobody does" },
  { word: "cancel", usage: "orch cancel <run>", does: "stops a run for good" },
  { word: "acp", usage: "orch acp", does: "lets an editor drive the orchestrations of its folder" },
  {
    word: "serve",
    usage: "orch serve [--port <number>]",
    does: "lets browsers and programs reach the orchestrations of this folder",
  },
  {
    word: "worker",
    usage: "orch worker [--port <number>]",
    does: "drives runs of this folder's orchestrations for the server of the setting host",
  },
  {
    word: "config",
    usage: "orch config explain [key]",
    does: "shows a setting and where it comes from",
    actions: ["explain", "trust"],
  },
  { word: "config", usage: "orch config trust", does: "shows what --trust would allow in this folder" },
  {
    word: "completion",
    usage: "orch completion <shell>",
    does: "prints completion for bash, zsh or fish",
    actions: ["bash", "zsh", "fish"],
  },
];

/** The options, in the order of `--help`. */
export const OPTIONS = {
  print: { type: "boolean", short: "p", does: "answer and end, without the chat" },
  continue: { type: "boolean", short: "c", does: "go on with the newest session of this folder" },
  resume: { type: "string", short: "r", value: "id", does: "go on with a session of this folder" },
  orc: {
    type: "string",
    value: "name",
    does: "which orchestration answers: research, chat, triage, review, or one of yours",
  },
  model: {
    type: "string",
    value: "name",
    does: "provider/model, like openai/gpt-5.4-mini or local/extractive",
  },
  output: {
    type: "string",
    value: "format",
    choices: ["text", "json", "stream-json", "value"],
    does: "text (default), json, stream-json, value",
  },
  json: { type: "boolean", does: "the same as --output json" },
  all: { type: "boolean", does: 'with "orch runs": those that have ended too' },
  from: { type: "string", value: "number", does: 'with "orch attach": the first event to tell' },
  key: {
    type: "string",
    value: "name",
    does: 'with "orch signal": a second one of this name changes nothing',
  },
  input: { type: "string", value: "file", does: 'input of "orch run"' },
  port: {
    type: "string",
    value: "number",
    does: 'with "orch serve": default 4111, and "orch worker": 9080; 0 takes a free one',
  },
  host: {
    type: "string",
    value: "name",
    does: 'with "orch serve" and "orch worker": default 127.0.0.1, this machine only',
  },
  drain: {
    type: "string",
    value: "seconds",
    does: 'with "orch serve" and "orch worker": how long Ctrl-C waits; default 10',
  },
  url: { type: "string", value: "address", does: 'with "orch worker": where the server reaches it' },
  watch: { type: "boolean", does: 'with "orch serve": takes up changes of your own orchestrations' },
  config: { type: "string", value: "file", does: "this configuration instead of the project's" },
  cwd: { type: "string", value: "folder", does: "work in that folder" },
  trust: {
    type: "boolean",
    does: "trust the code and the providers that the project configures, and remember it",
  },
  debug: {
    type: "boolean",
    optional: "file",
    does: "write everything to the log, or to that file",
  },
  "no-session": { type: "boolean", does: "keep nothing: no conversation, no history, no trust" },
  "screen-reader": {
    type: "boolean",
    does: "append lines that a screen reader can read out, and redraw nothing",
  },
  version: { type: "boolean", short: "v", does: "print the version" },
  help: { type: "boolean", short: "h", does: "print this" },
} as const;
