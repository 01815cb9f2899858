import type { AppErrorFacts } from "./error-facts.ts";

/** Every error code of this package, with what `docs/errors.md` says of it. */
export const errorCodes: { readonly [code in keyof AppErrorFacts]: string } = {
  ORCH_USAGE:
    "The command line has a flag, a command or a value that the program does not know. The sentence names the nearest one it knows; `orch --help` lists all. Exit code 2.",
  ORCH_CONFIG:
    "A configuration cannot be read or holds a value of the wrong type. The sentence names the file and the setting. Nothing was run. Exit code 3.",
  ORCH_ORCHESTRATION_UNKNOWN:
    "The orchestration asked for is neither bundled (`research`, `chat`, `triage`, `review`) nor under `orchestrations` in the configuration. The sentence names those there are. Exit code 8.",
  ORCH_ORCHESTRATION_FILE:
    "The file of an orchestration could not be loaded, or does not export, as default, a function of `{ model, root }` that gives an orchestration or a runtime configuration. Each problem stands on a line of its own, as `file:line:column: what is wrong`: every problem of a definition, and the first mistake in the syntax. Exit code 3.",
  ORCH_UNTRUSTED:
    "A file of the project runs code (a `.ts` or `.js` configuration, an orchestration of its own), and you have not said yet that it may, or it changed since. Read it and start once with `--trust`. Exit code 3 when that very file was asked for; otherwise it is skipped with this sentence.",
  ORCH_INPUT: "The input of `orch run` is not there, is not JSON, or is empty. Exit code 6.",
  ORCH_FILE_EXISTS: "`orch init` or `orch new` would have overwritten a file and wrote nothing. Exit code 2.",
  ORCH_FILE_UNWRITTEN:
    "A file could not be written, because the disk is full or may not be written: a choice like a theme, which holds until the chat ends, a tool that was allowed for good, or an export. Nothing of it is left behind. Make room, and try again.",
  ORCH_SESSION_MISSING:
    "`--resume` names a session that this folder does not have. `orch sessions` lists them; the start or the end of an id is enough when it fits only one. Exit code 8.",
  ORCH_QUESTION_ASKED:
    "A run without a screen (`-p`, `orch run`) asks a question, and nothing goes on until it is answered, so the run was stopped. Start `orch` on a terminal and answer there. Exit code 20.",
  ORCH_RUN_MISSING:
    "`orch attach`, `orch cancel` or `/fg` names a run that this folder does not have, or several. `orch runs --all` lists them; the start or the end of an id is enough when it fits only one. Exit code 8.",
  ORCH_QUESTION_MISSING:
    "`orch answer` names a question that does not wait in this folder, or several, or a number of the inbox whose question is closed. `orch inbox` lists those that wait. One that was asked before was answered, closed, or its run has ended. Exit code 8.",
  ORCH_ANSWER_UNFIT:
    "An answer to a question of a run that no process drives does not have the form that the question asks for, so it was not kept. The question stays open. Exit code 6.",
  ORCH_INTERRUPTED:
    "A signal stopped the program. Exit code 130 after SIGINT, 143 after SIGTERM, 129 after SIGHUP.",
  ORCH_WORKERS_CANNOT:
    "`host` of the configuration has runs driven by workers, and there a run that has ended stays as it is: it cannot be tried again from where it failed, and not be forked. Send the message again, which begins a new run; leave `host` out for runs on this machine. Exit code 1.",
};
