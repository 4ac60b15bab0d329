import type { Address, Hex } from 'viem';
import { toHex } from 'viem';
import { word } from '../../../src/batch/bytes.js';
import type { GenesisAccount, GenesisState } from '../../../src/batch/genesis.js';
import { type Environment, ZERO_WORD } from '../../../src/batch/header.js';
import { RULES_V2 } from '../../../src/batch/rules.js';
import { signTransaction, type TransactionFields } from '../../../src/batch/sign.js';
import type { Outcome } from '../../../src/batch/types.js';
import { OPCODES } from '../../../src/evm/opcodes.js';
import type { EvmStep } from '../../../src/evm/step-log.js';
import { type SampleSigner, sampleEnvironment, sampleGenesis } from '../../../src/samples/accounts.js';
import type { Random } from '../../helpers/chips/random.js';
import { randomProgram } from './program.js';
import { anyWord, SLOTS, slotKey, slotValue } from './values.js';

/** Programs of one batch. */
export const PROGRAMS = 2;

const genesis = sampleGenesis('fuzz', 6);
const CONTRACTS: readonly Address[] = Array.from({ length: PROGRAMS }, (_, i) => `0x${`c${i}`.repeat(20)}` as Address);

/** A state with random programs at its contracts, and transactions that are not yet signed. */
export interface World {
  readonly programs: readonly Hex[];
  readonly state: GenesisState;
  readonly environment: Environment;
  readonly txs: readonly UnsignedTx[];
}

/** A transaction and who signs it. */
export interface UnsignedTx {
  readonly signer: SampleSigner;
  readonly fields: TransactionFields;
}

/** Random programs and what happens to them in one batch: two to six transactions, most of them calls. */
export function randomWorld(random: Random): World {
  const programs = CONTRACTS.map(() => randomProgram(random));
  const state = new Map([
    ...genesis.state,
    ...CONTRACTS.map((address, i) => [address, contractWith(random, programs[i]!)] as const),
  ]);
  const number = BigInt(1 + random.int(6));
  const environment = sampleEnvironment(genesis, number, ZERO_WORD, RULES_V2);
  const feeRecipient = random.int(6) === 0 ? random.pick(CONTRACTS) : environment.feeRecipient;
  const nonces = new Map(genesis.signers.map(({ address }) => [address, state.get(address)!.nonce]));
  const txs = Array.from({ length: 2 + random.int(5) }, (): UnsignedTx => {
    const signer = random.pick(genesis.signers);
    const nonce = nonces.get(signer.address)!;
    const wrong = random.int(20) === 0;
    if (!wrong) nonces.set(signer.address, nonce + 1n);
    return { signer, fields: fieldsOf(random, wrong ? nonce + 3n : nonce) };
  });
  return { programs, state, environment: { ...environment, feeRecipient }, txs };
}

function contractWith(random: Random, code: Hex): GenesisAccount {
  const keys = SLOTS.filter(() => random.bool());
  const storage = new Map(
    keys.map((key) => [word(key), slotValue(random)] as const).filter(([, value]) => value !== 0n),
  );
  return { nonce: 1n, balance: random.bits(random.pick([1, 60])), code, storage };
}

function fieldsOf(random: Random, nonce: bigint): TransactionFields {
  const base = RULES_V2.baseFee;
  const call = random.int(12) > 0;
  const keys = () => Array.from({ length: random.int(4) }, () => word(slotKey(random)));
  const list = Array.from({ length: random.int(3) }, () => ({
    address: random.int(4) > 0 ? random.pick(CONTRACTS) : random.pick(genesis.signers).address,
    keys: keys(),
  }));
  const type = random.pick([0, 1, 2, 2] as const);
  return {
    type,
    chainId: RULES_V2.chainId,
    nonce,
    tip: random.bits(random.pick([1, 20])),
    cap: base + random.bits(24),
    gasLimit: 30_000n + BigInt(random.int(150_000)),
    to: call ? random.pick(CONTRACTS) : random.pick(genesis.signers).address,
    value: random.pick([0n, 0n, 1n, random.bits(40)]),
    data: calldata(random),
    accessList: type === 0 || random.bool() ? [] : list,
  };
}

function calldata(random: Random): Hex {
  const words = Array.from({ length: random.int(4) }, () => anyWord(random).toString(16).padStart(64, '0'));
  const rest = toHex(Uint8Array.from({ length: random.pick([0, 0, 1, 4, 31]) }, () => random.int(256))).slice(2);
  return `0x${random.bool() ? `${rest}${words.join('')}` : `${words.join('')}${rest}`}`;
}

/** The transactions' raw bytes. */
export async function signed(txs: readonly UnsignedTx[]): Promise<Hex[]> {
  const raws: Hex[] = [];
  for (const { fields, signer } of txs) raws.push(await signTransaction(fields, signer.privateKey));
  return raws;
}

/**
 * The transactions with other gas limits for some that ran: at a step drawn at random, the gas is then at an edge of what its opcode
 * costs, or of the sentry of SSTORE. `outcomes` are those of the transactions as they are.
 */
export function tightened(random: Random, txs: readonly UnsignedTx[], outcomes: readonly Outcome[]): UnsignedTx[] {
  return txs.map((tx, i) => {
    const outcome = outcomes[i];
    if (outcome?.kind !== 'executed' || outcome.run === undefined || random.int(5) < 3) return tx;
    const { steps } = outcome.run;
    const at = random.int(steps.length);
    const gas = edgeOf(random, steps.at(at)!, steps.at(at + 1));
    const gasLimit = tx.fields.gasLimit - steps.at(at)!.gas + gas;
    return gasLimit < outcome.tx.intrinsic ? tx : { ...tx, fields: { ...tx.fields, gasLimit } };
  });
}

/** Gas for one step: about what it cost, or what decides. */
function edgeOf(random: Random, step: EvmStep, next: EvmStep | undefined): bigint {
  const constant = BigInt(OPCODES[step.op]?.gas ?? 0);
  const cost = next === undefined ? constant : step.gas - next.gas;
  const gas = random.pick([constant, cost, cost, cost, 2_300n, 2_301n, 5_000n]) + BigInt(random.int(3)) - 1n;
  return gas < 0n ? 0n : gas;
}
