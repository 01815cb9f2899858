/** A terminal that tells what untrusted text did to it. For tests only. */
import { Terminal } from "@xterm/headless";

/** Writes a text to a headless terminal; gives every control sequence that took effect, by kind. */
export async function firedBy(text: string): Promise<readonly string[]> {
  const terminal = new Terminal({ cols: 80, rows: 24, allowProposedApi: true, logLevel: "off" });
  const fired: string[] = [];
  const note = (kind: string) => (): boolean => {
    fired.push(kind);
    return false;
  };
  const finals = Array.from({ length: 0x7e - 0x40 + 1 }, (_, at) => String.fromCharCode(0x40 + at));
  for (const final of finals) {
    for (const prefix of ["", "?", ">", "<", "="])
      terminal.parser.registerCsiHandler(
        prefix === "" ? { final } : { prefix, final },
        note(`CSI ${prefix}${final}`),
      );
    for (const intermediates of [" ", "!", "$", '"', "'"])
      terminal.parser.registerCsiHandler({ intermediates, final }, note(`CSI ${intermediates}${final}`));
    for (const prefix of ["", "$", "+"])
      terminal.parser.registerDcsHandler(
        prefix === "" ? { final } : { intermediates: prefix, final },
        note("DCS"),
      );
  }
  for (let code = 0x30; code <= 0x7e; code++) {
    const final = String.fromCharCode(code);
    terminal.parser.registerEscHandler({ final }, note(`ESC ${final}`));
    for (const intermediates of ["(", ")", "#", "%", " "])
      terminal.parser.registerEscHandler({ intermediates, final }, note(`ESC ${intermediates}${final}`));
  }
  for (const id of [0, 1, 2, 4, 7, 8, 9, 10, 11, 12, 50, 52, 104, 133, 633, 777, 1337])
    terminal.parser.registerOscHandler(id, note(`OSC ${id}`));
  terminal.onTitleChange(note("title"));
  terminal.onData(note("reply"));
  terminal.onBell(note("bell"));
  await new Promise<void>((done) => terminal.write(text, done));
  terminal.dispose();
  return fired;
}
