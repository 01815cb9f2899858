import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { pictureSize, withPictureSizes } from "./picture-size.ts";

const images = join(import.meta.dirname, "../../../../docs/images");

it("reads the size of a PNG and of an SVG, and of nothing else", () => {
  const png = pictureSize(readFileSync(join(images, "web-chat.png")))!;
  const svg = pictureSize(readFileSync(join(images, "chat.svg")))!;

  expect([png.width, png.height, svg.width, svg.height].every((length) => length > 100)).toBe(true);
  expect(pictureSize(new TextEncoder().encode("<html>"))).toBeUndefined();
  expect(pictureSize(new Uint8Array())).toBeUndefined();
});

it("gives the pictures it knows their size, and leaves the others alone", () => {
  const sizes = new Map([["/a.svg", { width: 8, height: 4 }]]);

  expect(withPictureSizes(`<img src="/a.svg" alt="a"><img src="/b.svg">`, sizes)).toBe(
    `<img src="/a.svg" width="8" height="4" alt="a"><img src="/b.svg">`,
  );
  expect(withPictureSizes(`<img src="/a.svg" width="1">`, sizes)).toBe(`<img src="/a.svg" width="1">`);
});
