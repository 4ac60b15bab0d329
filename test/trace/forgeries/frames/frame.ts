import { inverse } from '../../../../src/bus/field.js';
import { OP } from '../../../../src/evm/opcodes.js';
import type { Edit } from '../../../helpers/execution-forger.js';
import type { FrameForger } from '../../../helpers/frame-forger.js';
import { alice, all, asIs, thief } from '../world.js';
import { call, forger, frameForgeries, LONG, long, one, STOPS, stopper, valid } from './world.js';

const HALF = 1n << 128n;
const low = (who: string) => BigInt(who) % HALF;
const [first, second] = [call({ to: long }), call({ nonce: 6n })];
const started = () => one().begin(valid, STOPS);
const entered = () => started().frame();
/** A call whose frame row is edited. */
const framed = (edit: Edit) => ({ honest: started, change: (f: FrameForger) => f.frame(edit).completes() });
/** A row of the frame looks something up. */
const reading = (op: number, lo: bigint) => ({
  honest: entered,
  change: (f: FrameForger) => f.reads(BigInt(op), 0n, lo).completes(),
});
/** There is a second row of the frame, with another caller, which is read. */
const another = (edit: Edit) => ({
  honest: entered,
  change: (f: FrameForger) =>
    f
      .frame(all((r) => r.limbs('callerLo', low(thief)), edit))
      .reads(BigInt(OP.CALLER), BigInt(thief) >> 128n, low(thief))
      .completes(),
});

/** What a frame says of itself. */
export const FRAME = frameForgeries('calls: frame', [
  { name: 'another address', caughtBy: 'NEWFRAME', ...framed((r) => r.limbs('addrLo', low(thief))) },
  { name: 'another caller', caughtBy: 'NEWFRAME', ...framed((r) => r.limbs('callerLo', low(thief))) },
  { name: 'another high part of the caller', caughtBy: 'NEWFRAME', ...framed((r) => r.add('callerHi', 1n)) },
  { name: 'another value', caughtBy: 'NEWFRAME', ...framed((r) => r.set('valueLo', 1001n)) },
  { name: 'a value with a high half', caughtBy: 'NEWFRAME', ...framed((r) => r.set('valueHi', 1n)) },
  { name: 'another price', caughtBy: 'NEWFRAME', ...framed((r) => r.set('priceLo', 1n)) },
  { name: 'longer calldata', caughtBy: 'NEWFRAME', ...framed((r) => r.set('dataLen', 1n)) },
  { name: 'longer code', caughtBy: 'NEWFRAME', ...framed((r) => r.set('codeLen', 2n)) },
  { name: 'another transaction', caughtBy: 'NEWFRAME', ...framed((r) => r.set('tx', 2n)) },
  { name: 'another call', caughtBy: 'NEWFRAME', ...framed((r) => r.set('call', 7n)) },
  { name: 'no row', caughtBy: 'NEWFRAME', honest: started, change: (f) => f.run().ends() },
  { name: 'entered twice', caughtBy: 'NEWFRAME', honest: entered, change: (f) => f.frame().completes() },
  {
    name: 'a second row, with another caller to be read',
    caughtBy: 'NEWFRAME',
    ...another(asIs),
  },
  {
    name: 'a row that is not used, with another caller to be read',
    caughtBy: 'constraint',
    ...another((r) => r.set('en', 0n).set('m', [0n, 0n, 0n, 1n, 0n, 0n, 0n, 0n, 0n, 0n])),
  },
  {
    name: 'a caller whose low part has 129 bits',
    caughtBy: 'RANGE12',
    ...framed((r) => r.add('callerHi', -1n).add('callerLo', HALF)),
  },
  {
    name: 'a caller whose parts are right modulo r',
    caughtBy: 'RANGE12',
    ...framed((r) => r.limbs('callerLo', low(thief)).limbs('callerHi', (BigInt(alice) - low(thief)) * inverse(HALF))),
  },
  { name: 'CALLVALUE, another one', caughtBy: 'ENV', ...reading(OP.CALLVALUE, 999n) },
  { name: 'CODESIZE, another one', caughtBy: 'ENV', ...reading(OP.CODESIZE, 2n) },
  { name: 'GASPRICE, another one', caughtBy: 'ENV', ...reading(OP.GASPRICE, valid.price + 1n) },
  { name: 'RETURNDATASIZE, not 0', caughtBy: 'ENV', ...reading(OP.RETURNDATASIZE, 1n) },
  { name: 'BLOBBASEFEE, not 1', caughtBy: 'ENV', ...reading(OP.BLOBBASEFEE, 0n) },
  { name: 'an opcode that reads nothing of the frame', caughtBy: 'ENV', ...reading(0x31, 0n) },
  {
    name: 'CODESIZE of the frame before',
    caughtBy: 'ENV',
    honest: () => forger([first, second]).begin(first, LONG).completes().begin(second, STOPS).frame(),
    change: (f) => f.reads(BigInt(OP.CODESIZE), 0n, 9_000n).completes(),
  },
  {
    name: 'ADDRESS without its high part',
    caughtBy: 'ENV',
    ...reading(OP.ADDRESS, low(stopper)),
  },
]);
