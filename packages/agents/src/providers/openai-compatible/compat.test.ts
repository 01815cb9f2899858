import { expect, test } from "vitest";
import { compatOf } from "./compat.ts";
import { PRESETS, presetOf } from "./presets.ts";

test("single habits correct a preset", () => {
  const own = compatOf("mistral", { callIds: "wide" });
  expect(own).toEqual({ ...compatOf("mistral"), callIds: "wide" });
});

test("a server is known by the host of its address, and by its port where that is its own", () => {
  for (const [preset, { home, hosts }] of Object.entries(PRESETS)) {
    if (home !== undefined && hosts !== undefined) expect(presetOf(home)).toBe(preset);
  }
  expect(presetOf("https://house.openai.azure.com/openai/v1")).toBe("azure");
  expect(presetOf("http://box.local:11434/v1")).toBe("ollama");
});

test("an address that only looks like a known server is none", () => {
  const others = [
    "https://api.groq.com.evil.example/v1",
    "https://notopenrouter.ai/v1",
    "http://127.0.0.1:8000/v1",
  ];
  for (const address of [...others, "no address", undefined]) expect(presetOf(address)).toBe("generic");
});
