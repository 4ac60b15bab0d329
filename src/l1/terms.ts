import { type Hex, keccak256 } from 'viem';
import { byteLength } from '../batch/bytes.js';
import { diffHash, diffItems } from '../batch/diff.js';
import { txsHash } from '../batch/header.js';
import { parseTransaction, workOfItem } from '../batch/transaction.js';
import type { Header, Rules } from '../batch/types.js';
import type { Origin } from '../bus/balance.js';
import { R } from '../bus/field.js';
import { StatementError, type StatementRefusal } from '../errors/statement.js';
import { TrieError } from '../errors/trie.js';
import type { Mode } from '../proof/types.js';
import { trieTerms } from '../trie/statement.js';
import { executionTerms } from './execution-terms.js';
import { decodeTables, type Tables } from './tables.js';

/** Everything L1's own tuples follow from: a bundle without its proofs, and the verifier's rules. */
export interface L1Input {
  readonly header: Header;
  /** All raw items of the batch. */
  readonly txs: readonly Hex[];
  readonly rules: Rules;
  /** FORMATS.md, "Tables". */
  readonly tables: Hex;
  readonly preRoot: bigint;
  readonly mode: Mode;
  /** h(diff) or the post root. */
  readonly value: bigint;
}

/**
 * All tuples that L1 itself puts on the bus (FORMATS.md, "L1's tuples"), after the checks that L1 makes without any proof:
 * the mirror of `ProofVerifier._native`.
 * @throws StatementError with L1's word for whatever L1 refuses
 */
export function l1Terms(input: L1Input): Origin[] {
  checkHeader(input.header, input.rules);
  checkRoots(input);
  const tables = decodeTables(input.tables);
  checkTransactions(input, tables);
  const execution = executionTerms({
    rules: input.rules,
    header: input.header,
    items: input.txs.slice(0, tables.read).map((raw) => parseTransaction(raw, input.rules)),
    end: tables,
    blockUses: tables.blockUses,
    accessList: tables.accounts,
  });
  const trie = { origin: 'L1: state trie', terms: stateTerms(input, tables) };
  if (input.mode === 'diff') checkDiff(input.value, tables);
  return [...execution, trie];
}

/** The header names the rules it was made by; L1 knows only its own. */
function checkHeader(header: Header, rules: Rules): void {
  const fields: [keyof Header & keyof Rules, StatementRefusal][] = [
    ['version', 'WrongVersion'],
    ['chainId', 'WrongChainId'],
    ['gasLimit', 'WrongGasLimit'],
    ['baseFee', 'WrongBaseFee'],
  ];
  for (const [name, refusal] of fields) {
    if (header[name] !== rules[name]) {
      throw new StatementError(refusal, `the header's ${name} is ${header[name]}, the rules have ${rules[name]}.`);
    }
  }
}

function checkRoots({ preRoot, mode, value }: L1Input): void {
  if (preRoot >= R || (mode === 'root' && value >= R)) {
    throw new StatementError('RootNotCanonical', 'a root is not below the order of the scalar field.');
  }
}

function checkTransactions({ header, txs, rules }: L1Input, { read, work }: Tables): void {
  if (read > txs.length) {
    throw new StatementError('WrongTransactions', `${read} items are read, the batch has ${txs.length}.`);
  }
  const firstCutOff = txs[read];
  if (firstCutOff !== undefined && work >= workOfItem(byteLength(firstCutOff), rules)) {
    throw new StatementError('CutOffTooEarly', `the work left, ${work}, suffices for item ${read + 1}.`);
  }
  const hash = txsHash(txs);
  if (hash !== header.txsHash) {
    throw new StatementError('WrongTransactions', `the items hash to ${hash}, the header has ${header.txsHash}.`);
  }
}

function stateTerms({ mode, preRoot, value }: L1Input, { uses, accounts }: Tables) {
  try {
    return trieTerms({
      mode,
      preRoot,
      ...(mode === 'root' ? { postRoot: value } : {}),
      uses,
      accounts: accounts.map(({ address, ...account }) => ({ key: keccak256(address), ...account })),
    });
  } catch (cause) {
    if (cause instanceof TrieError && cause.code === 'TRIE_BAD_HINT') {
      throw new StatementError('BadHint', cause.message, { cause });
    }
    throw cause;
  }
}

function checkDiff(value: bigint, { accounts }: Tables): void {
  const hash = diffHash(diffItems(accounts));
  if (BigInt(hash) !== value) {
    throw new StatementError('WrongDiff', `the access list's diff hashes to ${hash}, the bundle claims ${value}.`);
  }
}
