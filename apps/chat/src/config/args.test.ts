import { describe, expect, it } from "vitest";
import { readArgs } from "./args.ts";

describe("the command line", () => {
  it.each([
    [[], { command: "chat", print: false }],
    [["-p", "why?"], { command: "chat", print: true, prompt: "why?" }],
    [["--print", "run", "the", "tests"], { command: "chat", print: true, prompt: "run the tests" }],
    [["how are you"], { command: "chat", print: false, prompt: "how are you" }],
    [
      ["run", "research", "--input", "a.json"],
      { command: "run", orchestration: "research", input: "a.json" },
    ],
    [["run", "research"], { command: "run", input: "-" }],
    [["check"], { command: "check" }],
    [["check", "mine", "--json"], { command: "check", target: "mine", flags: { output: "json" } }],
    [["hello?"], { command: "chat", prompt: "hello?" }],
    [["hello", "there"], { command: "chat", prompt: "hello there" }],
    [["serve"], { command: "serve", port: 4111, host: "127.0.0.1", drain: 10, watch: false }],
    [["worker"], { command: "worker", port: 9080, host: "127.0.0.1", drain: 10 }],
    [["worker", "--port", "0", "--url", "http://workers:80"], { port: 0, url: "http://workers:80" }],
    [["--", "serve"], { command: "chat", prompt: "serve" }],
    [["-p", "serve"], { command: "chat", print: true, prompt: "serve" }],
    [["init"], { command: "init" }],
    [["sessions"], { command: "sessions", rest: [] }],
    [["config", "explain", "model"], { command: "explain", key: "model" }],
    [["config", "trust"], { command: "trust" }],
    [["-c", "--help"], { command: "help" }],
    [["serve", "--help"], { command: "help", about: "serve" }],
  ])("%j is understood", (args, expected) => {
    expect(readArgs(args)).toMatchObject(expected);
  });

  it("carries its flags", () => {
    const { flags } = readArgs([
      "-p",
      "x",
      "--orc",
      "chat",
      "--model=a/b",
      "--output",
      "json",
      "--no-session",
    ]);
    expect(flags).toEqual({
      orchestration: "chat",
      model: "a/b",
      output: "json",
      continue: false,
      trust: false,
      session: false,
    });
  });

  it.each([
    [["--modle", "x"], "There is no option --modle.", "--model"],
    [["--output", "jsn"], 'not "jsn"', "json"],
    [["sesions"], 'There is no command "sesions".', "sessions"],
    [["deploy"], 'There is no command "deploy": there are run, init', undefined],
    [["serve", "x"], 'orch serve takes no "x"', undefined],
    [["worker", "x"], 'orch worker takes no "x"', undefined],
    [["worker", "--url", "workers"], "--url needs an address", undefined],
    [["serve", "--port", "x"], "--port needs a whole number", undefined],
    [["chekc"], 'There is no command "chekc".', "check"],
    [["check", "a", "b"], 'orch check takes no "b"', undefined],
    [["rnu"], 'There is no command "rnu".', "run"],
    [["runz"], 'There is no command "runz".', "runs"],
    [["completion", "bsh"], "orch completion needs one shell", "bash"],
    [["completion"], "orch completion needs one shell", undefined],
    [["new", "mine", "reveiw"], 'there is no "reveiw"', "review"],
    [["-p", "x", "--model"], "--model needs a value.", undefined],
    [["-p", "x", "--continue=yes"], "--continue takes no value.", undefined],
    [["-c", "-r", "id"], "exclude each other", undefined],
    [["-c", "--no-session"], "--no-session keeps nothing", undefined],
    [["-r", "id", "--no-session"], "--no-session keeps nothing", undefined],
    [["config"], "orch config knows explain and trust", "orch config explain <key>"],
    [["config", "trust", "me"], "orch config knows explain and trust", "orch config explain <key>"],
    [["run"], "needs the name of an orchestration", undefined],
    [["-p", "x", "--input", "f"], "--input belongs to orch run", "run"],
  ])("%j is refused, with the nearest word", (args, problem, nearest) => {
    expect(() => readArgs(args)).toThrow(
      expect.objectContaining({
        code: "ORCH_USAGE",
        message: expect.stringContaining(problem),
        facts: expect.objectContaining(nearest === undefined ? {} : { nearest }),
      }),
    );
  });
});
