import { ADDRESS_MASK } from '../../../src/chips/mask.js';
import { OP } from '../../../src/evm/opcodes.js';
import { edgeWords, OpcodeCases } from '../../helpers/chips/opcode-cases.js';

const { AND, OR, XOR } = OP;

/** Bit by bit, from the text of both words: shares nothing with the rows. */
function bitByBit(a: bigint, b: bigint, bit: (x: boolean, y: boolean) => boolean): bigint {
  const text = (x: bigint) => x.toString(2).padStart(256, '0');
  const [x, y] = [text(a), text(b)];
  return BigInt(`0b${Array.from(x, (digit, i) => (bit(digit === '1', y[i] === '1') ? 1 : 0)).join('')}`);
}

const BITS: Readonly<Record<number, (x: boolean, y: boolean) => boolean>> = {
  [AND]: (x, y) => x && y,
  [OR]: (x, y) => x || y,
  [XOR]: (x, y) => x !== y,
};

export const CASES = new OpcodeCases(['bitwise'], (random) => {
  // AND with that one is a row of `mask`.
  const words = edgeWords(random, 60).filter((word) => word !== ADDRESS_MASK);
  return words.flatMap((a) => {
    const b = random.pick(words);
    return [AND, OR, XOR].map((op) => ({ op, stack: [b, a], pushed: bitByBit(a, b, BITS[op]!) }));
  });
});
