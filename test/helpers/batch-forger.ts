import { type Address, type Hex, keccak256, zeroAddress, zeroHash } from 'viem';
import { stateAccounts } from '../../prover/node/state-accounts.js';
import { fromHex, word } from '../../src/batch/bytes.js';
import { diffHash, diffItems } from '../../src/batch/diff.js';
import { sealBatch } from '../../src/batch/header.js';
import { RULES_V2, rulesHash } from '../../src/batch/rules.js';
import type { AccountAccess, Replay } from '../../src/batch/types.js';
import { type Imbalance, imbalances } from '../../src/bus/balance.js';
import { OpenTuples } from '../../src/bus/open.js';
import type { TraceRow } from '../../src/chips/chip.js';
import { replayBatch } from '../../src/execution/replay.js';
import type { Bundle, Mode } from '../../src/proof/types.js';
import { MemoryState } from '../../src/state/memory-state.js';
import { l1Items } from '../../src/statement/l1-transactions.js';
import { encodeParts } from '../../src/statement/parts.js';
import type { Tables } from '../../src/statement/tables.js';
import { originOf } from '../../src/trace/batch-trace.js';
import type { BatchMachine } from '../../src/trace/execution/batch-machine.js';
import { execute } from '../../src/trace/execution/execute.js';
import type { Hooks } from '../../src/trace/execution/hooks.js';
import { endOf } from '../../src/trace/execution/transaction-rows.js';
import { l1Uses } from '../../src/trace/l1-uses.js';
import { withTables } from '../../src/trace/tables.js';
import { trieRows } from '../../src/trace/trie/rows.js';
import { StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore } from '../../src/trie/store.js';
import { l1Origins } from './bundles.js';
import { CONTRACT, type CodeBatch, ENVIRONMENT } from './code-batch.js';

/** Where a forger leaves the truth. Whatever comes after goes on from there: rows, post values, tables and the value that is claimed. */
export interface Lie extends Omit<Hooks, 'code'> {
  /** Codes that the tables list, in place of those that run. */
  readonly codes?: readonly Hex[];
  /** What runs, in place of the recipient's code. */
  readonly runs?: Hex;
  /** Slots of the contract that are listed beside those that the truth touches. */
  readonly lists?: readonly bigint[];
  /** The access list as cells and tables have it; the tries know better. */
  readonly pre?: (list: readonly AccountAccess[]) => readonly AccountAccess[];
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
  const made: TraceRow[] = [];
  const { batch, end } = execute({ ...known, accessList: seen }, made, undefined, { ...lie, ...runningOf(lie) });

  const post = postOf(batch);
  const store = new MemoryTrieStore();
  const trie = new StateTrie(store);
  const preRoot = await trie.genesis(stateAccounts(view));
  const accessList = known.accessList.map(post);
  const roots = mode === 'root' ? { preRoot, postRoot: await trie.applyChanges(preRoot, accessList) } : { preRoot };
  const tried = trieRows({ mode, ...roots, accessList, nodes: store.get });

  const rows = [...made, ...tried.rows];
  const codes = new Map([...batch.codes.values()].map(({ id, bytes }) => [id, bytes]));
  const filled = withTables(lie.rows?.(rows) ?? rows, codes);
  const parts = filled.map(originOf);
  const listed = seen.map(post);
  const left = new OpenTuples();
  for (const { terms } of parts) left.add(terms);
  const uses = l1Uses(left, known);
  const honest: Tables = {
    ...{ read: replay.read, ...end, uses: tried.uses, ...uses, keccaks: batch.keccaks.entries },
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

/** The code that runs, when it is another one than the recipient's. */
function runningOf({ runs }: Lie): Pick<Hooks, 'code'> {
  if (runs === undefined) return {};
  return { code: ({ codes }) => codes.get(keccak256(runs)) ?? { id: 1n, bytes: fromHex(runs) } };
}

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
function postOf({ accounts, slots }: BatchMachine) {
  return (access: AccountAccess): AccountAccess => {
    const { nonce, balance, code } = endOf(accounts.at(BigInt(access.address)));
    const ended = (access.slots ?? []).map((slot) => ({
      ...slot,
      post: slots.at(BigInt(access.address), BigInt(slot.key)).cur,
    }));
    return { ...access, post: { nonce, balance, codeHash: word(code) }, slots: ended };
  };
}
