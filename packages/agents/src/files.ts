/** Reading a folder safely, and the tools that let a model do it. Node only. */
export type { PathRefusal } from "./errors/path-refused-error.ts";
export { PathRefusedError } from "./errors/path-refused-error.ts";
export { fileTools } from "./files/file-tools.ts";
export type { InsideFile, InsidePath } from "./files/inside-path.ts";
export { insidePath, readInside } from "./files/inside-path.ts";
export type { TextFile, TextFileList, TextFolder, TextFolderOptions } from "./files/text-folder.ts";
export { textFolder } from "./files/text-folder.ts";
