/** A state machine by hand that journals its steps: in an array, or in SQLite with one commit a step. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Subject } from "../../subject.ts";
import { adders, million, numbers, passers, pieceOf } from "../../work.ts";
import { drive, row, type State } from "./machine.ts";

interface Log {
  readonly step: number;
  readonly pieces: readonly string[];
}

function open(file: string): { readonly database: DatabaseSync; readonly insert: StatementSync } {
  const database = new DatabaseSync(file);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  database.exec(
    "CREATE TABLE IF NOT EXISTS step (run INTEGER, seq INTEGER, state TEXT, output TEXT, PRIMARY KEY (run, seq)) WITHOUT ROWID",
  );
  return { database, insert: database.prepare("INSERT INTO step VALUES (?, ?, ?, ?)") };
}

/** A pipeline whose outputs are serialised into an array. */
export const durableMemory: Subject = ({ size }) => {
  const states = row(adders(size));
  return {
    run: () => {
      const journal: { seq: number; state: string; output: string }[] = [];
      return drive(states, 0, {
        journal: (seq, state, value) => journal.push({ seq, state, output: JSON.stringify(value) }),
      });
    },
  };
};

/** The same with an INSERT and a commit a step. */
export const durableSqlite: Subject = ({ size, folder }) => {
  const { database, insert } = open(join(folder, "loop.db"));
  const states = row(adders(size));
  let runs = 0;
  return {
    run: () => {
      const id = ++runs;
      return drive(states, 0, {
        journal: (seq, state, value) => insert.run(id, seq, state, JSON.stringify(value)),
      });
    },
    close: () => database.close(),
  };
};

/** Many at once, still with a commit a step each. */
export const durableGroup: Subject = ({ size, folder }) => {
  const { database, insert } = open(join(folder, "loop.db"));
  const states = row(adders(10));
  let runs = 0;
  const one = (): Promise<number> => {
    const id = ++runs;
    return drive(states, 0, {
      journal: (seq, state, value) => insert.run(id, seq, state, JSON.stringify(value)),
    });
  };
  return {
    run: async () => {
      const outputs = await Promise.all(numbers(size / 10).map(one));
      return outputs.reduce((sum, output) => sum + output, 0);
    },
    close: () => database.close(),
  };
};

/** A large text, serialised at each step, as a simple journal does. */
export const payloadMemory: Subject = ({ size }) => {
  const states = row(passers(size));
  const text = million();
  return {
    run: async () => {
      const journal: string[] = [];
      const value = await drive(states, text, {
        journal: (_, __, output) => journal.push(JSON.stringify(output)),
      });
      return value.length;
    },
  };
};

function growing(size: number, tick: () => void): readonly State<Log>[] {
  const append = async ({ step, pieces }: Log): Promise<Log> => {
    tick();
    (pieces as string[]).push(pieceOf(step + 1));
    return { step: step + 1, pieces };
  };
  return [
    { id: "ping", invoke: append, next: ({ step }) => (step < size ? 1 : -1) },
    { id: "pong", invoke: append, next: ({ step }) => (step < size ? 0 : -1) },
  ];
}

const lengthOf = ({ pieces }: Log): number => pieces.reduce((sum, piece) => sum + piece.length, 0);

/** A log that grows; the journal takes what is new. */
export const growthMemory: Subject = ({ size, tick }) => {
  const states = growing(size, tick);
  return {
    run: async () => {
      const journal: string[] = [];
      return lengthOf(
        await drive<Log>(
          states,
          { step: 0, pieces: [] },
          { journal: (_, __, { pieces }) => journal.push(JSON.stringify(pieces.at(-1))) },
        ),
      );
    },
  };
};

/** The same with a commit a step. */
export const growthSqlite: Subject = ({ size, tick, folder }) => {
  const { database, insert } = open(join(folder, "loop.db"));
  const states = growing(size, tick);
  return {
    run: async () =>
      lengthOf(
        await drive<Log>(
          states,
          { step: 0, pieces: [] },
          { journal: (seq, state, { pieces }) => insert.run(1, seq, state, JSON.stringify(pieces.at(-1))) },
        ),
      ),
    close: () => database.close(),
  };
};

/** Opens a file with `size` steps in it, folds them, and takes the last step. */
export const resume: Subject = async ({ size, folder }) => {
  const prepared = join(folder, "prepared.db");
  const { database, insert } = open(prepared);
  const [ping, pong] = adders(2);
  const states: readonly State<number>[] = [
    { id: "ping", invoke: ping!, next: (value) => (value <= size ? 1 : -1) },
    { id: "pong", invoke: pong!, next: (value) => (value <= size ? 0 : -1) },
  ];
  for (let seq = 1; seq <= size; seq++) insert.run(1, seq, states[(seq - 1) % 2]!.id, JSON.stringify(seq));
  database.close();
  const file = join(folder, "loop.db");
  return {
    before: () => copyFileSync(prepared, file),
    run: async () => {
      const reopened = open(file);
      const rows = reopened.database
        .prepare("SELECT seq, state, output FROM step WHERE run = 1 ORDER BY seq")
        .all();
      let value = 0;
      let current = 0;
      for (const { output } of rows) {
        value = JSON.parse(String(output)) as number;
        current = states[current]!.next(value);
      }
      const answer = await drive(states, value, {
        from: { state: current, seq: rows.length },
        journal: (seq, state, output) => reopened.insert.run(1, seq, state, JSON.stringify(output)),
      });
      reopened.database.close();
      return answer;
    },
  };
};
