import { term } from '../bus/tuple.js';
import { OP } from '../evm/opcodes.js';
import { defineChip } from './chip.js';
import { LIMBS_128, range128Terms, rangeTerms, valueOfLimbs } from './lib/range.js';

/** The opcodes that read a frame's constants, in the order of the row's `m` after FRAME's. */
export const ENV_FIELDS = [
  OP.ADDRESS,
  OP.ORIGIN,
  OP.CALLER,
  OP.CALLVALUE,
  OP.CALLDATASIZE,
  OP.CODESIZE,
  OP.GASPRICE,
  OP.RETURNDATASIZE,
  OP.BLOBBASEFEE,
] as const;

/** The tables of a frame (`circuits/chips/frame.circom`). */
export const frame = defineChip({
  name: 'frame',
  template: 'Frame()',
  columns: {
    en: 1,
    call: 1,
    tx: 1,
    dataLen: 1,
    codeLen: 1,
    addrHi: 3,
    addrLo: LIMBS_128,
    callerHi: 3,
    callerLo: LIMBS_128,
    valueHi: 1,
    valueLo: 1,
    priceHi: 1,
    priceLo: 1,
    m: 10,
  },
  terms: ({ en, call, tx, dataLen, codeLen, addrHi, addrLo, callerHi, callerLo, m, ...payment }) => {
    const { valueHi, valueLo, priceHi, priceLo } = payment;
    const addr = [valueOfLimbs(addrHi), valueOfLimbs(addrLo)] as const;
    const caller = [valueOfLimbs(callerHi), valueOfLimbs(callerLo)] as const;
    const whole = ([hi, lo]: readonly [bigint, bigint]) => (hi << 128n) + lo;
    const words = [
      addr,
      caller,
      caller,
      [valueHi, valueLo],
      [0n, dataLen],
      [0n, codeLen],
      [priceHi, priceLo],
      [0n, 0n],
      [0n, 1n],
    ] as const;
    const entered = { call, addr: whole(addr), caller: whole(caller), ...payment, tx, birth: 0n, dataLen, codeLen };
    return [
      term(-en, 'NEWFRAME', entered),
      term(m[0]!, 'FRAME', { call, addr: whole(addr), tx, birth: 0n }),
      ...words.map(([hi, lo], i) => term(m[1 + i]!, 'ENV', { call, op: BigInt(ENV_FIELDS[i]!), hi, lo })),
      ...[addrLo, callerLo].flatMap((half) => range128Terms(en, half)),
      ...rangeTerms(en, [...addrHi, ...callerHi]),
    ];
  },
});
