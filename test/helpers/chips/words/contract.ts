import type { TupleName } from '../../../../src/bus/layout.js';

/** Greatest value of a field, the least being 0. */
export type Limits = Readonly<Record<string, bigint>>;

const bits = (n: number) => (1n << BigInt(n)) - 1n;
const WORD = bits(128);
const words = (...fields: readonly string[]): Limits => Object.fromEntries(fields.map((field) => [field, WORD]));

/**
 * What holds of a tuple's fields wherever it is received or looked up, and so has to be made true by whoever sends or supplies it. Of cells that
 * are handed on this is no circle: each is received from an earlier time (`circuits/lib/step.circom`, words).
 */
export const CONTRACT: Readonly<Partial<Record<TupleName, Limits>>> = {
  STACK: words('hi', 'lo'),
  MEM: words('hi', 'lo'),
  SLOT: { ...words('curHi', 'curLo', 'keyHi', 'keyLo', 'origHi', 'origLo'), warm: 1n },
  JRN: words('oldHi', 'oldLo', 'keyHi', 'keyLo'),
  ACCT: { ...words('balHi', 'balLo', 'codeHi', 'codeLo'), nonce: 1n << 64n, flags: 1n },
  EXEC: { mem: 1n << 44n },
  END: { ok: 1n, gas: bits(72) },
  NEWFRAME: { ...words('valueHi', 'valueLo', 'priceHi', 'priceLo'), codeLen: bits(25), dataLen: bits(24) },
  SAVED: { ...words('valueHi', 'valueLo', 'priceHi', 'priceLo', 'tipHi', 'tipLo'), gasLimit: bits(64) },
  PUSH: words('hi', 'lo'),
  ENV: words('hi', 'lo'),
  CODE: { op: 255n },
  DEST: { valid: 1n },
  EXPANSION: { from: 1n << 44n, to: 1n << 44n, cost: bits(80) },
  RANGE12: { x: 4095n },
  BYTE: { x: 255n, move: 33n, dest: 1n },
  AND4: { a: 15n, b: 15n, c: 15n },
  POW2: { s: 127n, p: 1n << 127n },
  MEMOP: {
    op: 255n,
    gas: bits(16),
    bytes: bits(6),
    sized: 1n,
    offset: 7n,
    lengthAt: 7n,
    perByte: bits(8),
    perWord: bits(8),
    far: bits(48),
  },
  OPINFO: { op: 255n, gas: bits(16), pops: 17n, grows: 32n, covered: 1n },
  // From L1 alone
  TX: {
    ...words('valueHi', 'valueLo', 'priceHi', 'priceLo', 'tipHi', 'tipLo', 'maxCostHi', 'maxCostLo'),
    ...{
      nonce: bits(64),
      gasLimit: bits(64),
      intrinsic: bits(64),
      dataLen: bits(24),
      use: bits(64),
      reserve: bits(130),
    },
  },
  TXBAD: { use: bits(64) },
  BLOCK: words('hi', 'lo'),
  TXDATA: words('hi', 'lo'),
  WARM: words('keyHi', 'keyLo'),
  KEYS: { count: bits(24) },
  CODEBLOB: { len: bits(24) },
  CODELEN: { len: bits(24) },
  CODEWORDS: { at: bits(24), ...words('hi0', 'lo0', 'hi1', 'lo1', 'hi2', 'lo2', 'hi3', 'lo3') },
  KECCAK64: words('hi', 'lo'),
  KECCAK: words('hi', 'lo'),
  KWORD: words('hi', 'lo'),
};

/** How much one field of a tuple is above another, least and most, wherever it is looked up: by who supplies it. */
export const ABOVE: Readonly<
  Partial<Record<TupleName, readonly [field: string, other: string, least: bigint, most: bigint]>>
> = {
  EXPANSION: ['to', 'from', 1n, 1n << 44n],
};

/** Cells: who receives one says that it is older than what the row sends. */
export const CELLS: readonly TupleName[] = ['STACK', 'MEM', 'SLOT', 'JRN', 'ACCT'];

/** How a row that hands on the machine, or what is between transactions, may change it: least and most. */
export const CHANGES: Readonly<Partial<Record<TupleName, Readonly<Record<string, readonly [bigint, bigint]>>>>> = {
  EXEC: {
    ts: [1n, bits(24)],
    call: [0n, 0n],
    code: [0n, 0n],
    gas: [-bits(81), 0n],
    work: [-bits(64), 0n],
    refund: [-bits(16), bits(16)],
  },
  END: { ts: [1n, 1n], call: [0n, 0n], work: [0n, 0n] },
  BETWEEN: { ts: [1n, bits(24)], tx: [1n, 1n], gasUsed: [0n, bits(64)], work: [-bits(64), 0n], jrn: [0n, 0n] },
  WARMING: { ts: [1n, 1n], n: [1n, 1n], tx: [0n, 0n] },
  COPY: {
    ts: [1n, 1n],
    left: [-32n, -32n],
    ...{ fromKind: [0n, 0n], fromId: [0n, 0n], from: [32n, 32n] },
    ...{ toKind: [0n, 0n], toId: [0n, 0n], to: [32n, 32n] },
  },
};

/** A counter of EXEC or END, and the tuples that it counts: it moves by what the row sends less what it receives. */
export const COUNTS: Readonly<Record<string, TupleName>> = { sp: 'STACK', jrn: 'JRN' };
