/** A state machine by hand that journals its steps: in an array, or in SQLite with one commit a step. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Subject } from "../../subject.ts";
import { adders, lengthAfter, million, numbers, passers, pieceOf, stampers } from "../../work.ts";
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
  const kept = new Map<number, object>();
  return {
    run: () => {
      const journal: { seq: number; state: string; output: string }[] = [];
      kept.set(kept.size, journal);
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

/** The same in an object with a number. */
export const payloadObjectMemory: Subject = ({ size }) => {
  const states = row(stampers(size));
  const big = million();
  return {
    run: async () => {
      const journal: string[] = [];
      const document = await drive(
        states,
        { big, i: 0 },
        {
          journal: (_, __, output) => journal.push(JSON.stringify(output)),
        },
      );
      return lengthAfter(document, size);
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

/** A run of `size` steps that is open at the next one. */
function stopped(size: number, started: (value: number) => void): readonly State<number>[] {
  const step = async (value: number): Promise<number> => {
    if (value === size) started(value);
    return value + 1;
  };
  return [
    { id: "ping", invoke: step, next: (value) => (value <= size ? 1 : -1) },
    { id: "pong", invoke: step, next: (value) => (value <= size ? 0 : -1) },
  ];
}

/** Folds the outputs of a run, and starts the step that was open. */
function resumeFrom(outputs: readonly string[], size: number): Promise<number> {
  const started = Promise.withResolvers<number>();
  const states = stopped(size, started.resolve);
  let value = 0;
  let current = 0;
  for (const output of outputs) {
    value = JSON.parse(output) as number;
    current = states[current]!.next(value);
  }
  void drive(states, value, { from: { state: current, seq: outputs.length } });
  return started.promise;
}

/** Resumes from an array. */
export const resumeMemory: Subject = ({ size }) => {
  const outputs = numbers(size).map((value) => JSON.stringify(value));
  return { run: () => resumeFrom(outputs, size) };
};

/** Resumes from a file with `size` steps in it. */
export const resume: Subject = ({ size, folder }) => {
  const prepared = join(folder, "prepared.db");
  const { database, insert } = open(prepared);
  for (const seq of numbers(size)) insert.run(1, seq, seq % 2 === 1 ? "ping" : "pong", JSON.stringify(seq));
  database.close();
  const file = join(folder, "loop.db");
  let reopened = database;
  return {
    before: () => {
      copyFileSync(prepared, file);
      reopened = open(file).database;
    },
    run: () => {
      const rows = reopened.prepare("SELECT seq, state, output FROM step WHERE run = 1 ORDER BY seq").all();
      return resumeFrom(
        rows.map(({ output }) => String(output)),
        size,
      );
    },
    after: () => reopened.close(),
  };
};

/** By hand one journals what is new here as well. */
export {
  growthMemory as handedMemory,
  growthMemory as sharedMemory,
  growthSqlite as handedSqlite,
  growthSqlite as sharedSqlite,
};

/** A run of `size` steps that asks; its answer is one row more. */
export const answer: Subject = ({ size, folder }) => {
  const file = join(folder, "loop.db");
  const told = Promise.withResolvers<number>();
  const states: readonly State<number>[] = [
    { id: "step", invoke: (value) => value + 1, next: (value) => (value < size ? 0 : 1) },
    { id: "ask", invoke: (value) => value, next: () => 2 },
    {
      id: "tell",
      invoke: (value) => {
        told.resolve(value);
        return value;
      },
      next: () => -1,
    },
  ];
  let opened: DatabaseSync | undefined;
  return {
    prepare: async () => {
      const { database, insert } = open(file);
      for (const seq of numbers(size)) insert.run(1, seq, "step", JSON.stringify(seq));
      database.close();
    },
    run: () => {
      const { database, insert } = open(file);
      opened = database;
      const rows = database.prepare("SELECT seq, state, output FROM step WHERE run = 1 ORDER BY seq").all();
      let value = 0;
      let current = 0;
      for (const { output } of rows) {
        value = JSON.parse(String(output)) as number;
        current = states[current]!.next(value);
      }
      // The question is what the open state asks: the answer is its output.
      insert.run(1, rows.length + 1, states[current]!.id, JSON.stringify(value));
      void drive(states, value, {
        journal: (seq, state, output) => insert.run(1, seq, state, JSON.stringify(output)),
        from: { state: states[current]!.next(value), seq: rows.length + 1 },
      });
      return told.promise;
    },
    after: () => opened?.close(),
  };
};
