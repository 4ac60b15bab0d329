import { type Address, type Hex, keccak256, toBytes } from 'viem';
import { privateKeyToAddress } from 'viem/accounts';
import { word } from '../batch/bytes.js';
import type { GenesisAccount, GenesisState } from '../batch/genesis.js';
import type { Environment } from '../batch/header.js';
import { privateKeyOf } from '../batch/sign.js';
import type { Rules } from '../batch/types.js';
import { SeededRandom } from './random.js';

const ETHER = 10n ** 18n;

/** An account that signs sample transactions. Its key follows from the seed: it guards nothing. */
export interface SampleSigner {
  readonly address: Address;
  readonly privateKey: Hex;
}

/** A deterministic genesis with the keys of some of its accounts. */
export interface SampleGenesis {
  readonly seed: string;
  readonly state: GenesisState;
  /** Accounts without code, with keys. */
  readonly signers: readonly SampleSigner[];
  /** An account with a known key and with code: nothing it signs may be executed (EIP-3607). */
  readonly codedSigner: SampleSigner;
  /** An account with nonce 1, code and storage. */
  readonly contract: Address;
}

/**
 * A genesis of exactly `accounts` accounts (at least 4): one with code and a known key, one contract with storage, the
 * others with 1 to 100 ether. Only `signers` of them have keys, since a key costs a curve multiplication.
 */
export function sampleGenesis(seed: string, accounts = 1_000, signers = Math.min(accounts - 2, 1_000)): SampleGenesis {
  const random = new SeededRandom(`genesis ${seed}`);
  const state = new Map<Address, GenesisAccount>();
  const rich = (): GenesisAccount => ({
    nonce: BigInt(random.below(4)),
    balance: ETHER + (random.bits(64) * 99n * ETHER) / 2n ** 64n,
    code: '0x',
    storage: new Map(),
  });
  const [codedSigner, ...others] = Array.from({ length: signers + 1 }, (_, i) => signerOf(seed, i));
  const contract = addressOf(`${seed} contract`);
  state.set(codedSigner!.address, { ...rich(), code: '0x00' });
  state.set(contract, {
    nonce: 1n,
    balance: 5n * ETHER,
    code: '0x60003560005500',
    storage: new Map([1n, 2n, 2n ** 255n].map((key) => [word(key), random.bits(200) + 1n])),
  });
  for (const { address } of others) state.set(address, rich());
  for (let i = 0; state.size < accounts; i++) state.set(addressOf(`${seed} account ${i}`), rich());
  return { seed, state, signers: others, codedSigner: codedSigner!, contract };
}

/**
 * The environment of a sample batch. The fee recipient is one fresh address, but in every fourth batch a signer, so
 * that it also sends and receives.
 */
export function sampleEnvironment(genesis: SampleGenesis, number: bigint, parent: Hex, rules: Rules): Environment {
  const fresh = addressOf(`${genesis.seed} fee recipient`);
  return {
    version: rules.version,
    number,
    parent,
    timestamp: 1_800_000_000n + 12n * number,
    originNumber: 1_000n + number,
    originHash: keccak256(toBytes(`${genesis.seed} origin ${number}`)),
    feeRecipient: number % 4n === 3n ? genesis.signers[0]!.address : fresh,
    gasLimit: rules.gasLimit,
    baseFee: rules.baseFee,
    chainId: rules.chainId,
  };
}

function signerOf(seed: string, index: number): SampleSigner {
  const privateKey = privateKeyOf(seed, index);
  return { privateKey, address: privateKeyToAddress(privateKey).toLowerCase() as Address };
}

/** An address that nobody has a key of. */
export function addressOf(name: string): Address {
  return `0x${keccak256(toBytes(`deltaproof sample address ${name}`)).slice(26)}`;
}
