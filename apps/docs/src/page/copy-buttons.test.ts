import { expect, it } from "vitest";
import { withoutCopyButtons } from "./copy-buttons.ts";

it("takes the buttons out, and leaves the code and its frame", () => {
  const button = `<div class="copy"><div aria-live="polite"></div><button data-code="a &gt; b"><div></div></button></div>`;
  const block = (inner: string): string => `<figure><pre><code>a &gt; b</code></pre>${inner}</figure>`;

  expect(withoutCopyButtons(block(button) + block(button))).toBe(block("") + block(""));
  expect(withoutCopyButtons(block(""))).toBe(block(""));
});
