import { mod } from '../../../../src/bus/field.js';
import { term } from '../../../../src/bus/tuple.js';
import { STEPS } from '../../../../src/trace/steps/index.js';
import type { Edit } from '../../../helpers/execution-forger.js';
import type { FrameForger } from '../../../helpers/frame-forger.js';
import { all } from '../world.js';
import {
  bareReturn,
  bareRevert,
  call,
  forger,
  frameForgeries,
  one,
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
const oneByte = (edit: Edit, length = 1n) => ({
  honest: () => forger([returning]).begin(returning, RETURN).frame().puts(length).puts(0n),
  change: (f: FrameForger) => f.run(edit).ends(),
});
const [reverting, undoing] = [call({ to: reverter }), call({ to: bareRevert })];
const returned = call({ to: returner });

/** How a frame ends by its own will. */
export const STOP = frameForgeries('calls: STOP, RETURN, REVERT', [
  {
    name: 'STOP where the code goes on',
    caughtBy: 'CODE',
    honest: () => forger([reverting]).begin(reverting, REVERTS).frame(),
    change: (f) => {
      STEPS[0]!(f.machine, 0);
      f.push('stop', f.machine.rows[0]!.row).ends();
    },
  },
  {
    name: 'RETURN where REVERT stands',
    caughtBy: 'CODE',
    honest: () => forger([reverting]).begin(reverting, REVERTS).frame(),
    change: (f) => f.run((r) => r.set('reverts', 0n)).ends(),
  },
  {
    name: 'REVERT where RETURN stands',
    caughtBy: 'CODE',
    honest: () => forger([returned]).begin(returned, RETURNS).frame(),
    change: (f) => f.run((r) => r.set('reverts', 1n)).ends(),
  },
  {
    name: 'less than a RETURN: ok = 2, the value moves twice',
    caughtBy: 'constraint CODE',
    honest: () => forger([undoing]).begin(undoing, REVERT).frame().puts(0n).puts(0n),
    change: (f) => {
      f.run((r) => r.set('reverts', mod(-1n)));
      f.ends((r) => r.add('senderNewLo', -2000n).add('recipientNewLo', 2000n));
    },
  },
  {
    name: 'gas below zero at STOP',
    caughtBy: 'RANGE12',
    honest: () => one().begin(valid, STOPS).frame().passes({ gas: 0n }),
    change: (f) => {
      const { exec } = f.machine;
      f.extra.push(term(-1n, 'EXEC', exec), term(1n, 'EXEC', { ...exec, gas: mod(-1n) }));
      f.run((r) => r.put('exec', { 5: mod(-1n) }).limbs('left', -1n));
      // The end is honest about a gas limit of one more that is used up: it takes a price more than txbegin took.
      const { gasLimit } = f.saved;
      const edit: Edit = (r) => r.set('gas', mod(-1n)).set('gasLimit', gasLimit).add('senderNewLo', -valid.price);
      f.ends(edit, { end: { gas: 0n }, saved: { gasLimit: gasLimit + 1n } });
    },
  },
  { name: 'memory of RETURN not paid', caughtBy: 'constraint', ...oneByte((r) => r.add('left', price)) },
  {
    name: 'memory of RETURN too cheap',
    caughtBy: 'EXPANSION',
    ...oneByte((r) => r.put('expand', { 2: 2n }).add('left', 1n)),
  },
  {
    name: 'memory of RETURN not needed: no bytes',
    caughtBy: 'constraint',
    ...oneByte((r) => r.set('expand', Array<bigint>(8).fill(0n)).add('left', price)),
  },
  {
    name: 'memory of RETURN not needed: there is enough',
    caughtBy: 'constraint',
    ...oneByte((r) => r.put('expand', { 1: 0n, 2: 0n }).add('left', price)),
  },
  {
    name: 'memory of RETURN not needed: by a negative reserve',
    caughtBy: 'RANGE12',
    ...oneByte((r) => r.put('expand', { 1: 0n, 2: 0n, 4: mod(-1n) }).add('left', price)),
  },
  {
    name: 'memory of RETURN a word less',
    caughtBy: 'RANGE12',
    ...oneByte(
      all((r) => r.put('expand', { 2: price, 3: mod(-1n) }).add('left', price)),
      33n,
    ),
  },
  {
    name: 'a length without its high half',
    caughtBy: 'STACK',
    honest: () => forger([returning]).begin(returning, RETURN).frame().puts(0n).puts(0n),
    change: (f) => {
      const { stack, exec } = f.machine;
      const [at, ts] = [{ call: exec.call, idx: 0n, lo: 0n }, stack[0]!.ts];
      f.extra.push(term(-1n, 'STACK', { ...at, ts, hi: 0n }), term(1n, 'STACK', { ...at, ts, hi: 1n }));
      f.run().ends();
    },
  },
  {
    name: 'an offset that is another one',
    caughtBy: 'STACK',
    ...oneByte((r) => r.put('a', { 1: 31n }).put('expand', { 3: 0n })),
  },
]);
