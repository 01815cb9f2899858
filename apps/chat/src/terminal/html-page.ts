/** A page that loads nothing and runs nothing: to open, to keep and to send. */
import { visibleText } from "./safe-text.ts";

const STYLE = `:root{color-scheme:light dark;--dim:#6b7280;--line:#d4d4d8;--ok:#15803d;--bad:#b91c1c;--go:#1d4ed8}
@media(prefers-color-scheme:dark){:root{--dim:#9ca3af;--line:#3f3f46;--ok:#4ade80;--bad:#f87171;--go:#93c5fd}}
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
pre{font:13px/1.45 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid var(--line);border-radius:6px;padding:.6rem .8rem;margin:.3rem 0 1rem;max-height:30rem;overflow:auto}
details{border-left:2px solid var(--line);padding-left:.9rem;margin:.3rem 0}summary{cursor:pointer}
h1{margin-bottom:.2rem}h4{margin:.6rem 0 0;font-size:.85rem;color:var(--dim)}.dim{color:var(--dim)}
.text{white-space:pre-wrap;overflow-wrap:anywhere;margin:.3rem 0 1rem}
.done{color:var(--ok)}.failed{color:var(--bad)}.running,.waiting,.retrying{color:var(--go)}ul{margin:.2rem 0 .6rem}`;

/** The page. `body` is markup of ours. */
export function htmlPage(title: string, body: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${htmlText(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${body.join("\n")}
</body>
</html>
`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text of others: hidden characters are shown, and nothing in it is markup. */
export function htmlText(held: string): string {
  return visibleText(held, { multiline: true }).replace(/[&<>"']/g, (found) => ESCAPES[found]!);
}
