/** A path, a list or a name in a sentence: shortened in the middle, because its beginning and its end say most. The whole stands in the facts. */
export function brief(text: string, longest = 60): string {
  if (text.length <= longest) return text;
  const half = Math.floor((longest - 3) / 2);
  return `${cutBefore(text.slice(0, half))}...${cutAfter(text.slice(-half))}`;
}

/** Up to the last whole segment of a path, where there is one. */
function cutBefore(start: string): string {
  const end = start.lastIndexOf("/");
  return end <= 0 ? start : start.slice(0, end + 1);
}

/** From the first whole segment of a path on, where there is one. */
function cutAfter(rest: string): string {
  const begin = rest.indexOf("/");
  return begin === -1 || begin === rest.length - 1 ? rest : rest.slice(begin);
}
