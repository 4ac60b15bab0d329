import { type Hex, toHex } from 'viem';
import { RULES_V2 } from '../../src/batch/rules.js';
import { OpenTuples } from '../../src/bus/open.js';
import { type Term, type TupleFields, term } from '../../src/bus/tuple.js';
import type { TraceRow } from '../../src/chips/chip.js';
import { CHIPS } from '../../src/chips/index.js';
import type { Exec } from '../../src/chips/lib/step.js';
import { codeTerms } from '../../src/statement/code-terms.js';
import { FrameMachine } from '../../src/trace/execution/machine.js';
import { runFrame } from '../../src/trace/execution/run-frame.js';
import { drainStack } from '../../src/trace/execution/storage-rows.js';
import { recounted, withTables } from '../../src/trace/tables.js';
import { address, headerOf } from './execution.js';
import type { Trace } from './trie/slot-trace.js';

/** L1's number of the code. */
const CODE = 1n;

const START: Exec = {
  ts: 1000n,
  call: 900n,
  code: CODE,
  pc: 0n,
  sp: 0n,
  gas: 100_000n,
  work: 10_000_000n,
  mem: 0n,
  jrn: 3n,
  refund: 0n,
};

/** What a forger may change while the frame runs. */
export interface Forging {
  /** Fields of the first EXEC. */
  readonly start?: Partial<Exec>;
  /** Makes the rows of an opcode in place of the honest builder; false: the honest one does. */
  readonly step?: (machine: FrameMachine, op: number) => boolean | undefined;
  /** Changes the rows, those of tables, too, before look-ups are counted: whatever the rows supply is supplied. */
  readonly rows?: (rows: readonly TraceRow[]) => readonly TraceRow[];
  /** Changes the rows after that. */
  readonly counted?: (rows: readonly TraceRow[]) => readonly TraceRow[];
  /** Fields of the END that the rest of the batch goes on from. */
  readonly end?: Partial<TupleFields<'END'>>;
}

/**
 * A frame that runs `code`, alone: rows and tables, and as if L1 had sent its EXEC and received its END. What L1 supplies besides (code,
 * length) is the truth, as often as it is looked up.
 */
export function codeTrace(code: readonly number[], forging: Forging = {}): Trace {
  const bytes = Uint8Array.from(code);
  const machine = machineFor(bytes, forging.start);
  const first = machine.exec;
  let steps = 0;
  const ended = runFrame(machine, {
    step: (_, op) => {
      if (steps++ > 2000) throw new Error('The code does not end.');
      return forging.step?.(machine, op);
    },
  });
  const honest = withTables([...machine.rows, ...drainStack(machine)], new Map([[CODE, bytes]]));
  const rows = forging.rows === undefined ? honest : recounted(forging.rows(honest));
  const end = term(-1n, 'END', { ...ended, ...forging.end });
  return {
    rows: [...(forging.counted?.(rows) ?? rows)],
    terms: [term(1n, 'EXEC', first), end, ...l1(toHex(bytes), rows)],
  };
}

function machineFor(code: Uint8Array, start: Partial<Exec> = {}): FrameMachine {
  const frame = {
    tx: 1n,
    address: address(7n),
    caller: address(8n),
    value: 0n,
    price: 1n,
    data: new Uint8Array(),
    code,
    header: headerOf(RULES_V2, address(9n)),
  };
  return new FrameMachine({ ...START, ...start }, frame);
}

function l1(code: Hex, rows: readonly TraceRow[]): Term[] {
  const open = new OpenTuples();
  const tuple = term(1n, 'CODELEN', { len: BigInt((code.length - 2) / 2), code: CODE }).tuple;
  open.add(rows.flatMap(({ chip, row }) => CHIPS[chip]!.terms(row)));
  return codeTerms([{ code, blobUses: 0n, lenUses: open.due(tuple) }]).flatMap(({ terms }) => terms);
}
