import { toLimbs } from '../../bus/field.js';
import { CALLDATALOAD_EFFECT, CUT_LIMBS, calldataload } from '../../chips/calldataload.js';
import { limbs128, limbsOf } from '../../chips/lib/range.js';
import type { StepBuilder } from '../execution/machine.js';

const WORD = 32;

/** CALLDATALOAD. */
export const calldataloadStep: StepBuilder = (machine) => {
  const head = machine.head();
  const { address, tx, data } = machine.frame;
  const a = machine.pop();
  const found = a.value < BigInt(data.length) ? inside(Number(a.value), data) : beyond(a.value, data);
  const { excess, word, upper, pow } = found;
  const half = (i: number) => word[i + Number(upper)]!;
  // Beyond, the excess takes the product's place and what it carries is not taken on.
  const [cut2, rest] = toLimbs(half(2) * pow + excess);
  const [cut1, low] = toLimbs(half(1) * pow + (found.beyond === 0n ? cut2 : 0n));
  const [cut0, high] = toLimbs(half(0) * pow + cut1);
  machine.push((high << 128n) + low);
  const row = {
    ...head,
    a: a.cells,
    addr: BigInt(address),
    tx,
    dataLen: BigInt(data.length),
    beyond: found.beyond,
    last: found.last,
    upper,
    shift: found.shift,
    pow,
    word,
    high: limbs128(high),
    low: limbs128(low),
    rest: limbs128(rest),
    cut: [cut0, cut1, cut2].flatMap((cut) => limbsOf(cut, CUT_LIMBS)),
  };
  machine.step(calldataload, row, CALLDATALOAD_EFFECT, 'CALLDATALOAD');
};

function inside(offset: number, data: Uint8Array) {
  const at = Math.floor(offset / WORD);
  const last = WORD * (at + 1) >= data.length;
  const shift = offset % 16;
  return {
    beyond: 0n,
    excess: 0n,
    last: last ? 1n : 0n,
    upper: offset % WORD >= 16 ? 1n : 0n,
    shift: BigInt(shift),
    pow: 1n << BigInt(8 * shift),
    word: [...toLimbs(dataWord(data, at)), ...toLimbs(last ? 0n : dataWord(data, at + 1))],
  };
}

function beyond(offset: bigint, data: Uint8Array) {
  const [hi, lo] = toLimbs(offset);
  return {
    beyond: 1n,
    excess: (hi << 24n) + lo - BigInt(data.length),
    last: 0n,
    upper: 0n,
    shift: 0n,
    pow: 1n,
    word: [0n, 0n, 0n, 0n],
  };
}

/** Word number `at` of calldata as L1 supplies it: zeros after the end. */
function dataWord(data: Uint8Array, at: number): bigint {
  const bytes = data.subarray(WORD * at, WORD * (at + 1));
  return BigInt(
    `0x${Buffer.from(bytes)
      .toString('hex')
      .padEnd(2 * WORD, '0')}`,
  );
}
