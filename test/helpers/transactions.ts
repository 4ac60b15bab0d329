import { SECP256K1_ORDER } from '@ethereumjs/util';
import type { Hex } from 'viem';
import { fromHex, toHex } from '../../src/batch/bytes.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import {
  encodeTransaction,
  flipSignature,
  privateKeyOf,
  signFields,
  type TransactionFields,
} from '../../src/batch/sign.js';
import { SeededRandom } from '../../src/samples/random.js';

const GWEI = 1_000_000_000n;
/** Values at the edges of the formats' widths. */
const EDGES = [
  0n,
  1n,
  27n,
  127n,
  128n,
  255n,
  256n,
  2n ** 64n - 2n,
  2n ** 64n - 1n,
  2n ** 64n,
  2n ** 128n,
  2n ** 256n - 1n,
];
const SIGNATURE_EDGES = [
  0n,
  1n,
  SECP256K1_ORDER / 2n,
  SECP256K1_ORDER / 2n + 1n,
  SECP256K1_ORDER - 1n,
  SECP256K1_ORDER,
];

/** A plain valid transfer under {@link RULES_V2}, to be varied. */
export function plainFields(over: Partial<TransactionFields> = {}): TransactionFields {
  return {
    type: 2,
    chainId: RULES_V2.chainId,
    nonce: 0n,
    tip: GWEI,
    cap: 3n * GWEI,
    gasLimit: 21_000n,
    to: '0x00000000000000000000000000000000000000aa',
    value: 5n,
    data: '0x',
    accessList: [],
    ...over,
  };
}

/** A random valid transaction's fields. */
function randomFields(random: SeededRandom): TransactionFields {
  const type = random.pick([0, 1, 2] as const);
  const accessList =
    type === 0 || random.below(2) === 0
      ? []
      : Array.from({ length: random.below(4) }, () => ({
          address: random.hex(20),
          keys: Array.from({ length: random.below(4) }, () => random.hex(32)),
        }));
  return plainFields({
    type,
    chainId: type === 0 && random.below(3) === 0 ? undefined : RULES_V2.chainId,
    nonce: random.pick([0n, 1n, random.bits(16), 2n ** 64n - 2n]),
    tip: random.pick([0n, GWEI, random.bits(30)]),
    cap: random.pick([GWEI, 2n * GWEI, GWEI + random.bits(80)]) + GWEI,
    gasLimit: random.pick([21_000n, 100_000n, 30_000_000n]) + 40_000n,
    to: random.pick<Hex>([random.hex(20), `0x${'00'.repeat(19)}0b`, `0x${'00'.repeat(20)}`]),
    value: random.pick([0n, 1n, random.bits(64), random.bits(200)]),
    data: random.pick(['0x', '0x00', '0x7f', '0x80', random.hex(55), random.hex(56), random.hex(300)]),
    accessList,
  });
}

/** A field that makes a transaction invalid, or moves it to an edge. */
function mutateFields(fields: TransactionFields, random: SeededRandom): TransactionFields {
  const edge = random.pick(EDGES);
  return random.pick<() => TransactionFields>([
    () => ({ ...fields, chainId: edge }),
    () => ({ ...fields, nonce: edge }),
    () => ({ ...fields, tip: edge }),
    () => ({ ...fields, cap: random.pick([...EDGES, RULES_V2.baseFee, RULES_V2.baseFee - 1n]) }),
    () => ({ ...fields, gasLimit: random.pick([...EDGES, 20_999n, 21_000n, 21_003n, 21_004n, 21_016n]) }),
    () => ({ ...fields, value: edge }),
    () => ({
      ...fields,
      to: random.pick<Hex>(['0x', `0x${'00'.repeat(19)}01`, `0x${'00'.repeat(19)}0a`, random.hex(19), random.hex(21)]),
    }),
    () => ({
      ...fields,
      accessList: [
        { address: random.hex(random.pick([0, 19, 20, 21])), keys: [random.hex(random.pick([0, 31, 32, 33]))] },
      ],
    }),
    () => ({
      ...fields,
      gasLimit: 2n ** 64n - 1n,
      cap: 2n ** 192n - random.pick([0n, 1n]),
      value: random.pick([0n, 2n ** 192n, 2n ** 193n]),
    }),
  ])();
}

/** Changes bytes, cuts, extends or re-wraps an encoded transaction. */
export function mutateBytes(raw: Hex, random: SeededRandom): Hex {
  const bytes = fromHex(raw);
  const at = random.below(Math.max(1, Math.min(bytes.length, random.pick([4, 12, 1_000]))));
  const withByte = (value: number) => Uint8Array.from(bytes, (byte, i) => (i === at ? value : byte));
  const splice = (remove: number, insert: readonly number[]) =>
    Uint8Array.from([...bytes.slice(0, at), ...insert, ...bytes.slice(at + remove)]);
  return toHex(
    random.pick<() => Uint8Array>([
      () => withByte(random.below(256)),
      () => withByte((bytes[at] ?? 0) ^ (1 << random.below(8))),
      () =>
        withByte(
          random.pick([0x00, 0x01, 0x7f, 0x80, 0x81, 0xb7, 0xb8, 0xb9, 0xbf, 0xc0, 0xc1, 0xf7, 0xf8, 0xf9, 0xfa, 0xff]),
        ),
      () => splice(1, []),
      () => splice(0, [random.below(256)]),
      () => splice(1, [0x81, bytes[at] ?? 0]),
      () => splice(1, [0xb8, bytes[at] ?? 0]),
      () => bytes.slice(0, at),
      () => Uint8Array.from([...bytes, random.below(256)]),
      () => Uint8Array.from([random.below(4), ...bytes]),
      () => random.bytes(random.below(120)),
      () => longerHeader(bytes),
    ])(),
  );
}

/** The same list with a length of one more byte than necessary. */
function longerHeader(bytes: Uint8Array): Uint8Array {
  const at = (bytes[0] ?? 0) >= 0xc0 ? 0 : 1;
  const first = bytes[at] ?? 0;
  if (first < 0xf8) return Uint8Array.from([...bytes.slice(0, at), 0xf8, first - 0xc0, ...bytes.slice(at + 1)]);
  return Uint8Array.from([...bytes.slice(0, at), first + 1, 0, ...bytes.slice(at + 1)]);
}

/**
 * Transactions of which about a third is valid, the others wrong in their fields, their signature or their bytes. For
 * every pair of parsers that must agree (node and L1).
 */
export async function fuzzTransactions(seed: string, count: number): Promise<Hex[]> {
  const random = new SeededRandom(`fuzz transactions ${seed}`);
  const keys = Array.from({ length: 16 }, (_, i) => privateKeyOf(seed, i));
  const items: Hex[] = [];
  while (items.length < count) {
    const kind = random.below(10);
    const fields = kind < 3 ? mutateFields(randomFields(random), random) : randomFields(random);
    const signature = await signFields(fields, random.pick(keys));
    const raw = encodeTransaction(fields, signature);
    if (kind === 3) items.push(encodeTransaction(fields, flipSignature(signature)));
    else if (kind === 4) items.push(encodeTransaction(fields, oddSignature(random)));
    else if (kind < 7) items.push(mutateBytes(kind === 6 ? mutateBytes(raw, random) : raw, random));
    else items.push(raw);
  }
  return items;
}

function oddSignature(random: SeededRandom) {
  const number = () =>
    random.pick([...SIGNATURE_EDGES, random.bits(256), random.bits(255), random.bits(8), 2n ** 256n]);
  return { yParity: random.pick([0n, 1n, 2n, 255n, 2n ** 63n, 2n ** 64n]), r: number(), s: number() };
}
