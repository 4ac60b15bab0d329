import { type Address, type Hex, keccak256 } from 'viem';
import { diffHash, diffItems } from '../batch/diff.js';
import { parseTransaction, workOfItem } from '../batch/transaction.js';
import type { BadTx, Header, ParsedTx, Rules } from '../batch/types.js';
import type { Origin } from '../bus/balance.js';
import { R } from '../bus/field.js';
import { StatementError, type StatementRefusal } from '../errors/statement.js';
import { TrieError } from '../errors/trie.js';
import { trieTerms } from '../trie/statement.js';
import { type CodeUse, codeTerms, keccakTerms, wordCount } from './code-terms.js';
import { executionTerms } from './execution-terms.js';
import { txsHashOfItems } from './l1-transactions.js';
import type { Content } from './parts.js';
import type { TableCode, TableRun, Tables } from './tables.js';

/** Everything L1's own tuples follow from: a bundle without its proofs, and the verifier's rules. */
export interface L1Input extends Content {
  readonly header: Header;
  readonly rules: Rules;
  readonly preRoot: bigint;
  /** h(diff) or the post root. */
  readonly value: bigint;
  /** Finds the bytes of a code, of which the tables name the hash and a contract on L1. Bytes with that hash will do. */
  readonly codeOf?: (hash: Hex, contract: Address) => Hex | undefined;
}

/**
 * All tuples that L1 itself puts on the bus (FORMATS.md, "L1's tuples"), after the checks that L1 makes without any proof:
 * the mirror of what `ProofVerifier` does with all parts but those with proofs.
 * @throws StatementError with L1's word for whatever L1 refuses
 */
export function l1Terms(input: L1Input): Origin[] {
  checkHeader(input.header, input.rules);
  checkRoots(input);
  const { tables } = input;
  checkTransactions(input, tables);
  const read = input.items.flatMap((item) => (item.kind === 'read' ? [item.raw] : []));
  const items = read.map((raw) => parseTransaction(raw, input.rules));
  checkRuns(items, tables.runs);
  const execution = executionTerms({
    rules: input.rules,
    header: input.header,
    items,
    end: tables,
    blockUses: tables.blockUses,
    accessList: tables.accounts,
    runs: tables.runs,
  });
  const trie = { origin: 'L1: state trie', terms: stateTerms(input, tables) };
  if (input.mode === 'diff') checkDiff(input.value, tables);
  const codes = tables.codes.map((code) => codeUse(code, input.codeOf));
  return [...execution, trie, ...codeTerms(codes), ...keccakTerms(tables.keccaks)];
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

function checkTransactions({ header, items, rules }: L1Input, { read, work }: Tables): void {
  if (read > items.length) {
    throw new StatementError('WrongTransactions', `${read} items are read, the batch has ${items.length}.`);
  }
  const firstCutOff = items[read];
  if (firstCutOff !== undefined && work >= workOfItem(firstCutOff.length, rules)) {
    throw new StatementError('CutOffTooEarly', `the work left, ${work}, suffices for item ${read + 1}.`);
  }
  const hash = txsHashOfItems(items);
  if (hash !== header.txsHash) {
    throw new StatementError('WrongTransactions', `the items hash to ${hash}, the header has ${header.txsHash}.`);
  }
}

function checkRuns(items: readonly (ParsedTx | BadTx)[], runs: readonly TableRun[]): void {
  for (const { item, uses } of runs) {
    const tx = items[item - 1];
    if (tx?.kind !== 'tx') throw new StatementError('BadRun', `item ${item} is no transaction that is read.`);
    if (uses.length > wordCount(Number(tx.dataLen))) {
      throw new StatementError(
        'WordsBeyondData',
        `${uses.length} words of item ${item}, which has ${tx.dataLen} bytes.`,
      );
    }
  }
}

function codeUse(code: TableCode, codeOf: L1Input['codeOf']): CodeUse {
  if (code.kind === 'inline') return code;
  const { hash, address, blobUses, lenUses } = code;
  const found = codeOf?.(hash, address);
  if (found === undefined || keccak256(found) !== hash) {
    throw new StatementError('WrongCode', `no code with hash ${hash}, which ${address} should have, is known.`);
  }
  if (found === '0x') throw new StatementError('EmptyCode', 'a code has no bytes.');
  return { code: found, blobUses, lenUses };
}

function stateTerms({ mode, preRoot, value }: L1Input, { uses, accounts }: Tables) {
  try {
    return trieTerms({
      mode,
      preRoot,
      ...(mode === 'root' ? { postRoot: value } : {}),
      uses,
      accounts: accounts.map(({ address, slots, ...account }) => ({
        key: keccak256(address),
        ...account,
        slots: slots.map(({ key, ...slot }) => ({ key: keccak256(key), ...slot })),
      })),
    });
  } catch (cause) {
    const reason = cause instanceof TrieError ? TRIE_REFUSALS[cause.code] : undefined;
    throw reason === undefined ? cause : new StatementError(reason, (cause as TrieError).message, { cause });
  }
}

/** L1's word for what the trie's statement is refused for. */
const TRIE_REFUSALS: Partial<Record<string, StatementRefusal>> = {
  TRIE_BAD_HINT: 'BadHint',
  TRIE_BAD_STATEMENT: 'SlotOfAbsentAccount',
};

function checkDiff(value: bigint, { accounts }: Tables): void {
  const hash = diffHash(diffItems(accounts));
  if (BigInt(hash) !== value) {
    throw new StatementError('WrongDiff', `the access list's diff hashes to ${hash}, the bundle claims ${value}.`);
  }
}
