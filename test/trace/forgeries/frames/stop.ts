import { mod } from '../../../../src/bus/field.js';
import { term } from '../../../../src/bus/tuple.js';
import { STEPS } from '../../../../src/trace/steps/index.js';
import type { Edit } from '../../../helpers/execution-forger.js';
import {
  all,
  bareReturn,
  bareRevert,
  call,
  type FrameForgery,
  forger,
  RETURN,
  RETURNS,
  REVERT,
  REVERTS,
  returner,
  reverter,
  STOPS,
  valid,
} from './world.js';

const price = 3n;
const returning = call({ to: bareReturn });
/** RETURN of a byte from 0: a word of memory, 3 gas. */
const oneByte = (edit: Edit, length = 1n) =>
  forger([returning]).begin(returning, RETURN).frame().puts(length).puts(0n).run(edit).ends();

/** How a frame ends by its own will. */
export const STOP: FrameForgery[] = [
  [
    'STOP where the code goes on',
    'CODE',
    () => {
      const tx = call({ to: reverter });
      const f = forger([tx]).begin(tx, REVERTS).frame();
      STEPS[0]!(f.machine, 0);
      return f.push('stop', f.machine.rows[0]!.row).ends();
    },
  ],
  [
    'RETURN where REVERT stands',
    'CODE',
    () => {
      const tx = call({ to: reverter });
      return forger([tx])
        .begin(tx, REVERTS)
        .frame()
        .run((r) => r.set('reverts', 0n))
        .ends();
    },
  ],
  [
    'REVERT where RETURN stands',
    'CODE',
    () => {
      const tx = call({ to: returner });
      return forger([tx])
        .begin(tx, RETURNS)
        .frame()
        .run((r) => r.set('reverts', 1n))
        .ends();
    },
  ],
  [
    'less than a RETURN: ok = 2, the value moves twice',
    'constraint CODE',
    () => {
      const tx = call({ to: bareRevert });
      const f = forger([tx])
        .begin(tx, REVERT)
        .frame()
        .puts(0n)
        .puts(0n)
        .run((r) => r.set('reverts', mod(-1n)));
      return f.ends((r) => r.add('senderNewLo', -2000n).add('recipientNewLo', 2000n));
    },
  ],
  [
    'gas below zero at STOP',
    'RANGE12',
    () => {
      const f = forger([valid]).begin(valid, STOPS).frame().passes({ gas: 0n });
      const { exec } = f.machine;
      f.extra.push(term(-1n, 'EXEC', exec), term(1n, 'EXEC', { ...exec, gas: mod(-1n) }));
      f.run((r) => r.put('exec', { 5: mod(-1n) }).limbs('left', -1n));
      // The end is honest about a gas limit of one more that is used up: it takes a price more than txbegin took.
      const { gasLimit } = f.saved;
      const edit: Edit = (r) => r.set('gas', mod(-1n)).set('gasLimit', gasLimit).add('senderNewLo', -valid.price);
      return f.ends(edit, { end: { gas: 0n }, saved: { gasLimit: gasLimit + 1n } });
    },
  ],
  ['memory of RETURN not paid', 'constraint', () => oneByte((r) => r.add('left', price))],
  ['memory of RETURN too cheap', 'EXPANSION', () => oneByte((r) => r.put('expand', { 2: 2n }).add('left', 1n))],
  [
    'memory of RETURN not needed: no bytes',
    'constraint',
    () => oneByte((r) => r.set('expand', Array<bigint>(8).fill(0n)).add('left', price)),
  ],
  [
    'memory of RETURN not needed: there is enough',
    'constraint',
    () => oneByte((r) => r.put('expand', { 1: 0n, 2: 0n }).add('left', price)),
  ],
  [
    'memory of RETURN not needed: by a negative reserve',
    'RANGE12',
    () => oneByte((r) => r.put('expand', { 1: 0n, 2: 0n, 4: mod(-1n) }).add('left', price)),
  ],
  [
    'memory of RETURN a word less',
    'RANGE12',
    () =>
      oneByte(
        all((r) => r.put('expand', { 2: price, 3: mod(-1n) }).add('left', price)),
        33n,
      ),
  ],
  [
    'a length without its high half',
    'STACK',
    () => {
      const f = forger([returning]).begin(returning, RETURN).frame().puts(0n).puts(0n);
      const { stack, exec } = f.machine;
      const [at, ts] = [{ call: exec.call, idx: 0n, lo: 0n }, stack[0]!.ts];
      f.extra.push(term(-1n, 'STACK', { ...at, ts, hi: 0n }), term(1n, 'STACK', { ...at, ts, hi: 1n }));
      return f.run().ends();
    },
  ],
  ['an offset that is another one', 'STACK', () => oneByte((r) => r.put('a', { 1: 31n }).put('expand', { 3: 0n }))],
];
