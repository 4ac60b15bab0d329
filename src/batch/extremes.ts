/** The lower of two numbers: `Math.min` takes no bigint. */
export function lower(one: bigint, other: bigint): bigint {
  if (one < other) return one;
  return other;
}

/** The higher of two numbers. */
export function higher(one: bigint, other: bigint): bigint {
  if (one > other) return one;
  return other;
}
