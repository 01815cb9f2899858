/** `orch acp`, driven by the protocol's official client over the pipes of a real process. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { methods, type Plan, type SessionUpdate } from "@agentclientprotocol/sdk";
import { beforeAll, describe, expect, test } from "vitest";
import { thorough } from "../../../scripts/lanes.ts";
import { AcpProgram } from "./support/acp-program.ts";
import { ASKING, FORMS } from "./support/asking-files.ts";
import { buildCli } from "./support/built-cli.ts";
import { LANES, SALE } from "./support/lanes-files.ts";
import { DOCUMENTS, sandbox } from "./support/sandbox.ts";
import { heldModel } from "./support/slow-model.ts";

let file: string;
beforeAll(async () => {
  ({ file } = await buildCli());
});

const { session: SESSION, initialize } = methods.agent;

/** The updates of one kind. */
function of<TKind extends SessionUpdate["sessionUpdate"]>(
  program: AcpProgram,
  kind: TKind,
): readonly Extract<SessionUpdate, { readonly sessionUpdate: TKind }>[] {
  return program.updates.filter(
    (update): update is Extract<SessionUpdate, { readonly sessionUpdate: TKind }> =>
      update.sessionUpdate === kind,
  );
}

function rows({ entries }: Plan): readonly string[] {
  return entries.map(({ status, content }) => `${status}: ${content}`);
}

describe.concurrent("a conversation in an editor", () => {
  test("streams an answer once, with the states as a plan, and is listed with its title", async () => {
    await using box = await sandbox(file, DOCUMENTS);
    await using program = new AcpProgram(file, box);
    const { sessionId, modes, configOptions } = await program.begin(box.folder);
    expect(modes?.currentModeId).toBe("research");
    expect(configOptions?.map(({ id, category }) => [id, category])).toEqual([
      ["orchestration", "mode"],
      ["model", "model"],
    ]);

    const question = "What survives a storm?";
    expect(await program.prompt(sessionId, question)).toEqual({ stopReason: "end_turn" });

    expect(program.said).toContain("The journal survives a storm");
    expect(program.said.match(/survives a storm because/g)).toHaveLength(1);
    const messages = new Set(of(program, "agent_message_chunk").map(({ messageId }) => messageId));
    expect(messages.size).toBe(1);
    const [first] = of(program, "plan");
    expect(rows(first!)).toEqual([
      "pending: plan",
      "pending: searchAll",
      "pending: report",
      "pending: check",
      "pending: present",
    ]);
    expect(
      of(program, "plan")
        .at(-1)!
        .entries.every(({ status }) => status === "completed"),
    ).toBe(true);
    await program.until(() => of(program, "session_info_update").length > 0);
    const { sessions } = await program.agent.request(SESSION.list, { cwd: box.folder });
    expect(sessions).toMatchObject([{ sessionId, cwd: box.folder, title: question }]);
    expect(program.stderr).toContain("No model is configured, so local/extractive answers");
    program.child.stdin.end();
    expect(await program.ended).toEqual({ code: 0, signal: null });
  });

  test("asks for permission with the call as it is, and denies, stops, allows and remembers", async () => {
    await using box = await sandbox(file, FORMS);
    const choices = ["no", undefined, "always", "yes"];
    await using program = new AcpProgram(file, box, ["--trust", "--orc", "tool"], {
      permit: () => choices.shift(),
    });
    const { sessionId } = await program.begin(box.folder);
    await program.prompt(sessionId, "a.md");
    expect(program.said).toContain("denied");
    const [asked] = program.permissions;
    expect(asked).toMatchObject({ sessionId, toolCall: { title: "May edit_file run?" } });
    expect(asked!.options.map(({ optionId, kind }) => `${optionId} ${kind}`)).toEqual([
      "yes allow_once",
      "run allow_always",
      "always allow_always",
      "same allow_always",
      "no reject_once",
    ]);
    // The client knows the call by its id.
    const [call] = of(program, "tool_call");
    expect(call!.toolCallId).toBe(asked!.toolCall.toolCallId);
    expect(call).toMatchObject({ name: "edit_file", status: "pending", rawInput: { path: "a.md" } });
    expect(of(program, "tool_call_update").at(-1)).toMatchObject({
      toolCallId: call!.toolCallId,
      status: "failed",
    });

    // A request that is dismissed stops the turn.
    expect(await program.prompt(sessionId, "d.md")).toEqual({ stopReason: "cancelled" });
    await expect(readFile(join(box.folder, "ran"))).rejects.toThrow("ENOENT");

    await program.prompt(sessionId, "b.md c.md");
    expect(program.permissions).toHaveLength(3);
    expect(await readFile(join(box.folder, "ran"), "utf8")).toBe("b.md\nc.md\n");
    const ends = of(program, "tool_call_update").filter(({ status }) => status === "completed");
    expect(ends).toHaveLength(2);
    // What is allowed for good is allowed in the chat too.
    const kept = await readFile(join(box.home, ".local/state/orch/approvals.json"), "utf8");
    expect(kept).toContain("edit_file");
  });

  test("asks questions by forms, several at once, and again where an answer does not fit", async () => {
    await using box = await sandbox(file, { ...FORMS, "lamp.js": ASKING["lamp.js"]! });
    await writeFile(
      join(box.folder, "orch.config.json"),
      JSON.stringify({
        orchestrations: {
          form: { file: "./form.js" },
          lanes: { file: "./lanes.js" },
          lamp: { file: "./lamp.js" },
        },
      }),
    );
    const lamp = ["perhaps", "yes"];
    await using program = new AcpProgram(file, box, ["--trust", "--orc", "form"], {
      fill: ({ message }) => {
        if (message.startsWith("Publish")) return { action: "accept", content: { approve: true, copies: 3 } };
        if (message.startsWith("Light")) return { action: "accept", content: { answer: lamp.shift()! } };
        return { action: "accept", content: { answer: message.includes("boat") ? "red" : "blue" } };
      },
    });
    const { sessionId } = await program.begin(box.folder);
    await program.prompt(sessionId, "go");
    expect(program.said).toContain('Given: {"approve":true,"copies":3}');
    expect(program.forms[0]).toMatchObject({
      mode: "form",
      sessionId,
      requestedSchema: {
        properties: {
          approve: { type: "boolean", description: "Whether they may be published" },
          copies: { type: "integer", minimum: 1, maximum: 9 },
          notes: { type: "string" },
        },
        required: ["approve", "copies"],
      },
    });
    await program.agent.request(SESSION.setMode, { sessionId, modeId: "lanes" });
    await program.prompt(sessionId, "boat house");
    expect(program.said).toContain("Painted red, blue.");
    await program.agent.request(SESSION.setConfigOption, {
      sessionId,
      configId: "orchestration",
      value: "lamp",
    });
    await program.prompt(sessionId, "the ship");
    expect(program.said).toContain("It burns.");
    expect(program.forms.at(-1)!.message).toContain("say yes or no");
  });

  test.runIf(thorough)(
    "ends the prompt where no form can be shown, and takes the next message as the answer",
    async () => {
      await using box = await sandbox(file, ASKING);
      await using program = new AcpProgram(file, box, ["--trust", "--orc", "lamp"], { can: {} });
      const { sessionId } = await program.begin(box.folder);
      expect(await program.prompt(sessionId, "the ship")).toEqual({ stopReason: "end_turn" });
      expect(program.said).toContain("Light the lamp for the ship?");
      expect(program.said).not.toContain("It burns.");
      expect(await program.prompt(sessionId, "perhaps")).toEqual({ stopReason: "end_turn" });
      expect(program.said).toContain("That does not fit: say yes or no");
      expect(await program.prompt(sessionId, "yes")).toEqual({ stopReason: "end_turn" });
      expect(program.said).toContain("It burns.");
    },
  );

  test.runIf(thorough)("reads a message as the fields of a form, written as JSON", async () => {
    await using box = await sandbox(file, FORMS);
    await using program = new AcpProgram(file, box, ["--trust", "--orc", "form"]);
    const { sessionId } = await program.begin(box.folder);
    // The form is declined.
    await program.prompt(sessionId, "go");
    expect(program.forms).toHaveLength(1);
    expect(program.said).toContain("a JSON object with approve (true or false)");
    await program.prompt(sessionId, "yes");
    expect(program.said).toContain("That does not fit: it is not JSON");
    await program.prompt(sessionId, '{"approve":true,"copies":2}');
    expect(program.said).toContain('Given: {"approve":true,"copies":2}');
  });

  test("stops an answer by session/cancel, and answers the next message", async () => {
    await using model = await heldModel("The lamp burns oil.", "The lamp");
    await using box = await sandbox(file, model.files);
    await using program = new AcpProgram(file, box, model.args);
    const { sessionId } = await program.begin(box.folder);
    const answer = program.prompt(sessionId, "What burns?");
    await program.until(() => program.said.includes("The lamp"));
    // One message after the other.
    await expect(program.prompt(sessionId, "And now?")).rejects.toThrow("A message is being answered");
    await program.agent.notify(SESSION.cancel, { sessionId });
    expect(await answer).toEqual({ stopReason: "cancelled" });
    model.release();
    expect(await program.prompt(sessionId, "What burns?")).toEqual({ stopReason: "end_turn" });
    expect(program.said).toContain("The lamp burns oil.");
  });

  test.runIf(thorough)("says which signals a run waits for", async () => {
    await using box = await sandbox(file, SALE);
    await using program = new AcpProgram(file, box, ["--trust", "--orc", "sale"]);
    const { sessionId } = await program.begin(box.folder);
    const answer = program.prompt(sessionId, "tea");
    await program.until(() => program.said.includes("waits for the signal paid"));
    const run = /orch signal (\S+) paid/.exec(program.said)![1]!;
    expect(await box.run(["signal", run, "paid", "5", "--trust"])).toMatchObject({ code: 0 });
    await program.until(() => program.said.includes("waits for the signal sent"));
    expect(await box.run(["signal", run, "sent", "boat", "--trust"])).toMatchObject({ code: 0 });
    expect(await answer).toEqual({ stopReason: "end_turn" });
    expect(program.said).toContain("tea: 5, boat");
  });
});

describe.concurrent("an editor that is gone", () => {
  test.each([...(thorough ? (["SIGTERM", "closed pipe"] as const) : []), "SIGKILL" as const])(
    "leaves the run after %s, and the next one loads what was said and goes on",
    async (how) => {
      await using box = await sandbox(file, LANES);
      let sessionId: string;
      {
        await using program = new AcpProgram(file, box, ["--trust", "--orc", "lanes"]);
        ({ sessionId } = await program.begin(box.folder));
        program.prompt(sessionId, "a b c").catch(() => undefined);
        await program.until(() => program.said.includes("What c found so far."));
        await program.until(() =>
          of(program, "plan").some((plan) => rows(plan).includes("in_progress: workAll, 2 of 3")),
        );
        if (how === "closed pipe") program.child.stdin.end();
        else program.child.kill(how);
        const { code } = await program.ended;
        expect(code).toBe({ SIGKILL: null, SIGTERM: 143, "closed pipe": 0 }[how]);
      }
      await writeFile(join(box.folder, "go"), "");
      await using program = new AcpProgram(file, box, ["--trust"], {
        fill: () => ({ action: "accept", content: { answer: "yes" } }),
      });
      await program.introduce();
      const { sessions } = await program.agent.request(SESSION.list, { cwd: box.folder });
      expect(sessions.map((one) => one.sessionId)).toEqual([sessionId]);
      const loaded = await program.agent.request(SESSION.load, {
        sessionId,
        cwd: box.folder,
        mcpServers: [],
      });
      await program.until(() => program.said.includes("/continue goes on where it stopped"));
      // What answered before answers again.
      expect(loaded?.modes?.currentModeId).toBe("lanes");
      expect(of(program, "user_message_chunk").map(({ content }) => content)).toEqual([
        { type: "text", text: "a b c" },
      ]);
      expect(await program.prompt(sessionId, "/continue")).toEqual({ stopReason: "end_turn" });
      expect(program.forms.map(({ message }) => message)).toEqual(["Publish ABC?"]);
      expect(program.said).toContain("It is published.");
      // What had completed did not run again.
      const ran = (await readFile(join(box.folder, "ran"), "utf8")).trim().split("\n");
      expect(ran.toSorted()).toEqual(["a", "b", "c", "c", "plan"]);
      await expect(program.prompt(sessionId, "/continue")).rejects.toThrow();
    },
  );

  test.runIf(thorough)(
    "finds a conversation held by another process, and takes one out of the list",
    async () => {
      await using box = await sandbox(file, ASKING);
      await using one = new AcpProgram(file, box, ["--trust", "--orc", "lamp"]);
      const { sessionId } = await one.begin(box.folder);
      await one.prompt(sessionId, "the ship");
      await using other = new AcpProgram(file, box);
      await other.introduce();
      const load = { sessionId, cwd: box.folder, mcpServers: [] };
      await expect(other.agent.request(SESSION.load, load)).rejects.toMatchObject({
        data: { code: "ORCH_SESSION_HELD" },
      });
      await one.agent.request(SESSION.close, { sessionId });
      await other.agent.request(SESSION.resume, { sessionId, cwd: box.folder });
      // Resumed, and not loaded: nothing of before is told.
      expect(of(other, "user_message_chunk")).toEqual([]);
      // A conversation without a message is found by its id, and is in no list.
      const empty = await one.agent.request(SESSION.new, { cwd: box.folder, mcpServers: [] });
      await one.agent.request(SESSION.close, { sessionId: empty.sessionId });
      await other.agent.request(SESSION.load, { ...load, sessionId: empty.sessionId });
      expect(await other.prompt(sessionId, "/drop")).toEqual({ stopReason: "end_turn" });
      await other.agent.request(SESSION.delete, { sessionId });
      expect(await other.agent.request(SESSION.list, {})).toEqual({ sessions: [] });
      await expect(other.agent.request(SESSION.load, load)).rejects.toMatchObject({ code: -32002 });
    },
  );
});

describe.concurrent("what may not be trusted", () => {
  test("runs no code of a folder that is not trusted, in this folder or another", async () => {
    await using box = await sandbox(file, ASKING);
    await using other = await sandbox(file, ASKING);
    await using program = new AcpProgram(file, box, []);
    const { sessionId, modes } = await program.begin(box.folder);
    expect(modes?.currentModeId).toBe("research");
    const lamp = { sessionId, modeId: "lamp" };
    await expect(program.agent.request(SESSION.setMode, lamp)).rejects.toMatchObject({
      message: expect.stringContaining("start once with --trust"),
      data: { code: "ORCH_UNTRUSTED" },
    });
    const elsewhere = await program.agent.request(SESSION.new, { cwd: other.folder, mcpServers: [] });
    await expect(
      program.agent.request(SESSION.setMode, { ...lamp, sessionId: elsewhere.sessionId }),
    ).rejects.toMatchObject({ data: { code: "ORCH_UNTRUSTED" } });
  });

  test.runIf(thorough)("keeps what an orchestration prints out of the protocol", async () => {
    await using box = await sandbox(file, {
      "orch.config.json": '{ "orchestrations": { "loud": { "file": "./loud.js" } } }',
      "loud.js": `import { orchestration, runnable } from "@orch/core";
const loud = runnable("loud", () => { console.log("{\\"jsonrpc\\":\\"2.0\\"}"); return "said \\u009b31m\\u202e it"; });
export default orchestration("loud", (o) => o.start(loud).finish(loud));`,
    });
    await using program = new AcpProgram(file, box, ["--trust", "--orc", "loud"]);
    const { sessionId } = await program.begin(box.folder);
    expect(await program.prompt(sessionId, "go")).toEqual({ stopReason: "end_turn" });
    expect(program.said).toBe("said  it");
    await program.until(() => program.stderr.includes('{"jsonrpc":"2.0"}'));
  });

  test("answers what is no message, and what is not known, and goes on", async () => {
    await using box = await sandbox(file, DOCUMENTS);
    await using program = new AcpProgram(file, box);
    const { agent } = program;
    await expect(agent.request(SESSION.list, {})).rejects.toMatchObject({ code: -32600 });
    const { sessionId } = await program.begin(box.folder);
    for (const line of ["{", "[]", "7", '"a"', "null", "", '{"jsonrpc":"2.0","id":99}', "\u0000\u001b[2J"])
      program.child.stdin.write(`${line}\n`);
    await expect(agent.request("session/nothing", {})).rejects.toMatchObject({ code: -32601 });
    await expect(agent.request(SESSION.new, {} as never)).rejects.toMatchObject({ code: -32602 });
    await expect(agent.request(SESSION.new, { cwd: "docs", mcpServers: [] })).rejects.toThrow("absolute");
    const nowhere = join(box.folder, "nowhere");
    await expect(agent.request(SESSION.new, { cwd: nowhere, mcpServers: [] })).rejects.toThrow(
      "no such folder",
    );
    await expect(program.prompt("session_none", "hello")).rejects.toMatchObject({ code: -32002 });
    await expect(agent.request(SESSION.list, { cursor: "x" })).rejects.toMatchObject({ code: -32602 });
    const option = { sessionId, configId: "colour", value: "red" };
    await expect(agent.request(SESSION.setConfigOption, option)).rejects.toMatchObject({ code: -32602 });
    await expect(agent.request(SESSION.prompt, { sessionId, prompt: [] })).rejects.toThrow("no text");
    expect(await agent.request(initialize, { protocolVersion: 1 })).toMatchObject({ protocolVersion: 1 });
    expect(await program.prompt(sessionId, "What burns oil?")).toEqual({ stopReason: "end_turn" });
    expect(program.said).toContain("The lamp burns oil.");
  });
});
