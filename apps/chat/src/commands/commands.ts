import { approveCommand } from "./approve.ts";
import { answerCommand, bgCommand, fgCommand } from "./background.ts";
import { branchCommand } from "./branch.ts";
import type { Command, Desk } from "./command.ts";
import { configCommand } from "./config.ts";
import { connectCommand } from "./connect.ts";
import { copyCommand } from "./copy.ts";
import { costCommand } from "./cost.ts";
import { debugCommand } from "./debug.ts";
import { deleteCommand } from "./delete.ts";
import { earlierCommand } from "./earlier.ts";
import { editCommand } from "./edit.ts";
import { expandCommand } from "./expand.ts";
import { exportCommand } from "./export.ts";
import { forkCommand } from "./fork.ts";
import { graphCommand } from "./graph.ts";
import { helpCommand } from "./help.ts";
import { importCommand } from "./import.ts";
import { keysCommand } from "./keys.ts";
import { linksCommand } from "./links.ts";
import { modelCommand } from "./model.ts";
import { newCommand } from "./new.ts";
import { orcCommand } from "./orc.ts";
import { promptCommand } from "./prompt.ts";
import { queueCommand } from "./queue.ts";
import { quitCommand } from "./quit.ts";
import { renameCommand } from "./rename.ts";
import { replayCommand } from "./replay.ts";
import { resumeCommand } from "./resume.ts";
import { retryCommand } from "./retry.ts";
import { runCommand } from "./run.ts";
import { saveCommand } from "./save.ts";
import { sessionsCommand } from "./sessions.ts";
import { stateCommand } from "./state.ts";
import { themeCommand } from "./theme.ts";
import { timelineCommand } from "./timeline.ts";
import { toolsCommand } from "./tools.ts";
import { trustCommand } from "./trust.ts";
import { undoCommand } from "./undo.ts";
import { vimCommand } from "./vim.ts";

/** All slash commands, in the order of the popup. */
export function createCommands(desk: Desk): readonly Command[] {
  return [
    helpCommand(desk),
    orcCommand(desk),
    modelCommand(desk),
    graphCommand(desk),
    copyCommand(desk),
    linksCommand(desk),
    exportCommand(desk),
    saveCommand(desk),
    sessionsCommand(desk),
    newCommand(desk),
    resumeCommand(desk),
    approveCommand(desk),
    earlierCommand(desk),
    renameCommand(desk),
    branchCommand(desk),
    editCommand(desk),
    deleteCommand(desk),
    importCommand(desk),
    retryCommand(desk),
    undoCommand(desk),
    bgCommand(desk),
    fgCommand(desk),
    answerCommand(desk),
    runCommand(desk),
    timelineCommand(desk),
    stateCommand(desk),
    replayCommand(desk),
    forkCommand(desk),
    expandCommand(desk),
    connectCommand(desk),
    costCommand(desk),
    themeCommand(desk),
    vimCommand(desk),
    keysCommand(desk),
    configCommand(desk),
    queueCommand(desk),
    toolsCommand(desk),
    promptCommand(desk),
    trustCommand(desk),
    debugCommand(desk),
    quitCommand(desk),
  ];
}
