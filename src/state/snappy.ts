/**
 * What was compressed by Snappy (its `format_description.txt`): a length, then literals and copies of what came before.
 * @param block complete, as its checksum says
 */
export function snappyDecoded(block: Uint8Array): Uint8Array {
  let at = 0;
  const byte = () => block[at++]!;
  const littleEndian = (count: number) => {
    let value = 0;
    for (let i = 0; i < count; i++) value += byte() * 2 ** (8 * i);
    return value;
  };
  let length = 0;
  for (let scale = 1, more = true; more; scale *= 128) {
    const next = byte();
    length += (next % 128) * scale;
    more = next >= 128;
  }
  const content = new Uint8Array(length);
  let to = 0;
  while (at < block.length) {
    const tag = byte();
    const [kind, upper] = [tag & 3, tag >>> 2];
    if (kind === 0) {
      const size = (upper < 60 ? upper : littleEndian(upper - 59)) + 1;
      content.set(block.subarray(at, at + size), to);
      [at, to] = [at + size, to + size];
      continue;
    }
    const size = kind === 1 ? (upper & 7) + 4 : upper + 1;
    const back = kind === 1 ? (upper >>> 3) * 256 + byte() : littleEndian(kind === 2 ? 2 : 4);
    // Byte by byte: what is copied may go on into the copy.
    for (const end = to + size; to < end; to++) content[to] = content[to - back]!;
  }
  return content;
}
