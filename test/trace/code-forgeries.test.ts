import { describe, expect, it } from 'vitest';
import { fromHex } from '../../src/batch/bytes.js';
import { assemble } from '../helpers/assemble.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import { codeTrace } from '../helpers/code-forger.js';
import { barrierOf } from '../helpers/trie/forgery.js';
import { left, type Trace } from '../helpers/trie/slot-trace.js';
import { BYTES } from './forgeries/code/bytes.js';
import { JUMPS } from './forgeries/code/jumps.js';
import { STEPPING } from './forgeries/code/steps.js';

/** What stops a trace: `accepted`, a chip's constraint, or the kinds of tuples that do not balance. */
async function barrier(trace: Trace, name: string): Promise<string> {
  const found = await barrierOf(trace, randomOf(testSeed(), name));
  if (found !== 'BUS_NOT_BALANCED') return found;
  return [...new Set(left(trace).map(({ tuple }) => tuple.name))].sort().join(' ');
}

const traceOf = (code: string, forging = {}) => codeTrace([...fromHex(assemble(code))], forging);

describe('honest frames are accepted', { timeout: 600_000 }, () => {
  it.each([
    [
      'all kinds of pushes, dup, swap, registers',
      `PUSH0 PUSH1 0x01 PUSH4 0x01020304 PUSH32 0x${'ab'.repeat(32)} DUP3 SWAP4 PC MSIZE GAS POP STOP`,
    ],
    ['jumps', 'PUSH1 0x04 JUMP STOP JUMPDEST PUSH1 0x01 PUSH1 0x0b JUMPI STOP JUMPDEST PUSH0 PUSH1 0x0b JUMPI STOP'],
    ['a long code', `PUSH2 0x00c9 JUMP 0x${'60'.repeat(197)} JUMPDEST STOP`],
    ['a push cut short by the end of a row', `JUMPDEST ${'PUSH0 POP '.repeat(63)} PUSH32`],
    ['no STOP at the end', 'PUSH1 0x01'],
    ['a jump into push data', 'PUSH1 0x04 JUMP PUSH1 0x5b STOP'],
    ['a jump behind the code', 'PUSH1 0x77 JUMP'],
    ['a jump far away', `PUSH32 0x${'ff'.repeat(32)} JUMP`],
    ['JUMPI to a bad place', 'PUSH1 0x01 PUSH1 0x00 JUMPI'],
    ['INVALID', 'INVALID'],
    ['underflow', 'PUSH0 ADD'],
    ['overflow', 'PUSH0 '.repeat(1025)],
  ])('%s', async (name, code) => {
    expect(await barrier(traceOf(code), name)).toBe('accepted');
  });

  it('out of gas', async () => {
    expect(await barrier(traceOf('PUSH1 0x01 PUSH1 0x02 STOP', { start: { gas: 5n } }), 'gas')).toBe('accepted');
  });
});

describe.each([
  ['bytes of code and push data', BYTES],
  ['jumps', JUMPS],
  ['halts, stack, registers', STEPPING],
])('forgeries: %s', { timeout: 600_000 }, (_part, forgeries) => {
  it.each(forgeries)('%s: %s', async (name, expected, code, forging) => {
    expect(await barrier(traceOf(code, forging), name)).toBe(expected);
  });
});
