/** Large texts of records, each kept once for all runs, by the hash of its content. */
import type { DatabaseSync } from "node:sqlite";
import { parseJson } from "@orch/core";
import { cryptoModule } from "../database/late-platform.ts";
import { type LateStatement, lateStatement } from "../database/late-statement.ts";

/** Texts longer than this, in UTF-16 code units, are kept apart. */
export const LARGE: number = 32 * 1024;

/** How many texts are remembered by identity. They stay in memory meanwhile. */
const RECENT = 8;

/** How a text is kept: as it is, or, since UTF-8 cannot hold a lone surrogate, with JSON's escapes. */
type Form = "plain" | "escaped";

interface Known {
  readonly text: string;
  readonly form: Form;
  readonly hash: Buffer;
}

/** The large texts in one database. What writes runs inside the caller's transaction. */
export class Blobs {
  readonly #find: LateStatement;
  readonly #insert: LateStatement;
  readonly #use: LateStatement;
  readonly #body: LateStatement;
  readonly #drop: readonly LateStatement[];
  #recent: readonly Known[] = [];

  constructor(database: DatabaseSync) {
    this.#find = lateStatement(database, "SELECT blob FROM blobs WHERE hash = ?");
    this.#insert = lateStatement(database, "INSERT INTO blobs (hash, body) VALUES (?, ?) RETURNING blob");
    this.#use = lateStatement(database, "INSERT OR IGNORE INTO blob_uses (run, blob) VALUES (?, ?)");
    this.#body = lateStatement(database, "SELECT body FROM blobs WHERE hash = ?");
    this.#drop = [
      `DELETE FROM blobs WHERE blob IN (SELECT blob FROM blob_uses WHERE run = ?1)
         AND NOT EXISTS (SELECT 1 FROM blob_uses u WHERE u.blob = blobs.blob AND u.run <> ?1)`,
      "DELETE FROM blob_uses WHERE run = ?1",
    ].map((sql) => lateStatement(database, sql));
  }

  /** Keeps a text, and gives the column that says where it is. */
  keep(run: number, text: string): string {
    const { form, hash } = this.#known(text);
    const row = this.#find().get(hash) ?? this.#insert().get(hash, bytesOf(text, form));
    this.#use().run(run, row!["blob"]!);
    return `${form}:${hash.toString("base64url")}`;
  }

  /** Reads a text again; `undefined` when it is not there as it was written. `read` keeps what a load has read already. */
  load(column: string, read: Map<string, string>): string | undefined {
    const known = read.get(column);
    if (known !== undefined) return known;
    const [form, hash = ""] = column.split(":");
    const row = this.#body().get(Buffer.from(hash, "base64url"));
    if (row === undefined) return undefined;
    const { buffer, byteOffset, byteLength } = row["body"] as Uint8Array;
    const body = Buffer.from(buffer, byteOffset, byteLength);
    if (sha256(body).toString("base64url") !== hash) return undefined;
    const bare = body.toString("utf8");
    const text = form === "plain" ? bare : (parseJson(bare, { maxLength: Infinity }) as unknown as string);
    read.set(column, text);
    return text;
  }

  /** Removes what only this run used. */
  drop(run: number): void {
    for (const statement of this.#drop) statement().run(run);
  }

  /** Forgets the texts that were remembered by identity. */
  forget(): void {
    this.#recent = [];
  }

  /** The hash of a text. A text that was just written is recognised by its identity, and is not encoded again. */
  #known(text: string): Known {
    const found = this.#recent.find((one) => one.text === text);
    if (found !== undefined) return found;
    const form: Form = text.isWellFormed() ? "plain" : "escaped";
    const known: Known = { text, form, hash: sha256(bytesOf(text, form)) };
    this.#recent = [known, ...this.#recent.slice(0, RECENT - 1)];
    return known;
  }
}

/** Whether a text can stand in a row: it is short, and UTF-8 can hold it. */
export function fitsInRow(text: string | undefined): boolean {
  return text === undefined || (text.length <= LARGE && text.isWellFormed());
}

function bytesOf(text: string, form: Form): Buffer {
  return Buffer.from(form === "plain" ? text : JSON.stringify(text), "utf8");
}

function sha256(bytes: Buffer): Buffer {
  return cryptoModule().createHash("sha256").update(bytes).digest();
}
