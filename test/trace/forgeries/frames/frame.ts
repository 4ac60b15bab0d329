import { inverse } from '../../../../src/bus/field.js';
import { OP } from '../../../../src/evm/opcodes.js';
import type { Edit } from '../../../helpers/execution-forger.js';
import { alice, asIs, call, type FrameForgery, forger, LONG, long, STOPS, stopper, thief, valid } from './world.js';

const HALF = 1n << 128n;
const low = (who: string) => BigInt(who) % HALF;
const started = () => forger([valid]).begin(valid, STOPS);
/** A call whose frame row is edited. */
const framed = (edit: Edit) => started().frame(edit).run().ends();
const reading = (op: bigint, lo: bigint) => started().frame().reads(op, 0n, lo).run().ends();

/** What a frame says of itself. */
export const FRAME: FrameForgery[] = [
  ['another address', 'NEWFRAME', () => framed((r) => r.limbs('addrLo', low(thief)))],
  ['another caller', 'NEWFRAME', () => framed((r) => r.limbs('callerLo', low(thief)))],
  ['another high part of the caller', 'NEWFRAME', () => framed((r) => r.add('callerHi', 1n))],
  ['another value', 'NEWFRAME', () => framed((r) => r.set('valueLo', 1001n))],
  ['a value with a high half', 'NEWFRAME', () => framed((r) => r.set('valueHi', 1n))],
  ['another price', 'NEWFRAME', () => framed((r) => r.set('priceLo', 1n))],
  ['longer calldata', 'NEWFRAME', () => framed((r) => r.set('dataLen', 1n))],
  ['longer code', 'NEWFRAME', () => framed((r) => r.set('codeLen', 2n))],
  ['another transaction', 'NEWFRAME', () => framed((r) => r.set('tx', 2n))],
  ['another call', 'NEWFRAME', () => framed((r) => r.set('call', 7n))],
  ['no row', 'NEWFRAME', () => started().run().ends()],
  ['entered twice', 'NEWFRAME', () => started().frame().frame().run().ends()],
  [
    'a second row, with another caller to be read',
    'NEWFRAME',
    () => {
      const f = started()
        .frame()
        .frame((r) => r.limbs('callerLo', low(thief)));
      return f
        .reads(BigInt(OP.CALLER), BigInt(thief) >> 128n, low(thief))
        .run()
        .ends();
    },
  ],
  [
    'a row that is not used, with another caller to be read',
    'constraint',
    () => {
      const m = [0n, 0n, 0n, 1n, 0n, 0n, 0n, 0n, 0n, 0n];
      const f = started()
        .frame()
        .frame((r) => r.set('en', 0n).set('m', m).limbs('callerLo', low(thief)));
      return f
        .reads(BigInt(OP.CALLER), BigInt(thief) >> 128n, low(thief))
        .run()
        .ends();
    },
  ],
  [
    'a caller whose low part has 129 bits',
    'RANGE12',
    () => framed((r) => r.add('callerHi', -1n).add('callerLo', HALF)),
  ],
  [
    'a caller whose parts are right modulo r',
    'RANGE12',
    () => {
      const hi = (BigInt(alice) - low(thief)) * inverse(HALF);
      return framed((r) => r.limbs('callerLo', low(thief)).limbs('callerHi', hi));
    },
  ],
  ['CALLVALUE, another one', 'ENV', () => reading(BigInt(OP.CALLVALUE), 999n)],
  ['CODESIZE, another one', 'ENV', () => reading(BigInt(OP.CODESIZE), 2n)],
  ['GASPRICE, another one', 'ENV', () => reading(BigInt(OP.GASPRICE), valid.price + 1n)],
  ['RETURNDATASIZE, not 0', 'ENV', () => reading(BigInt(OP.RETURNDATASIZE), 1n)],
  ['BLOBBASEFEE, not 1', 'ENV', () => reading(BigInt(OP.BLOBBASEFEE), 0n)],
  ['an opcode that reads nothing of the frame', 'ENV', () => reading(0x31n, 0n)],
  [
    'CODESIZE of the frame before',
    'ENV',
    () => {
      const [first, second] = [call({ to: long }), call({ nonce: 6n })];
      const f = forger([first, second]).begin(first, LONG).frame().run().ends().begin(second, STOPS).frame();
      return f.reads(BigInt(OP.CODESIZE), 0n, 9_000n).run().ends();
    },
  ],
  [
    'ADDRESS without its high part',
    'ENV',
    () => started().frame().reads(BigInt(OP.ADDRESS), 0n, low(stopper)).run(asIs).ends(),
  ],
];
