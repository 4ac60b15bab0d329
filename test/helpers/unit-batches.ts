import type { Address, Hex } from 'viem';
import { word } from '../../src/batch/bytes.js';
import type { GenesisState } from '../../src/batch/genesis.js';
import type { TransactionFields } from '../../src/batch/sign.js';
import { OPCODES } from '../../src/evm/opcodes.js';
import type { Mode } from '../../src/proof/types.js';
import type { Unit } from '../../src/work/units.js';
import { stackOnly } from './assemble.js';
import { program } from './code-batch.js';
import { CONTRACT, callOf, GENESIS, NONCE, stateWith } from './code-world.js';

/** A batch that is full of a unit. */
export interface UnitBatch {
  readonly state: GenesisState;
  readonly txs: readonly Hex[];
  readonly mode: Mode;
}

/** Gas that a budget of a fiftieth reserves for one transaction. */
const GAS = 106_000n;
const BYTES_OF_LOOP = 230;
const SLOTS = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [i + 1, BigInt(i + 5)]));

const times = (count: number, text: string) => Array<string>(count).fill(text).join(' ');

/** `before`, then `body` again and again until the gas is used up. */
function loop(body: string, before = ''): Hex {
  const length = (program(body).length - 2) / 2;
  const head = (program(before).length - 2) / 2;
  return program(`${before} again: ${times(Math.floor((BYTES_OF_LOOP - head) / length), body)} @again JUMP`);
}

async function call(code: Hex, over: Partial<TransactionFields> = {}, mode: Mode = 'diff'): Promise<UnitBatch> {
  return { state: stateWith(code, SLOTS), txs: [await callOf({ gasLimit: GAS, ...over })], mode };
}

/** Many short calls. Value i + 1 for the i-th, where asked for, is the slot that it touches. */
async function calls(code: string, gas: bigint, valued = false, count = 12): Promise<UnitBatch> {
  const txs: Hex[] = [];
  for (let i = 0; i < count; i++) {
    const value = valued ? { value: BigInt(i + 100) } : {};
    txs.push(await callOf({ nonce: NONCE + BigInt(i), gasLimit: 21_000n + gas, ...value }));
  }
  return { state: stateWith(program(code), SLOTS), txs, mode: 'diff' };
}

async function items(over: (i: number) => Partial<TransactionFields>, count: number): Promise<UnitBatch> {
  const txs: Hex[] = [];
  for (let i = 0; i < count; i++) txs.push(await callOf({ gasLimit: 21_000n, ...over(i) }));
  return { state: GENESIS.state, txs, mode: 'root' };
}

const fresh = (i: number) => `0x${(0xacc0_0000 + i).toString(16).padStart(40, '0')}` as Address;
const ONES = `0x${'ff'.repeat(20)}`;
/** What makes the mask of an address. */
const MASK = 'PUSH1 0x01 PUSH1 0x01 PUSH1 0xa0 SHL SUB';
/** A jump to the next instruction, again and again. */
const JUMPS = program(`l0: ${Array.from({ length: 60 }, (_, i) => `@l${i + 1} JUMP l${i + 1}:`).join(' ')} @l0 JUMP`);
/** How many pushes of `bytes` bytes, each popped, a code has room for. */
const pushes = (bytes: number) => {
  const push = `PUSH${bytes} 0x${'11'.repeat(bytes)} POP`;
  return program(times(Math.floor(24_000 / (bytes + 2)), push));
};

type Maker = () => Promise<UnitBatch>;

/** By how a unit's name begins; the first that fits. */
const MAKERS: readonly (readonly [begins: string, make: Maker])[] = [
  ['POP:', () => call(loop('PUSH0 POP'))],
  ['PUSH1 1, PUSH1 1, PUSH1 160', () => call(program(`${times(1_000, MASK)} ${times(1_500, `${MASK} POP`)}`))],
  ['PUSH0:', () => call(program(`${times(1_000, 'PUSH0')} ${times(5_000, 'PUSH0 POP')}`))],
  ['PUSH1 to PUSH32:', () => call(program(`${times(1_000, 'PUSH0')} ${times(5_000, 'PUSH1 0x01 POP')}`))],
  ['DUP1 to DUP16:', () => call(loop('DUP1 POP', 'PUSH0'))],
  ['SWAP1 to SWAP16:', () => call(loop('SWAP1', 'PUSH0 PUSH1 0x01'))],
  ['JUMP:', () => call(JUMPS)],
  ['JUMPI:', () => call(loop('PUSH0 PUSH0 JUMPI'))],
  ['JUMPDEST:', () => call(loop('JUMPDEST'))],
  ['PC to GAS:', () => call(loop('GAS PC MSIZE POP POP POP'))],
  ['ADDRESS to BLOBBASEFEE:', () => call(loop('ADDRESS TIMESTAMP POP POP'))],
  ['ADD, SUB:', () => call(loop('DUP1 ADD', 'PUSH1 0x03'))],
  ['MUL:', () => call(loop('DUP1 MUL', 'PUSH1 0x03'))],
  ['DIV to SMOD:', () => call(loop('DUP1 DUP1 DIV POP DUP1 DUP1 SMOD POP', 'PUSH1 0x03'))],
  ['LT to ISZERO:', () => call(loop('DUP1 LT DUP1 EQ', 'PUSH1 0x03'))],
  ['AND to XOR:', () => call(loop('DUP1 OR', 'PUSH1 0x03'))],
  ['AND: mask', () => call(loop('DUP1 AND', `PUSH20 ${ONES}`))],
  ['NOT:', () => call(loop('NOT', 'PUSH0'))],
  ['SHL to SAR:', () => call(loop('DUP1 SHR DUP1 SAR', 'PUSH1 0x03'))],
  ['SHL: pow2', () => call(loop('PUSH1 0x01 PUSH1 0x07 SHL POP'))],
  ['SIGNEXTEND, BYTE:', () => call(loop('DUP1 BYTE DUP1 SIGNEXTEND', 'PUSH1 0x03'))],
  ['CALLDATALOAD:', () => call(loop('CALLDATALOAD', 'PUSH0'))],
  ['MLOAD, MSTORE: memory', () => call(loop('MLOAD', 'PUSH0'))],
  ['MLOAD, MSTORE: unaligned', () => call(loop('PUSH1 0x01 MLOAD POP'))],
  ['MSTORE8:', () => call(loop('PUSH0 PUSH0 MSTORE8'))],
  ['LOG0 to LOG4:', () => call(loop('PUSH0 PUSH0 LOG0'))],
  ['SLOAD:', () => call(loop('PUSH0 SLOAD POP'))],
  ['SSTORE: sstore, undo', () => call(loop('PUSH0 PUSH0 SSTORE'))],
  ['SSTORE: sstore, drainjrn', () => call(program(`${times(700, 'PUSH0 PUSH0 SSTORE')} STOP`))],
  ['new word of memory', () => call(program('PUSH3 0x028000 MLOAD STOP'))],
  ['memory that grows by a word', () => call(loop('MSIZE MLOAD POP'))],
  ['cold slot: it is there', () => call(loop('PUSH1 0x01 ADD DUP1 SLOAD POP', 'PUSH0'))],
  ['cold slot: another', () => call(loop('PUSH1 0x01 ADD DUP1 SLOAD POP', 'PUSH2 0x1000'))],
  ['cold slot: an extension is', () => call(loop('PUSH1 0x01 ADD DUP1 SLOAD POP', 'PUSH2 0x2000'))],
  ['cold slot:', () => call(program(`PUSH0 ${times(15, 'PUSH1 0x01 ADD PUSH1 0x09 DUP2 SSTORE')}`), {}, 'root')],
  ['KECCAK256 of two words', () => call(loop('PUSH1 0x40 PUSH0 KECCAK256 PUSH0 MSTORE'))],
  ['KECCAK256 of any bytes', () => call(loop('PUSH0 PUSH0 KECCAK256 POP'))],
  ['word of a hash: copyword', () => call(loop('PUSH2 0x0800 PUSH0 KECCAK256 PUSH0 MSTORE'))],
  ['word of a hash: copybytes', () => call(loop('PUSH2 0x0800 PUSH1 0x01 KECCAK256 PUSH0 MSTORE'))],
  ['byte of code, all PUSH1', () => call(pushes(1))],
  ['byte of code, all PUSH3', () => call(pushes(3))],
  ['byte of code, all PUSH5', () => call(pushes(5))],
  ['run that ends by STOP', () => calls('STOP', 0n)],
  ['run that ends by RETURN', () => calls('PUSH1 0x20 PUSH0 RETURN', 100n)],
  ['run that ends by a halt', () => calls('INVALID', 0n)],
  ['run that ends by memory', () => calls('PUSH0 PUSH2 0x4000 MSTORE', 100n)],
  ['run that ends by a jump', () => calls('PUSH0 JUMP', 100n)],
  ['run that ends by a JUMPI', () => calls('PUSH1 0x01 PUSH0 JUMPI', 100n)],
  ['run that ends by an SLOAD', () => calls('CALLVALUE SLOAD', 500n, true)],
  ['run that ends by an SSTORE', () => calls('CALLVALUE CALLVALUE SSTORE', 2_500n, true)],
  ['bad item', async () => ({ state: GENESIS.state, txs: Array<Hex>(40).fill('0x1234'), mode: 'diff' })],
  ['skipped item', () => items((i) => ({ nonce: NONCE + 9n, to: fresh(i) }), 40)],
  ['transfer', () => items((i) => ({ nonce: NONCE + BigInt(i), to: fresh(i), value: 1n }), 40)],
  ['byte of an item', async () => ({ state: GENESIS.state, txs: [`0x${'12'.repeat(40_000)}`], mode: 'diff' })],
  [
    'key of an access list',
    () => {
      const keys = Array.from({ length: 16 }, (_, i) => word(BigInt(i) * 3n));
      return call(program('STOP'), { gasLimit: 53_800n, accessList: [{ address: CONTRACT, keys }] });
    },
  ],
  [
    'address of an access list',
    () => {
      const accessList = Array.from({ length: 8 }, (_, i) => ({ address: fresh(i), keys: [word(0n)] }));
      return call(program('STOP'), { gasLimit: 55_400n, accessList });
    },
  ],
  ['batch with', () => items(() => ({ to: fresh(0) }), 1)],
];

/** The batch that is full of a unit: one that is written above, or of a step that needs nothing but the stack. Throws when there is none. */
export function batchOf({ name, opcodes = [] }: Unit): Maker {
  const written = MAKERS.find(([begins]) => name.startsWith(begins));
  if (written !== undefined) return written[1];
  const steps = Object.values(OPCODES).filter((opcode) => opcodes.includes(opcode!.name));
  if (steps.length === 0)
    throw new Error(`no batch repeats the unit "${name}": write one in test/helpers/unit-batches.ts`);
  return () => call(loop(steps.map((opcode) => stackOnly(opcode!)).join(' ')));
}
