/** A few characters each; long texts in a few hundred pieces. */
export function pieces(text: string): readonly string[] {
  const size = Math.max(4, Math.ceil(text.length / 200));
  const cut: string[] = [];
  // By code points: a provider sends whole ones, what is cut are its bytes.
  let piece = "";
  for (const char of text) {
    piece += char;
    if (piece.length < size) continue;
    cut.push(piece);
    piece = "";
  }
  return piece === "" ? cut : [...cut, piece];
}
