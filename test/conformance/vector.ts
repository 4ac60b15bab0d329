import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Address, Hex } from 'viem';
import type { GenesisState } from '../../src/batch/genesis.js';
import type { Environment } from '../../src/batch/header.js';
import { ZERO_WORD } from '../../src/batch/header.js';

/** Folders from the project's own: all tests, where they lie beside it; the few that are part of it. */
export const ALL_TESTS = '../shared/vectors/GeneralStateTests';
export const FEW_TESTS = 'test/fixtures/state-tests';

/** One case of a state test: a transaction on a state, and the state root after it (Cancun). */
export interface VectorCase {
  /** `file/test data gas value`. */
  readonly name: string;
  readonly pre: GenesisState;
  readonly environment: Omit<Environment, 'version'>;
  readonly raw: Hex;
  /** Keccak state root after the transaction. */
  readonly hash: Hex;
  /** Given when the transaction must be refused. */
  readonly exception?: string;
}

interface Json {
  readonly env: Readonly<Record<string, Hex>>;
  readonly pre: Readonly<Record<Address, { balance: Hex; nonce: Hex; code: Hex; storage: Readonly<Record<Hex, Hex>> }>>;
  readonly post: { readonly Cancun?: readonly Post[] };
}

interface Post {
  readonly hash: Hex;
  readonly indexes: { readonly data: number; readonly gas: number; readonly value: number };
  readonly txbytes: Hex;
  readonly expectException?: string;
}

/** Every vector file under a folder (or the file itself), sorted. */
export function vectorFiles(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => vectorFiles(join(path, name)))
    .filter((file) => file.endsWith('.json'));
}

/** The cases of one file. */
export function casesOf(file: string): VectorCase[] {
  const tests = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, Json>>;
  return Object.entries(tests).flatMap(([name, { env, pre, post }]) =>
    (post.Cancun ?? []).map(({ hash, indexes, txbytes, expectException }): VectorCase => {
      const { data, gas, value } = indexes;
      const test = name === basename(file, '.json') ? name : `${basename(file, '.json')}/${name}`;
      return {
        name: `${test} d${data} g${gas} v${value}`,
        pre: stateOf(pre),
        environment: environmentOf(env),
        raw: txbytes,
        hash,
        ...(expectException === undefined ? {} : { exception: expectException }),
      };
    }),
  );
}

/** Empty accounts are left out: Cancun has none, and a test that needs one is none that f can start from. */
function stateOf(pre: Json['pre']): GenesisState {
  return new Map(
    Object.entries(pre).map(([address, { balance, nonce, code, storage }]) => [
      address.toLowerCase() as Address,
      {
        balance: BigInt(balance),
        nonce: BigInt(nonce),
        code,
        storage: new Map(
          Object.entries(storage)
            .map(([key, value]) => [word(key as Hex), BigInt(value)] as const)
            .filter(([, value]) => value !== 0n),
        ),
      },
    ]),
  );
}

function environmentOf(env: Readonly<Record<string, Hex>>): Omit<Environment, 'version'> {
  return {
    number: BigInt(env.currentNumber!),
    parent: ZERO_WORD,
    timestamp: BigInt(env.currentTimestamp!),
    originNumber: 0n,
    originHash: word(env.currentRandom!),
    feeRecipient: env.currentCoinbase!.toLowerCase() as Address,
    gasLimit: BigInt(env.currentGasLimit!),
    baseFee: BigInt(env.currentBaseFee!),
    chainId: 1n,
  };
}

function word(value: Hex): Hex {
  return `0x${BigInt(value).toString(16).padStart(64, '0')}`;
}
