import { type Address, concat, type Hex, keccak256, toHex } from 'viem';
import { expect } from 'vitest';
import { privateKeyOf, signTransaction } from '../../src/batch/sign.js';
import { imbalances } from '../../src/bus/balance.js';
import { mod } from '../../src/bus/field.js';
import { fieldsOf, type TupleName } from '../../src/bus/layout.js';
import { challengeOf, sumOf, type Term } from '../../src/bus/tuple.js';
import { StatementError } from '../../src/errors/statement.js';
import type { Bundle } from '../../src/proof/types.js';
import { SeededRandom } from '../../src/samples/random.js';
import { l1Items } from '../../src/statement/l1-transactions.js';
import { encodeEntries } from '../../src/statement/parts.js';
import type { TableAccount, TableCode, TableSlot, Tables } from '../../src/statement/tables.js';
import { HINT_NONE, hintOf } from '../../src/trie/hint.js';
import { withTables } from './code-samples.js';
import { NativeBench } from './native-bench.js';
import { randomBundle } from './native-samples.js';
import { plainFields } from './transactions.js';

export const TOKEN: Address = `0x${'0c'.repeat(20)}`;
export const OTHER: Address = `0x${'0d'.repeat(20)}`;
/** The token's code, and another one as long. */
export const CODE: Hex = '0x600160020100';
export const EVIL: Hex = '0x600160030100';
export const KEY = toHex(7n, { size: 32 });
/** Calldata of the one transaction: two words and a part of a third. */
export const DATA: Hex = `0xa9059cbb${'11'.repeat(64)}`;
const VALUE = hintOf('value', 3);

/** A slot that goes from 5 to 6. */
export const slot = (over: Partial<TableSlot> = {}): TableSlot => ({
  ...{ key: KEY, pre: 5n, post: 6n, preHint: VALUE, postHint: HINT_NONE },
  ...over,
});

/** A contract with {@link CODE} whose fields do not change. */
export const account = (address: Address, slots: TableSlot[]): TableAccount => {
  const fields = { nonce: 1n, balance: 0n, codeHash: keccak256(CODE) };
  return { address, pre: fields, post: fields, preHint: VALUE, postHint: HINT_NONE, slots };
};

export const inline = (code: Hex): TableCode => ({ kind: 'inline', code, blobUses: 1n, lenUses: 1n });

/** The terms with those of one kind made other ones. */
export function changed(terms: readonly Term[], name: TupleName, change: (old: Term, i: number) => Term): Term[] {
  let i = 0;
  return terms.map((old) => (old.tuple.name === name ? change(old, i++) : old));
}

/** The term with other values in some fields. */
export function withFields({ weight, tuple }: Term, fields: Readonly<Record<string, bigint>>): Term {
  const names = fieldsOf(tuple.name);
  expect(names).toEqual(expect.arrayContaining(Object.keys(fields)));
  return { weight, tuple: { ...tuple, values: tuple.values.map((value, i) => fields[names[i]!] ?? value) } };
}

/** The word by which the mirror refuses to encode such tables; L1 has the same. */
export function encodingRefusal(tables: Tables): string {
  try {
    encodeEntries({ mode: 'diff', tables, items: l1Items(Array<Hex>(tables.read).fill('0x00'), tables.read) });
    return 'accepted';
  } catch (error) {
    if (error instanceof StatementError) return error.reason;
    throw error;
  }
}

/** Bundles around one call of a token that writes one slot; challenges that no forger knows before. */
export class TablesForger {
  readonly random = new SeededRandom('forged tables of code');
  readonly alpha = this.random.bits(250);
  readonly beta = this.random.bits(250);

  private constructor(
    readonly bench: NativeBench,
    /** The transaction. */
    readonly raw: Hex,
  ) {}

  static async start(): Promise<TablesForger> {
    const accessList = [{ address: TOKEN, keys: [KEY, toHex(9n, { size: 32 })] }];
    const fields = plainFields({ to: TOKEN, gasLimit: 90_000n, data: DATA, accessList });
    return new TablesForger(await NativeBench.start(), await signTransaction(fields, privateKeyOf('forged tables', 0)));
  }

  /** The honest bundle, or one with other tables, always under the same header. */
  honest(over: Partial<Tables> = {}): Bundle {
    return withTables(randomBundle(new SeededRandom('honest'), 'diff', [this.raw], 0, 0), {
      accounts: [account(TOKEN, [slot()]), account(OTHER, [])],
      runs: [{ item: 1, uses: [1n, 1n, 1n] }],
      codes: [inline(CODE)],
      keccaks: [
        { kind: 'pair', input: concat([KEY, KEY]), uses: 1n },
        { kind: 'general', input: `0x${'44'.repeat(40)}`, uses: 2n },
      ],
      ...over,
    });
  }

  /** L1's tuples. */
  terms(bundle: Bundle): Term[] {
    return this.bench.terms(bundle);
  }

  /** How L1 ends when the circuits' sum is `sums`. */
  balance(bundle: Bundle, sums = 0n): Promise<string> {
    return this.bench.balance(bundle, this.alpha, this.beta, sums);
  }

  /** The kinds of tuples left over when the circuits' rows take `wanted` of L1; L1's verdict must be the same. */
  async leftOver(bundle: Bundle, wanted: readonly Term[]): Promise<string[]> {
    const rows = wanted.map(({ weight, tuple }) => ({ weight: -weight, tuple }));
    const parts = [
      { origin: 'L1', terms: this.terms(bundle) },
      { origin: 'rows', terms: rows },
    ];
    const names = imbalances(parts).map(({ tuple }) => tuple.name);
    const sums = mod(sumOf(rows, challengeOf(this.alpha, this.beta)));
    expect(await this.balance(bundle, sums)).toBe(names.length === 0 ? 'accepted' : 'BusNotBalanced');
    return [...new Set(names)].sort();
  }

  stop(): Promise<void> {
    return this.bench.stop();
  }
}
