import { type Address, concat, type Hex, keccak256, toBytes } from 'viem';
import { Collectible, Token, WETH9 } from '../../contracts/generated/l2.js';
import { toHex, word } from '../batch/bytes.js';
import type { GenesisAccount } from '../batch/genesis.js';
import { addressOf, type SampleGenesis } from './accounts.js';
import { SeededRandom } from './random.js';

const UNIT = 10n ** 18n;

/** A sample genesis with three real contracts in it, and one that fails. */
export interface ContractGenesis extends SampleGenesis {
  /** OpenZeppelin's ERC-20 (`contracts/l2/Token.sol`): every account of the genesis holds tokens. */
  readonly token: Address;
  /** OpenZeppelin's ERC-721 (`contracts/l2/Collectible.sol`): signer i owns token i. */
  readonly collectible: Address;
  /** WETH9: every second signer holds some. */
  readonly weth: Address;
  /** A contract that jumps into its own push data. */
  readonly jumper: Address;
}

/** Adds the sample contracts to a genesis, with storage as if their holders had always been there. */
export function withContracts(genesis: SampleGenesis): ContractGenesis {
  const { seed, state, signers } = genesis;
  const random = new SeededRandom(`holders ${seed}`);
  const amount = () => UNIT + random.bits(32) * 10n ** 12n;
  const holders = new Map([...state.keys()].map((address) => [address, amount()]));
  const owners = new Map(signers.map(({ address }, i) => [BigInt(i), address]));
  const deposits = new Map(signers.filter((_, i) => i % 2 === 0).map(({ address }) => [address, amount()]));
  const named = (name: string) => addressOf(`${seed} ${name}`);
  const [token, collectible, weth, jumper] = [named('token'), named('collectible'), named('weth'), named('jumper')];
  const contracts = [
    [token, tokenAccount(holders)],
    [collectible, collectibleAccount(owners)],
    [weth, wethAccount(deposits)],
    [jumper, contract('0x605b600156', [])],
  ] as const;
  return { ...genesis, state: new Map([...state, ...contracts]), token, collectible, weth, jumper };
}

/** The account of the ERC-20 with these balances. */
function tokenAccount(balances: ReadonlyMap<Address, bigint>): GenesisAccount {
  const { _balances, _totalSupply, _name, _symbol } = Token.slots;
  return contract(Token.code, [
    ...mapping(_balances, balances),
    [word(BigInt(_totalSupply)), sum(balances)],
    [word(BigInt(_name)), shortString('Sample Token')],
    [word(BigInt(_symbol)), shortString('SAMPLE')],
  ]);
}

/** The account of the ERC-721 with these owners by token id. */
function collectibleAccount(owners: ReadonlyMap<bigint, Address>): GenesisAccount {
  const { _owners, _balances, _name, _symbol } = Collectible.slots;
  const counts = new Map<Address, bigint>();
  for (const owner of owners.values()) counts.set(owner, (counts.get(owner) ?? 0n) + 1n);
  return contract(Collectible.code, [
    ...[...owners].map(([id, owner]): Slot => [mappingSlot(id, _owners), BigInt(owner)]),
    ...mapping(_balances, counts),
    [word(BigInt(_name)), shortString('Sample Collectible')],
    [word(BigInt(_symbol)), shortString('COLLECT')],
  ]);
}

/** The account of WETH9 with these deposits, which are its balance. */
function wethAccount(deposits: ReadonlyMap<Address, bigint>): GenesisAccount {
  const { balanceOf, name, symbol, decimals } = WETH9.slots;
  const slots: Slot[] = [
    ...mapping(balanceOf, deposits),
    [word(BigInt(name)), shortString('Wrapped Ether')],
    [word(BigInt(symbol)), shortString('WETH')],
    [word(BigInt(decimals)), 18n],
  ];
  return { ...contract(WETH9.code, slots), balance: sum(deposits) };
}

/** Where Solidity keeps the value of a mapping: the mapping stands at slot `at`. */
export function mappingSlot(key: Hex | bigint, at: Hex | number): Hex {
  return keccak256(concat([word(BigInt(key)), word(BigInt(at))]));
}

type Slot = readonly [key: Hex, value: bigint];

function contract(code: Hex, slots: readonly Slot[]): GenesisAccount {
  return { nonce: 1n, balance: 0n, code, storage: new Map(slots.filter(([, value]) => value !== 0n)) };
}

function mapping(at: number, values: ReadonlyMap<Address, bigint>): Slot[] {
  return [...values].map(([key, value]) => [mappingSlot(key, at), value]);
}

function sum(values: ReadonlyMap<Address, bigint>): bigint {
  return [...values.values()].reduce((total, value) => total + value, 0n);
}

/** A string of less than 32 bytes as Solidity stores it. */
function shortString(text: string): bigint {
  const bytes = toBytes(text);
  return BigInt(toHex(Uint8Array.from([...bytes, ...new Uint8Array(31 - bytes.length), 2 * bytes.length])));
}
