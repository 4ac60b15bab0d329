import { type Address, concat, type Hex } from 'viem';
import { word } from '../../src/batch/bytes.js';
import type { GenesisState } from '../../src/batch/genesis.js';
import { signTransaction, type TransactionFields } from '../../src/batch/sign.js';
import type { Rules } from '../../src/batch/types.js';
import { addressOf, type SampleGenesis, sampleGenesis } from '../../src/samples/accounts.js';
import { type ContractGenesis, withContracts } from '../../src/samples/contracts.js';
import { SeededRandom } from '../../src/samples/random.js';
import { transfersOf } from '../../src/samples/transfers.js';
import type { StateView } from '../../src/state/view.js';

/** Kinds of blocks that roots are measured on: 100 transfers of value, 100 of a token, 20 calls that write 50 cold slots each. */
export const FIXTURES = ['value', 'erc20', 'slots'] as const;
/** One of {@link FIXTURES}. */
export type Fixture = (typeof FIXTURES)[number];

const TRANSFERS = 100;
const CALLS = 20;
const SLOTS_PER_CALL = 50;

/** A genesis of so many accounts, each with tokens, beside them a contract with as many slots. */
export interface MerkleGenesis extends ContractGenesis {
  readonly writer: Address;
}

/** The genesis of all fixtures. */
export function merkleGenesis(accounts: number): MerkleGenesis {
  const genesis = withContracts(sampleGenesis('merkle', accounts, Math.min(accounts - 2, 1_000)));
  const writer = addressOf('merkle writer');
  const storage = new Map<Hex, bigint>();
  for (let i = 0n; i < BigInt(accounts); i++) storage.set(word(i), i + 1n);
  const state: GenesisState = new Map([...genesis.state, [writer, { nonce: 1n, balance: 0n, code: WRITER, storage }]]);
  return { ...genesis, state, writer };
}

/** The transactions of a fixture's block, from accounts that have sent as many as `state` says. */
export function transactionsOf(
  fixture: Fixture,
  genesis: MerkleGenesis,
  state: StateView,
  rules: Rules,
): Promise<Hex[]> {
  if (fixture === 'slots') return calls(genesis, state, rules);
  return transfersOf(fixture === 'value' ? 'value' : 'ERC-20', genesis, state, rules, TRANSFERS);
}

/**
 * Transactions of block `number` of a longer chain: token transfers between signers drawn at random.
 */
export async function chainBlock(
  genesis: MerkleGenesis,
  state: StateView,
  rules: Rules,
  number: bigint,
  transfers: number,
): Promise<Hex[]> {
  const random = new SeededRandom(`merkle chain ${number}`);
  const signers = [...genesis.signers];
  for (let i = 0; i < 2 * transfers; i++) {
    const other = i + random.below(signers.length - i);
    [signers[i], signers[other]] = [signers[other]!, signers[i]!];
  }
  const drawn: SampleGenesis & ContractGenesis = { ...genesis, signers };
  return transfersOf('ERC-20', drawn, state, rules, transfers);
}

/** `for (i = calldata[0]; i < calldata[0] + 50; i++) sstore(i, calldata[1] + i)`; the loop begins at byte 8. */
const WRITER: Hex = `0x${['600035', '8060320190', '5b', '60203581018155', '600101', '818110600857', '00'].join('')}`;

async function calls(
  { signers, writer, state: accounts }: MerkleGenesis,
  state: StateView,
  rules: Rules,
): Promise<Hex[]> {
  const slots = accounts.get(writer)!.storage.size;
  const apart = Math.floor(slots / CALLS);
  const txs: Hex[] = [];
  for (let i = 0; i < CALLS; i++) {
    const { address, privateKey } = signers[i]!;
    const { nonce } = await state.account(address);
    const fields: TransactionFields = {
      type: 2,
      chainId: rules.chainId,
      nonce,
      tip: 1_000_000n,
      cap: 2n * rules.baseFee,
      gasLimit: 21_000n + 700n + BigInt(SLOTS_PER_CALL) * 5_200n,
      to: writer,
      value: 0n,
      data: concat([word(BigInt(i * apart)), word(10n ** 18n + nonce)]),
      accessList: [],
    };
    txs.push(await signTransaction(fields, privateKey));
  }
  return txs;
}
