/**
 * SHA-256 at once, where a promise would come too late and a platform's module may be missing.
 *
 * Source: FIPS 180-4, sections 4.1.2, 5.1.1, 5.3.3 and 6.2.
 */

const BLOCK = 64;
const ROUNDS = 64;

/** The first 32 bits of the fractional parts of roots of the first primes: cube roots for the rounds, square roots to begin with. */
const [ROUND_CONSTANTS, INITIAL] = constants();

function constants(): readonly [Uint32Array, Uint32Array] {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < ROUNDS; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  const fraction = (root: number): number => Math.floor((root - Math.floor(root)) * 2 ** 32);
  return [
    Uint32Array.from(primes, (prime) => fraction(Math.cbrt(prime))),
    Uint32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime))),
  ];
}

/** The digest of a text's UTF-8 bytes, as 64 hexadecimal digits. */
export function sha256(text: string): string {
  const hash = Uint32Array.from(INITIAL);
  const words = new Uint32Array(ROUNDS);
  const view = padded(new TextEncoder().encode(text));
  for (let at = 0; at < view.byteLength; at += BLOCK) digestBlock(view, at, hash, words);
  return Array.from(hash, (word) => word.toString(16).padStart(8, "0")).join("");
}

function padded(bytes: Uint8Array): DataView {
  const length = Math.ceil((bytes.length + 9) / BLOCK) * BLOCK;
  const buffer = new Uint8Array(length);
  buffer.set(bytes);
  buffer[bytes.length] = 0x80;
  const view = new DataView(buffer.buffer);
  view.setUint32(length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(length - 4, (bytes.length << 3) >>> 0);
  return view;
}

function digestBlock(view: DataView, at: number, hash: Uint32Array, words: Uint32Array): void {
  for (let t = 0; t < ROUNDS; t++) {
    words[t] = t < 16 ? view.getUint32(at + t * 4) : nextWord(words, t);
  }
  let [a, b, c, d, e, f, g, h] = hash as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let t = 0; t < ROUNDS; t++) {
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const first = (h + s1 + ((e & f) ^ (~e & g)) + ROUND_CONSTANTS[t]! + words[t]!) | 0;
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  for (const [index, value] of [a, b, c, d, e, f, g, h].entries()) hash[index] = hash[index]! + value;
}

function nextWord(words: Uint32Array, t: number): number {
  const [early, late] = [words[t - 15]!, words[t - 2]!];
  const s0 = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
  const s1 = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10);
  return words[t - 16]! + s0 + words[t - 7]! + s1;
}

function turn(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}
