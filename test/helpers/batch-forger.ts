import { type Address, type Hex, keccak256, zeroAddress, zeroHash } from 'viem';
import { stateAccounts } from '../../prover/node/node.js';
import { fromHex, word } from '../../src/batch/bytes.js';
import { diffHash, diffItems } from '../../src/batch/diff.js';
import { sealBatch } from '../../src/batch/header.js';
import { RULES_V2, rulesHash } from '../../src/batch/rules.js';
import type { AccountAccess, Outcome, ParsedTx, Replay } from '../../src/batch/types.js';
import { type Imbalance, imbalances } from '../../src/bus/balance.js';
import { OpenTuples } from '../../src/bus/open.js';
import type { TupleFields } from '../../src/bus/tuple.js';
import type { TraceRow } from '../../src/chips/chip.js';
import { replayBatch } from '../../src/execution/replay.js';
import type { Bundle, Mode } from '../../src/proof/types.js';
import { MemoryState } from '../../src/state/memory-state.js';
import { l1Items } from '../../src/statement/l1-transactions.js';
import { encodeParts } from '../../src/statement/parts.js';
import type { Tables } from '../../src/statement/tables.js';
import { originOf } from '../../src/trace/batch-trace.js';
import { type BatchCells, batchCells } from '../../src/trace/execution/batch-cells.js';
import { type Begun, beginRow, endRow } from '../../src/trace/execution/frame-rows.js';
import type { Machine } from '../../src/trace/execution/machine.js';
import { memoryRows } from '../../src/trace/execution/memory-rows.js';
import { skipRow } from '../../src/trace/execution/skip-rows.js';
import { drainJournal, drainStack, slotEndRow, undoWrites, warmRows } from '../../src/trace/execution/storage-rows.js';
import { type Between, badRow, cellEndRow, endOf, transferRow } from '../../src/trace/execution/transaction-rows.js';
import { l1Uses } from '../../src/trace/l1-uses.js';
import { haltStep } from '../../src/trace/steps/halt.js';
import { STEPS } from '../../src/trace/steps/index.js';
import { withTables } from '../../src/trace/tables.js';
import { trieRows } from '../../src/trace/trie/rows.js';
import { StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore } from '../../src/trie/store.js';
import { l1Origins } from './bundles.js';
import { CONTRACT, type CodeBatch, ENVIRONMENT } from './code-batch.js';

/** Where a forger leaves the truth. Whatever comes after goes on from there: rows, post values, tables and the value that is claimed. */
export interface Lie {
  /** Codes that the tables list, in place of those that run. */
  readonly codes?: readonly Hex[];
  /** What runs, in place of the recipient's code. */
  readonly runs?: Hex;
  /** Slots of the contract that are listed beside those that the truth touches. */
  readonly lists?: readonly bigint[];
  /** The access list as cells and tables have it; the tries know better. */
  readonly pre?: (list: readonly AccountAccess[]) => readonly AccountAccess[];
  /** The storage keys of a transaction's access list. */
  readonly keys?: (tx: ParsedTx, T: bigint) => ParsedTx['keys'];
  /** A transaction has begun. */
  readonly begun?: (begun: Begun, cells: BatchCells) => void;
  /** Makes the rows of an opcode in place of the honest builder; not true: the honest one does. */
  readonly step?: (machine: Machine, op: number) => boolean | undefined;
  /** Takes a failed frame's writes back, in place of the honest rows. */
  readonly undo?: (machine: Machine, jrn: bigint) => void;
  /** What a transaction's end takes for the end of its frame. */
  readonly end?: (end: TupleFields<'END'>, tx: bigint) => TupleFields<'END'>;
  /** Changes the rows of execution and tries, before tables are filled. */
  readonly rows?: (rows: readonly TraceRow[]) => readonly TraceRow[];
  /** Changes the tables before the challenge is drawn. */
  readonly tables?: (tables: Tables) => Tables;
}

/** A batch as a forger has it: all that L1 gets but the proofs, and the rows to prove. */
export interface ForgedBatch {
  readonly bundle: Bundle;
  readonly rows: readonly TraceRow[];
  /** What does not balance. */
  readonly open: readonly Imbalance[];
}

/** Rows and tables of a batch, true but for one lie. No lie: they are those of `traceBatch`. */
export async function forge({ state, txs }: CodeBatch, mode: Mode, lie: Lie = {}): Promise<ForgedBatch> {
  const view = new MemoryState(state);
  const { replay } = await replayBatch(view, sealBatch(ENVIRONMENT, txs), RULES_V2);
  const slots = state.get(CONTRACT)!.storage;
  const known = { ...replay, codes: codesOf(replay, lie), accessList: listing(replay.accessList, lie, slots) };
  const seen = lie.pre?.(known.accessList) ?? known.accessList;
  const cells = batchCells({ ...known, accessList: seen });
  const executed = executionRows(known, cells, lie);

  const post = postOf(cells);
  const store = new MemoryTrieStore();
  const trie = new StateTrie(store);
  const preRoot = await trie.genesis(stateAccounts(view));
  const accessList = known.accessList.map(post);
  const roots = mode === 'root' ? { preRoot, postRoot: await trie.applyChanges(preRoot, accessList) } : { preRoot };
  const tried = trieRows({ mode, ...roots, accessList, nodes: store.get });

  const ends = cellRows(seen, cells);
  const rows = [...executed.rows, ...ends, ...tried.rows];
  const codes = new Map([...cells.codes.values()].map(({ id, bytes }) => [id, bytes]));
  const filled = withTables(lie.rows?.(rows) ?? rows, codes);
  const parts = filled.map(originOf);
  const listed = seen.map(post);
  const left = new OpenTuples();
  for (const { terms } of parts) left.add(terms);
  const uses = l1Uses(left, known);
  const honest: Tables = {
    ...{ read: replay.read, ...executed.end, uses: tried.uses, ...uses, keccaks: cells.keccaks.entries },
    accounts: listed.map((access, i) => {
      const { slots: places, ...hints } = tried.hints[i]!;
      return { ...access, ...hints, slots: (access.slots ?? []).map((slot, j) => ({ ...slot, ...places[j]! })) };
    }),
  };
  const tables = lie.tables?.(honest) ?? honest;
  const { header } = replay.batch;
  const value = roots.postRoot ?? BigInt(diffHash(diffItems(listed)));
  const bundle: Bundle = {
    ...{ l1ChainId: 31_337n, verifier: zeroAddress, beneficiary: ALICE_PAID, keySetHash: zeroHash },
    ...{ rulesHash: rulesHash(RULES_V2), header, preRoot, mode, value },
    parts: encodeParts({ mode, tables, items: l1Items(txs, tables.read) }),
  };
  return { bundle, rows: filled, open: imbalances([...l1Origins(bundle, RULES_V2), ...parts]) };
}

const ALICE_PAID: Address = `0x${'a1'.repeat(20)}`;

function codesOf({ codes }: Replay, lie: Lie): ReadonlyMap<Hex, Hex> {
  return lie.codes === undefined ? codes : new Map(lie.codes.map((code) => [keccak256(code), code]));
}

function listing(list: readonly AccountAccess[], { lists = [] }: Lie, values: ReadonlyMap<Hex, bigint>) {
  return list.map((access): AccountAccess => {
    if (access.address !== CONTRACT) return access;
    const slots = new Map((access.slots ?? []).map((slot) => [slot.key, slot]));
    for (const key of lists.map(word)) {
      const pre = values.get(key) ?? 0n;
      slots.set(key, slots.get(key) ?? { key, pre, post: pre });
    }
    return { ...access, slots: [...slots.values()].sort((a, b) => (a.key < b.key ? -1 : 1)) };
  });
}

/** An entry of the access list, with what the cells say after the batch. */
function postOf({ accounts, slots }: BatchCells) {
  return (access: AccountAccess): AccountAccess => {
    const { nonce, balance, code } = endOf(accounts.at(BigInt(access.address)));
    const ended = (access.slots ?? []).map((slot) => ({
      ...slot,
      post: slots.at(BigInt(access.address), BigInt(slot.key)).cur,
    }));
    return { ...access, post: { nonce, balance, codeHash: word(code) }, slots: ended };
  };
}

function executionRows({ outcomes, rules, batch, read }: Replay, cells: BatchCells, lie: Lie) {
  const rows: TraceRow[] = [];
  let between: Between = { ts: 0n, tx: 1n, gasUsed: 0n, work: rules.workBudget, jrn: 0n };
  const one = (chip: string, { row, next }: { readonly row: object; readonly next: Between }): void => {
    rows.push(rowOf(chip, row, `transaction ${between.tx}`));
    between = next;
  };
  for (const outcome of outcomes.slice(0, read)) {
    if (outcome.kind === 'bad') one('txbad', badRow(outcome, between));
    else if (outcome.kind === 'skipped')
      one('txskip', skipRow(outcome.tx, outcome.reason, between, batch.header, cells.accounts));
    else if (outcome.kind === 'executed' && outcome.run === undefined)
      one('transfer', transferRow(outcome.tx, between, batch.header, cells.accounts));
    else if (outcome.kind === 'executed') {
      const run = runRows(outcome, between, batch.header, cells, lie);
      rows.push(...run.rows);
      between = run.next;
    }
  }
  const { ts, gasUsed, work, jrn } = between;
  return { rows, end: { ts, gasUsed, work, jrn } };
}

/** A call, as `src/trace/execution/run-rows.ts` makes it, with the lie's word before the truth. */
function runRows(
  { tx, run }: Extract<Outcome, { kind: 'executed' }>,
  between: Between,
  header: Replay['batch']['header'],
  cells: BatchCells,
  lie: Lie,
) {
  const code = cells.codes.get(lie.runs === undefined ? run!.codeHash : keccak256(lie.runs));
  const listed = lie.keys?.(tx, between.tx) ?? tx.keys;
  const begun = beginRow(
    { ...tx, keys: listed },
    between,
    header,
    cells,
    code ?? { id: 1n, bytes: fromHex(lie.runs!) },
  );
  const { begin, frame, machine, warmFrom, saved } = begun;
  const keys = listed.map(({ address, key }) => ({ address: BigInt(address), key: BigInt(key) }));
  const warmed = warmRows(keys, warmFrom, between.tx, cells.slots);
  lie.begun?.(begun, cells);
  while (machine.end === undefined) {
    const op = machine.frame.code[Number(machine.exec.pc)] ?? 0;
    if (lie.step?.(machine, op)) continue;
    if (!haltStep(machine, op)) STEPS[op]!(machine, op);
  }
  if (machine.end.ok === 0n) (lie.undo ?? undoWrites)(machine, saved.jrn);
  const end = lie.end?.(machine.end, between.tx) ?? machine.end;
  const ended = endRow(end, saved, header, cells.accounts);
  const origin = `transaction ${between.tx}`;
  const rows = [
    rowOf('txbegin', begin, `${origin}, begin`),
    rowOf('frame', frame, `${origin}, frame`),
    ...warmed,
    ...machine.rows,
    ...memoryRows(machine.memory, saved.call, origin),
    ...drainStack(machine),
    rowOf('txend', ended.row, `${origin}, end`),
  ];
  return { rows, next: ended.next };
}

/** The ends of all cells, and what stays on the journal. */
function cellRows(list: readonly AccountAccess[], { accounts, slots, journal }: BatchCells): TraceRow[] {
  const ends = list.flatMap(({ address, slots: listed = [] }) => {
    const addr = BigInt(address);
    const end = rowOf('cellend', cellEndRow(addr, accounts.at(addr)), `end of account ${address}`);
    return [end, ...listed.map(({ key }) => slotEndRow(addr, BigInt(key), slots.at(addr, BigInt(key))))];
  });
  return [...ends, ...drainJournal(journal)];
}

function rowOf(chip: string, row: object, origin: string): TraceRow {
  return { chip, row: row as TraceRow['row'], origin };
}
