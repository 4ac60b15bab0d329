import type { Random } from '../../helpers/chips/random.js';

const WORD = 1n << 256n;

/** A word, often at an edge: 0, all ones, a power of two, the border of the two halves, a sign. */
export function anyWord(random: Random): bigint {
  const k = BigInt(random.int(257));
  return random.pick([
    BigInt(random.int(3)),
    BigInt(random.int(300)),
    (1n << k) % WORD,
    ((1n << k) - 1n + WORD) % WORD,
    WORD - 1n - BigInt(random.int(3)),
    (WORD - (1n << k) + WORD) % WORD,
    (1n << 128n) + BigInt(random.int(3)) - 1n,
    random.bits(random.pick([8, 32, 64, 128, 160, 256])),
    random.bits(128) << 128n,
    random.bits(256),
  ]);
}

/** A place in memory: mostly small and aligned or not; now and then one that costs, or one that nobody can pay for. */
export function offset(random: Random): bigint {
  const kind = random.int(100);
  if (kind < 45) return 32n * BigInt(random.int(8));
  if (kind < 85) return BigInt(random.int(260));
  if (kind < 98) return BigInt(random.int(2_000));
  if (random.bool()) return random.bits(16);
  return random.pick([
    random.bits(24),
    1n << 40n,
    (1n << 47n) - 1n,
    1n << 64n,
    1n << 128n,
    random.bits(256),
    WORD - 1n,
  ]);
}

/** A number of bytes of memory. */
export function length(random: Random): bigint {
  const kind = random.int(100);
  if (kind < 15) return 0n;
  if (kind < 50) return 32n * BigInt(random.int(5));
  if (kind < 94) return BigInt(random.int(140));
  if (kind < 98) return BigInt(random.int(1_200));
  return random.pick([random.bits(16), 65_536n, 65_537n, 1n << 48n, random.bits(256), WORD - 1n]);
}

/** Slots that the programs of one world share. */
export const SLOTS: readonly bigint[] = [0n, 1n, 2n, 3n, 1n << 128n, WORD - 1n];

/** A storage key. */
export function slotKey(random: Random): bigint {
  return random.int(10) < 9 ? random.pick(SLOTS) : anyWord(random);
}

/** A value to write: few ones, so that slots go to 0, back to their original value, and nowhere. */
export function slotValue(random: Random): bigint {
  return random.int(4) < 3 ? BigInt(random.int(3)) : anyWord(random);
}
