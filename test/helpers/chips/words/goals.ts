import { fieldsOf } from '../../../../src/bus/layout.js';
import type { Print, Statement } from '../../determinism/extract.js';
import { constant, minus, type Product } from '../../determinism/forms.js';
import { CELLS, CHANGES, CONTRACT, COUNTS } from './contract.js';
import type { KnownRow } from './known-row.js';
import { isSame } from './poly.js';

/** A sum of products that must be an integer between two others. */
export interface Goal {
  readonly name: string;
  readonly products: readonly Product[];
  readonly from: bigint;
  readonly to: bigint;
}

/** What is handed on is older than the row by at most this: gaps are three limbs. */
const OLDEST = 1n << 37n;

/** Each field of the print within its contract. */
function limitsOf({ name, fields }: Print): Goal[] {
  const limits = CONTRACT[name] ?? {};
  return fieldsOf(name).flatMap((field, i) => {
    const to = limits[field];
    return to === undefined ? [] : [{ name: `${name}.${field}`, products: fields[i]!, from: 0n, to }];
  });
}

/** What must hold of a print that a row sends, which the row is known to send. */
export function goalsOf(statement: Statement, print: Print, row: KnownRow): Goal[] {
  const taken = statement.prints.filter((one) => one !== print && row.takes(one));
  const from = taken.find(({ name }) => name === print.name) ?? taken.find(({ name }) => name === 'EXEC');
  return [
    ...limitsOf(print),
    ...(CELLS.includes(print.name) ? agesOf(print, taken, row) : []),
    ...(print.class === 'linear' && from !== undefined ? movesOf(statement, print, from) : []),
  ];
}

/** What a sent cell may have been is older than it. */
function agesOf(print: Print, taken: readonly Print[], row: KnownRow): Goal[] {
  const isConstant = limitsOf(print).every(({ products }) => row.polyOf(products)?.size === 0);
  if (isConstant) return [];
  const cells = taken.filter(({ name }) => CELLS.includes(name));
  const same = cells.filter((one) => print.name !== 'ACCT' || isAt(row, one, print));
  return same.map((one) => ({ ...difference(`age of ${one.name}`, print, one, 'ts'), from: 1n, to: OLDEST }));
}

function isAt(row: KnownRow, a: Print, b: Print): boolean {
  const [x, y] = [a, b].map((one) => row.polyOf(one.fields[fieldsOf('ACCT').indexOf('addr')]!));
  return x !== undefined && y !== undefined && isSame(x, y);
}

/** How the machine changes. */
function movesOf(statement: Statement, print: Print, from: Print): Goal[] {
  const isEnd = print.name === 'END' && from.name === 'EXEC';
  if (print.name !== from.name && !isEnd) return [];
  const { gas: _, refund: __, ...ended } = CHANGES.EXEC!;
  const changes = Object.entries(isEnd ? ended : (CHANGES[print.name] ?? {}));
  const shared = changes.filter(([field]) => fieldsOf(print.name).includes(field));
  const counts = Object.entries(COUNTS).filter(
    ([field]) => ['EXEC', 'END'].includes(print.name) && fieldsOf(print.name).includes(field),
  );
  return [
    ...shared.map(([field, [least, most]]) => ({
      ...difference(`change of ${print.name}.${field}`, print, from, field),
      ...{ from: least, to: most },
    })),
    ...counts.map(([field, name]) => {
      const { name: what, products } = difference(`count of ${print.name}.${field}`, print, from, field);
      const weights = statement.prints.filter((one) => one.name === name).map(({ weight }) => weight);
      const net: Product[] = weights.map((weight) => ({ a: constant(-1n), b: weight }));
      return { name: what, products: [...products, ...net], from: 0n, to: 0n };
    }),
  ];
}

function difference(name: string, sent: Print, received: Print, field: string): Pick<Goal, 'name' | 'products'> {
  const of = (print: Print) => print.fields[fieldsOf(print.name).indexOf(field)]!;
  const less = of(received).map(({ a, b }) => ({ a, b: minus(new Map(), b) }));
  return { name, products: [...of(sent), ...less] };
}
