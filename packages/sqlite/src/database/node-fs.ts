/**
 * Files, as the platform has them. An import of `node:fs` by its name also loads its promises, streams and watchers, of which
 * this package uses none: 60 million instructions of a fresh process, two thirds of what Node itself needs to start
 * (`docs/decisions/0073-what-a-fresh-process-pays.md`).
 */

type Files = typeof import("node:fs");

// To import it by its name makes the standard streams, which takes as long as opening a file.
const { process } = globalThis;

// A platform too old for this has no SQLite either, which `node-sqlite.ts` says in a sentence.
const fs: Files = process.getBuiltinModule?.("node:fs") ?? ({} as Files);

export const chmodSync: Files["chmodSync"] = fs.chmodSync;
export const closeSync: Files["closeSync"] = fs.closeSync;
export const existsSync: Files["existsSync"] = fs.existsSync;
export const fstatSync: Files["fstatSync"] = fs.fstatSync;
export const fsyncSync: Files["fsyncSync"] = fs.fsyncSync;
export const linkSync: Files["linkSync"] = fs.linkSync;
export const lstatSync: Files["lstatSync"] = fs.lstatSync;
export const mkdirSync: Files["mkdirSync"] = fs.mkdirSync;
export const openSync: Files["openSync"] = fs.openSync;
export const readFileSync: Files["readFileSync"] = fs.readFileSync;
export const readSync: Files["readSync"] = fs.readSync;
export const readdirSync: Files["readdirSync"] = fs.readdirSync;
export const renameSync: Files["renameSync"] = fs.renameSync;
export const rmSync: Files["rmSync"] = fs.rmSync;
export const statSync: Files["statSync"] = fs.statSync;
export const statfsSync: Files["statfsSync"] = fs.statfsSync;
export const utimesSync: Files["utimesSync"] = fs.utimesSync;
export const writeFileSync: Files["writeFileSync"] = fs.writeFileSync;
export const writeSync: Files["writeSync"] = fs.writeSync;
