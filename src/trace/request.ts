import type { Address, Hex } from 'viem';
import type { Account, Batch, Header, Rules } from '../batch/types.js';
import { TraceError } from '../errors/trace.js';
import type { Mode } from '../proof/types.js';
import type { StateView } from '../state/view.js';
import { decodeNode, encodeNode } from '../trie/codec.js';
import type { TrieNode } from '../trie/node.js';

/**
 * One batch to prove, cut out of the stores of whoever asks for it: the batch, the touched accounts as they were before,
 * and the trie nodes around them. Whoever makes the rows needs no store at all, so that any worker machine can.
 */
export interface BatchRequest {
  readonly rules: Rules;
  readonly batch: Batch;
  readonly mode: Mode;
  readonly preRoot: bigint;
  /** Every account of the access list that is present before the batch. */
  readonly accounts: ReadonlyMap<Address, Account>;
  /** Every slot of the access list that is not 0 before the batch, by account. */
  readonly slots: ReadonlyMap<Address, ReadonlyMap<Hex, bigint>>;
  /** By hash, every code that the batch's outcomes depend on. */
  readonly codes: ReadonlyMap<Hex, Hex>;
  /** By digest: all that updating, reading and tracing the listed keys in the pre trie looks at. */
  readonly nodes: ReadonlyMap<bigint, TrieNode>;
}

const FORMAT = 'deltaproof/request/2';

/** The request as text; {@link parseRequest} reads it back. Equal requests have equal texts. */
export function requestText(request: BatchRequest): string {
  const { rules, batch, mode, preRoot, accounts, slots, codes, nodes } = request;
  const byKey = <K extends string>([a]: readonly [K, unknown], [b]: readonly [K, unknown]) => (a < b ? -1 : 1);
  const json = {
    format: FORMAT,
    rules: fieldsToJson(rules),
    header: fieldsToJson(batch.header),
    txs: batch.txs,
    mode,
    preRoot: preRoot.toString(),
    accounts: [...accounts].sort(byKey).map(([address, account]) => [address, fieldsToJson(account)]),
    slots: [...slots]
      .sort(byKey)
      .map(([address, values]) => [address, [...values].sort(byKey).map(([key, value]) => [key, value.toString()])]),
    codes: [...codes].sort(byKey),
    nodes: [...nodes]
      .map(([digest, node]): [string, string] => [digest.toString(), Buffer.from(encodeNode(node)).toString('hex')])
      .sort(byKey),
  };
  return JSON.stringify(json);
}

/**
 * Reads what {@link requestText} wrote.
 * @throws TraceError `TRACE_REQUEST` when the text is none
 */
export function parseRequest(text: string): BatchRequest {
  try {
    const json = JSON.parse(text) as RequestJson;
    if (json.format !== FORMAT) throw new TypeError(`format is ${String(json.format)}, not ${FORMAT}`);
    return {
      rules: {
        ...bigints(json.rules),
        maxItems: Number(json.rules.maxItems),
        maxBytes: Number(json.rules.maxBytes),
      } as Rules,
      batch: { header: bigints(json.header) as unknown as Header, txs: json.txs },
      mode: json.mode,
      preRoot: BigInt(json.preRoot),
      accounts: new Map(json.accounts.map(([address, account]) => [address, bigints(account) as unknown as Account])),
      slots: new Map(
        json.slots.map(([address, values]) => [address, new Map(values.map(([key, value]) => [key, BigInt(value)]))]),
      ),
      codes: new Map(json.codes),
      nodes: new Map(json.nodes.map(([digest, bytes]) => [BigInt(digest), decodeNode(Buffer.from(bytes, 'hex'))])),
    };
  } catch (cause) {
    throw new TraceError(
      'TRACE_REQUEST',
      `This is no proof request: ${cause instanceof Error ? cause.message : cause}.`,
      {
        cause,
      },
    );
  }
}

interface RequestJson {
  readonly format: string;
  readonly rules: Readonly<Record<string, string | number>>;
  readonly header: Readonly<Record<string, string>>;
  readonly txs: readonly Hex[];
  readonly mode: Mode;
  readonly preRoot: string;
  readonly accounts: readonly [Address, Readonly<Record<string, string>>][];
  readonly slots: readonly [Address, readonly [Hex, string][]][];
  readonly codes: readonly [Hex, Hex][];
  readonly nodes: readonly [string, string][];
}

function fieldsToJson(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, v]) => [name, typeof v === 'bigint' ? v.toString() : v]),
  );
}

/** Decimal strings back to integers; hex strings and numbers stay. */
function bigints(fields: Readonly<Record<string, string | number>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, v]) => [name, typeof v === 'string' && /^\d+$/.test(v) ? BigInt(v) : v]),
  );
}

/** The state before the batch as far as the request knows it; accounts and slots that are not listed read as absent. */
export function requestView(
  { accounts, slots, codes }: Pick<BatchRequest, 'accounts' | 'slots' | 'codes'>,
  absent: Account,
): StateView {
  const unknown = (what: string) => {
    throw new TraceError('TRACE_REQUEST', `The request holds no ${what}.`);
  };
  return {
    account: async (address) => accounts.get(address) ?? absent,
    slot: async (address, key) => slots.get(address)?.get(key) ?? 0n,
    code: async (codeHash) => codes.get(codeHash) ?? unknown(`code with hash ${codeHash}`),
    accounts: () => unknown('list of all accounts'),
    slots: () => unknown('list of all slots'),
  };
}
