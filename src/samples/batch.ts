import { bigIntMin } from '@ethereumjs/util';
import type { Address, Hex } from 'viem';
import {
  encodeTransaction,
  flipSignature,
  signFields,
  signTransaction,
  type TransactionFields,
} from '../batch/sign.js';
import { parseTransaction } from '../batch/transaction.js';
import type { Account, Rules } from '../batch/types.js';
import { addressOf, type SampleGenesis, type SampleSigner } from './accounts.js';
import { CALL_KINDS, type CallKind, callersOf, callFields, hasContracts } from './calls.js';
import { SeededRandom } from './random.js';

/** Where the sample reads nonces and balances: the state before the batch. */
export interface AccountReader {
  account(address: Address): Promise<Account>;
}

/** What a sample batch consists of. */
export interface SampleBatchOptions {
  readonly genesis: SampleGenesis;
  /** The state before the batch. */
  readonly state: AccountReader;
  readonly number: bigint;
  readonly feeRecipient: Address;
  readonly rules: Rules;
  /** Valid transfers, 12 when absent: the nine kinds in turn, in all transaction types. */
  readonly transfers?: number;
  /** Calls, when the genesis has contracts; 8 when absent: the kinds of {@link CALL_KINDS} in turn. */
  readonly calls?: number;
  /** Also one item of every kind of {@link INVALID_KINDS}; yes when absent. */
  readonly invalid?: boolean;
}

/** Kinds of valid transfers. */
export const TRANSFER_KINDS = [
  'plain',
  'newAccount',
  'self',
  'feeRecipient',
  'wholeBalance',
  'calldata',
  'accessList',
  'nothing',
  'noChainId',
] as const;

/** Kinds of items that are skipped: first those with a reason in the state, then those bad on their bytes alone. */
export const INVALID_KINDS = [
  'nonceLow',
  'nonceHigh',
  'senderCode',
  'balance',
  'gasLimit',
  'work',
  'badEmpty',
  'badType',
  'badTruncated',
  'badTrailing',
  'badRlp',
  'badHighS',
  'badSignature',
  'badChainId',
  'badTip',
  'badCap',
  'badIntrinsic',
  'badMaxCost',
  'badNonce',
  'badCreation',
  'badPrecompile',
] as const;

type Kind = (typeof TRANSFER_KINDS)[number] | CallKind | (typeof INVALID_KINDS)[number];

function isCall(kind: Kind): kind is CallKind {
  return CALL_KINDS.some((call) => call === kind);
}

/** The raw transactions of a deterministic batch: the same options and state give the same bytes. */
export async function sampleBatch(options: SampleBatchOptions): Promise<Hex[]> {
  const { genesis, number, transfers = 12, invalid = true } = options;
  const calls = hasContracts(genesis) ? (options.calls ?? CALL_KINDS.length) : 0;
  const random = new SeededRandom(`batch ${genesis.seed} ${number}`);
  const valid = Array.from({ length: transfers }, (_, i) => TRANSFER_KINDS[i % TRANSFER_KINDS.length]!);
  const called = Array.from({ length: calls }, (_, i) => CALL_KINDS[i % CALL_KINDS.length]!);
  const refused = invalid ? INVALID_KINDS : [];
  const kinds = random.shuffle<Kind>([...valid, ...called, ...refused]);
  const sampler = new Sampler(options, random);
  const txs: Hex[] = [];
  for (const [i, kind] of kinds.entries()) txs.push(await sampler.make(kind, (i % 3) as 0 | 1 | 2));
  return txs;
}

/** Makes transactions one after another, and knows the nonces and balances that those before leave behind. */
class Sampler {
  readonly #accounts = new Map<Address, Account>();
  #fresh = 0;

  constructor(
    private readonly options: SampleBatchOptions,
    private readonly random: SeededRandom,
  ) {}

  async make(kind: Kind, type: 0 | 1 | 2): Promise<Hex> {
    const signer = await this.#signerFor(kind);
    const account = await this.#account(signer.address);
    const plain = this.#plainFields(account.nonce, type);
    const fields = { ...plain, ...this.#variation(kind, plain, signer.address, account) };
    const raw = await this.#encode(kind, fields, signer.privateKey);
    if (TRANSFER_KINDS.some((valid) => valid === kind)) await this.#settle(raw);
    else if (isCall(kind)) this.#accounts.set(signer.address, { ...account, nonce: account.nonce + 1n });
    return raw;
  }

  #plainFields(nonce: bigint, type: 0 | 1 | 2): TransactionFields {
    const { rules, genesis } = this.options;
    const tip = BigInt(this.random.below(3)) * 500_000_000n;
    return {
      type,
      chainId: rules.chainId,
      nonce,
      tip,
      cap: rules.baseFee + tip + BigInt(this.random.below(1_000_000_000)),
      gasLimit: 21_000n + BigInt(this.random.below(2)) * 9_000n,
      to: this.random.pick(genesis.signers).address,
      value: this.random.bits(54),
      data: '0x',
      accessList: [],
    };
  }

  #variation(kind: Kind, plain: TransactionFields, sender: Address, account: Account): Partial<TransactionFields> {
    const { rules, genesis, feeRecipient, number } = this.options;
    if (isCall(kind)) {
      if (!hasContracts(genesis)) throw new TypeError('calls need a genesis with contracts');
      const fresh = () => addressOf(`${genesis.seed} holder ${number} ${this.#fresh++}`);
      // Without a tip, nobody but the caller has to know what the call costs.
      return { ...callFields(kind, genesis, sender, this.random, fresh), tip: 0n, cap: rules.baseFee };
    }
    const precompile: Address = `0x${'00'.repeat(19)}0${this.random.pick(['1', '4', 'a'])}`;
    switch (kind) {
      case 'newAccount':
        return { to: addressOf(`${genesis.seed} new ${number} ${this.#fresh++}`) };
      case 'self':
        return { to: sender };
      case 'feeRecipient':
        return { to: feeRecipient };
      case 'wholeBalance':
        return { gasLimit: 21_000n, tip: plain.cap - rules.baseFee, value: account.balance - 21_000n * plain.cap };
      case 'calldata':
        return { data: this.random.hex(40 + this.random.below(200)), gasLimit: 30_000n };
      case 'accessList':
        return { ...this.#accessList(), type: plain.type === 0 ? 1 : plain.type, gasLimit: 30_000n };
      case 'nothing':
        return { value: 0n, to: addressOf(`${genesis.seed} nobody ${number}`), cap: rules.baseFee, tip: 0n };
      case 'noChainId':
        return { type: 0, chainId: undefined };
      case 'nonceLow':
        return { nonce: account.nonce - 1n };
      case 'nonceHigh':
        return { nonce: account.nonce + 1n };
      case 'balance':
        return { value: account.balance };
      case 'gasLimit':
        return { gasLimit: rules.gasLimit + 1n };
      case 'work':
        return { gasLimit: bigIntMin(rules.workBudget, rules.gasLimit) };
      case 'badChainId':
        return { chainId: rules.chainId + 1n };
      case 'badTip':
        return { type: 2, tip: plain.cap + 1n };
      case 'badCap':
        return { cap: rules.baseFee - 1n, tip: 0n };
      case 'badIntrinsic':
        return { gasLimit: 20_999n };
      case 'badMaxCost':
        return { gasLimit: 2n ** 64n - 1n, cap: 2n ** 192n, tip: 0n, value: 2n ** 193n };
      case 'badNonce':
        return { nonce: 2n ** 64n - 1n };
      case 'badCreation':
        return { to: '0x', gasLimit: 60_000n };
      case 'badPrecompile':
        return { to: precompile };
      default:
        return {};
    }
  }

  #accessList(): Pick<TransactionFields, 'accessList'> {
    const { genesis } = this.options;
    const keys = Array.from({ length: this.random.below(3) }, () => this.random.hex(32));
    return { accessList: [{ address: genesis.contract, keys }] };
  }

  async #encode(kind: Kind, fields: TransactionFields, privateKey: Hex): Promise<Hex> {
    if (kind === 'badHighS') return encodeTransaction(fields, flipSignature(await signFields(fields, privateKey)));
    if (kind === 'badSignature') return encodeTransaction(fields, { yParity: 0n, r: 5n, s: 1n }); // no point has x = 5
    const raw = await signTransaction(fields, privateKey);
    if (kind === 'badEmpty') return '0x';
    if (kind === 'badType') return `0x03${raw.slice(4)}`;
    if (kind === 'badTruncated') return raw.slice(0, -2) as Hex;
    if (kind === 'badTrailing') return `${raw}00`;
    if (kind === 'badRlp') return `0x02c3820001`; // an integer with a leading zero
    return raw;
  }

  async #signerFor(kind: Kind): Promise<SampleSigner> {
    const { genesis } = this.options;
    if (kind === 'senderCode') return genesis.codedSigner;
    const callers = hasContracts(genesis) ? callersOf(genesis) : [];
    const signers = isCall(kind) ? callers : genesis.signers.slice(0, genesis.signers.length - callers.length);
    const first = this.random.below(signers.length);
    for (let i = 0; i < signers.length; i++) {
      const signer = signers[(first + i) % signers.length]!;
      const { nonce, balance } = await this.#account(signer.address);
      if (balance >= 10n ** 17n && (kind !== 'nonceLow' || nonce > 0n)) return signer;
    }
    throw new RangeError(
      `no signer of the sample "${genesis.seed}" can send a transaction of kind ${kind}: use more accounts`,
    );
  }

  async #account(address: Address): Promise<Account> {
    return this.#accounts.get(address) ?? (await this.options.state.account(address));
  }

  /** Takes a valid transfer's effects into account for the transactions that follow. */
  async #settle(raw: Hex): Promise<void> {
    const tx = parseTransaction(raw, this.options.rules);
    if (tx.kind === 'bad') throw new RangeError(`the sample made an invalid transfer: ${tx.reason}`);
    const add = async (address: Address, amount: bigint, nonces = 0n) => {
      const account = await this.#account(address);
      const nonce = account.nonce + nonces;
      this.#accounts.set(address, { ...account, nonce, balance: account.balance + amount });
    };
    await add(tx.sender, -tx.value - tx.intrinsic * tx.price, 1n);
    await add(tx.to, tx.value);
    await add(this.options.feeRecipient, tx.intrinsic * tx.tip);
  }
}
