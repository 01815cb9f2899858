import type { ReactNode } from "react";

const MARKS: { readonly [status: string]: string } = {
  running: "●",
  waiting: "?",
  retrying: "↻",
  completed: "✓",
  failed: "✗",
  cancelled: "✗",
  skipped: "–",
};

/** One state as the rail shows it: of a message, or of a run. */
export interface RailLine {
  readonly path: string;
  readonly state: string;
  readonly status: string;
  readonly duration?: number;
  readonly moved?: { readonly label?: string | undefined };
}

/** The states of a run. */
export function Rail({ states }: { readonly states: readonly RailLine[] }): ReactNode {
  return (
    <ol className="rail">
      {states.map(({ path, state, status, duration, moved }) => (
        <li key={path} className={`${status}${path.includes("[") ? " inner" : ""}`}>
          <span className="mark">{MARKS[status]}</span>
          <span>{state}</span>
          {duration !== undefined && <small>{`${Math.round(duration)} ms`}</small>}
          {moved?.label !== undefined && <small>{moved.label}</small>}
        </li>
      ))}
    </ol>
  );
}
