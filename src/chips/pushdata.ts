import { type Term, term } from '../bus/tuple.js';
import { OP } from '../evm/opcodes.js';
import { type Chip, defineChip, type RowOf } from './chip.js';

type PushDataColumns<Width extends number> = {
  readonly code: 1;
  readonly pc: 1;
  readonly has: Width;
  readonly byte: Width;
  readonly m: 1;
};

/** What a row of any width holds. */
interface PushDataRow {
  readonly code: bigint;
  readonly pc: bigint;
  readonly has: readonly bigint[];
  readonly byte: readonly bigint[];
  readonly m: bigint;
}

function terms({ code, pc, has, byte, m }: PushDataRow): Term[] {
  const n = has.reduce((sum, one) => sum + one, 0n);
  const used = has[0]!;
  const half = (from: number) => byte.slice(from, from + 16).reduceRight((sum, one) => 256n * sum + one, 0n);
  return [
    term(-used, 'CODE', { op: BigInt(OP.PUSH0) + n, code, pc }),
    ...byte.map((op, j) => term(-has[j]!, 'CODE', { op, code, pc: pc + n - BigInt(j) })),
    term(used * m, 'PUSH', { code, pc, hi: half(16), lo: half(0) }),
  ];
}

/** PUSH of places with at most `width` bytes of data (`circuits/chips/pushdata.circom`). */
function pushdataChip<const Width extends number>(width: Width): Chip<PushDataColumns<Width>> {
  const none = Array<bigint>(width).fill(0n);
  return defineChip<PushDataColumns<Width>>({
    name: `pushdata${width}`,
    file: 'pushdata',
    template: `PushData(${width})`,
    outputs: width + 2,
    columns: { code: 1, pc: 1, has: width, byte: width, m: 1 },
    padding: { code: 0n, pc: 0n, has: none, byte: none, m: 0n } as unknown as RowOf<PushDataColumns<Width>>,
    terms: (row) => terms(row as unknown as PushDataRow),
  });
}

/** Most pushes: one or two bytes. */
export const pushdata2 = pushdataChip(2);
/** Selectors. */
export const pushdata4 = pushdataChip(4);
/** All. */
export const pushdata32 = pushdataChip(32);

/** From the cheapest on. */
export const PUSHDATA = [pushdata2, pushdata4, pushdata32] as const;
