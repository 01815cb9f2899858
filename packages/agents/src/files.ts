/** Reading a folder safely, and the tools that let a model do it. Node only. */
export type { PathRefusal } from "./errors/path-refused-error.ts";
export { PathRefusedError } from "./errors/path-refused-error.ts";
export { fileTools } from "./tools/files/file-tools.ts";
export type { InsideFile, InsidePath } from "./tools/files/inside-path.ts";
export { insidePath, readInside } from "./tools/files/inside-path.ts";
export { withoutSecrets } from "./tools/files/secret-text.ts";
export type { TextFile, TextFileList } from "./tools/files/text-file-listing.ts";
export type { FindFiles, TextFolder, TextFolderOptions } from "./tools/files/text-folder.ts";
export { textFolder } from "./tools/files/text-folder.ts";
