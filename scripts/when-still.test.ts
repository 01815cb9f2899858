import { spawn } from "node:child_process";
import { afterEach, expect, it } from "vitest";
import { whenStill } from "./when-still.ts";

const children: ReturnType<typeof spawn>[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

function program(text: string): ReturnType<typeof spawn> {
  const child = spawn(process.execPath, ["--eval", text], { stdio: ["ignore", "pipe", "ignore"] });
  children.push(child);
  return child;
}

it("tells of a program that does nothing", async () => {
  const child = program("setInterval(() => {}, 1e6)");
  await new Promise<void>((resolve) => whenStill(child.pid, () => "", resolve, 500));
});

it("tells of a program that only looks from time to time", async () => {
  const child = program(
    "setInterval(() => { const end = performance.now() + 5; while (performance.now() < end); }, 500)",
  );
  await new Promise<void>((resolve) => whenStill(child.pid, () => "", resolve, 2_000));
});

it("has patience with one that writes, however slowly, and ends when it is told to", async () => {
  const child = program("setInterval(() => console.log('x'), 200)");
  let seen = 0;
  let isStill = false;
  const end = whenStill(
    child.pid,
    () => seen,
    () => {
      isStill = true;
    },
    1_000,
  );
  await new Promise<void>((resolve) => {
    child.stdout?.on("data", () => {
      seen += 1;
      if (seen === 10) resolve();
    });
  });
  end();
  expect(isStill).toBe(false);
});

it.runIf(process.platform === "linux")("has patience with one that only computes", async () => {
  const child = program("for (;;);");
  let isStill = false;
  const end = whenStill(
    child.pid,
    () => "",
    () => {
      isStill = true;
    },
    500,
  );
  await new Promise((resolve) => setTimeout(resolve, 1_250));
  end();
  expect(isStill).toBe(false);
});
