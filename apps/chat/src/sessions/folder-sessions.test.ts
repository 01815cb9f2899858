import { userMessage } from "@orch/agents";
import { memorySessions, type Session } from "@orch/chat-runtime";
import { expect, it } from "vitest";
import { folderSessions } from "./folder-sessions.ts";

const asked = (id: string, at: number): Session => ({
  ...{ id, title: id, createdAt: at, updatedAt: at, turnCount: 1 },
  turns: [
    { id: "t", messages: [userMessage("hi")], status: "completed", startedAt: at, configuration: "chat" },
  ],
});

it("lists the sessions of its folder that have a message, page by page", async () => {
  const store = memorySessions();
  const sessions = folderSessions(store, "/coast");
  await sessions.add(asked("old", 1));
  // A program that is killed here leaves a session without a message.
  await sessions.open("empty", 2);
  await sessions.add(asked("new", 3));
  await folderSessions(store, "/hills").add(asked("elsewhere", 4));
  expect((await sessions.list()).map(({ id }) => id)).toEqual(["new", "old"]);
  expect((await sessions.list({ skip: 1, limit: 1 })).map(({ id }) => id)).toEqual(["old"]);
});
