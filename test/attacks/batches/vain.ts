import { keccak256 } from 'viem';
import type { TraceRow } from '../../../src/chips/chip.js';
import { OP } from '../../../src/evm/opcodes.js';
import type { TableRun, Tables } from '../../../src/statement/tables.js';
import type { Lie } from '../../helpers/batch-forger.js';
import { callsOf, mixedBatch, program } from '../../helpers/code-batch.js';
import { EVIL } from './tables.js';
import { type Attack, before } from './world.js';

const WRITES = program('PUSH1 0x09 PUSH1 0x01 SSTORE STOP');
const runs = (...more: readonly TableRun[]): Lie => ({
  tables: (tables) => ({ ...tables, runs: [...tables.runs, ...more] }),
});

/** Lies that leave the value as it is. */
export const VAIN_ATTACKS = {
  work: {
    name: 'the work counter given back',
    caughtBy: 'EXEC',
    honest: mixedBatch,
    change: () =>
      before(OP.STOP, 0, (machine) => {
        machine.exec = { ...machine.exec, work: machine.exec.work + 1_000_000n };
      }),
  },
  notWarmed: {
    name: 'a key of the access list left out',
    caughtBy: 'KEYS WARM',
    honest: mixedBatch,
    change: () => ({ keys: () => [] }),
  },
  replayed: {
    name: 'the frame of one transaction for another one',
    caughtBy: 'END EXEC JRN NEWFRAME SLOT',
    honest: () => callsOf(WRITES, [{}, {}]),
    change: () => ({ rows: replays }),
  },
  skippedRun: {
    name: 'a run for an item that is skipped',
    caughtBy: 'KEYS',
    honest: mixedBatch,
    change: () => runs({ item: 4, uses: [] }),
  },
  transferRun: {
    name: 'a run for a transfer',
    caughtBy: 'KEYS',
    honest: mixedBatch,
    change: () => runs({ item: 3, uses: [] }),
  },
  unusedCode: {
    name: 'a code that nobody walks through',
    caughtBy: 'CODEWALK CODEWORDS',
    honest: () => callsOf(WRITES, [{}]),
    change: () => ({ tables: withEvil }),
  },
} satisfies Readonly<Record<string, Attack>>;

/** The rows between begin and end of the second transaction are those of the first once more. */
function replays(rows: readonly TraceRow[]): TraceRow[] {
  const isOf = (tx: number) => (row: TraceRow) =>
    row.origin.startsWith(`transaction ${tx}`) && row.chip !== 'txbegin' && row.chip !== 'txend';
  return [...rows.filter((row) => !isOf(2)(row)), ...rows.filter(isOf(1))];
}

function withEvil(tables: Tables): Tables {
  const evil = { kind: 'inline', code: EVIL, blobUses: 0n, lenUses: 0n } as const;
  const codes = [evil, ...tables.codes];
  return { ...tables, codes: keccak256(EVIL) < keccak256(WRITES) ? codes : codes.reverse() };
}
