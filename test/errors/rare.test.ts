import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  encodeFunctionData,
  type Hex,
  type PublicClient,
  TransactionReceiptNotFoundError,
  zeroAddress,
  zeroHash,
} from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Rollup } from '../../contracts/generated/artifacts.js';
import { Sequencer, type SequencerOptions } from '../../prover/agents/sequencer.js';
import { abortOf, handleSignals, interruptible } from '../../prover/cli/interrupt.js';
import { connectL1 } from '../../prover/cli/l1.js';
import { ArtifactFolder } from '../../prover/queue/artifacts.js';
import type { RpcContext } from '../../prover/rpc/context.js';
import { transactionMethods } from '../../prover/rpc/methods/transactions.js';
import { TaskRunner } from '../../prover/worker/runner.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { compile } from '../../src/build/compile-contracts.js';
import { checkInputs } from '../../src/build/inputs.js';
import type { R1cs } from '../../src/build/r1cs.js';
import { limbs128 } from '../../src/chips/lib/range.js';
import { serializeError } from '../../src/errors/base.js';
import { startAnvil } from '../../src/l1/anvil.js';
import { checkKeysFit } from '../../src/l1/keys-fit.js';
import { createRollupClient } from '../../src/l1/rollup-client.js';
import { waitForReceipt } from '../../src/l1/send-call.js';
import { partsFed, type Upload } from '../../src/l1/upload.js';
import { runChild } from '../../src/proof/child.js';
import { type Database, Store } from '../../src/state/store.js';
import { pack } from '../../src/trace/pack.js';
import { postedIn } from '../helpers/posted.js';

const folder = mkdtempSync(join(tmpdir(), 'deltaproof-errors-'));
const file = join(folder, 'file');
writeFileSync(file, '');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is thrown, or the promise's rejection, has this code. */
const failsAs = (code: string) => expect.objectContaining({ code });

describe('rows and circuits', () => {
  it('a value wider than its limbs', () =>
    expect(() => limbs128(1n << 128n)).toThrow(failsAs('CHIP_VALUE_OUT_OF_RANGE')));

  it('a chip that no shape has', () =>
    expect(() => pack(new Map([['add', 1]]), [])).toThrow(failsAs('TRACE_NO_SHAPE')));

  it('keys of other rules', () =>
    expect(() => checkKeysFit(RULES_V2, { rulesHash: zeroHash })).toThrow(failsAs('L1_KEYS_OTHER_RULES')));

  it('symbols that do not list an input', () =>
    expect(checkInputs({ publics: 3, privateInputs: 1 } as R1cs, file)).rejects.toEqual(failsAs('CIRCUIT_FORMAT')));

  it('a child that ends without a word', async () => {
    writeFileSync(join(folder, 'dies.js'), 'process.exit(3)');
    const dies = runChild(pathToFileURL(join(folder, 'dies.js')), {});
    await expect(dies).rejects.toEqual(failsAs('CHILD_DIED'));
  });
});

describe('contracts', () => {
  const built = (text: string) => () => compile({ 'a.sol': text }, { viaIR: false, runs: 1 }, ['abi']);

  it('that solc refuses', () => expect(built('contract {')).toThrow(failsAs('CONTRACT_COMPILE')));

  it('that import what is not there', () => expect(built('import "./b.sol";')).toThrow(failsAs('CONTRACT_IMPORT')));
});

describe('stores and tasks', () => {
  it('a store where a file stands', () => expect(Store.open(file)).rejects.toEqual(failsAs('STATE_OPEN')));

  it('a write that fails', async () => {
    const batch = () => ({ write: () => Promise.reject(new Error('EIO')) });
    const broken = { open: async () => {}, batch } as unknown as Database;
    const store = await Store.open(join(folder, 'store'), () => broken);
    await expect(store.write([])).rejects.toEqual(failsAs('STATE_WRITE'));
    await expect(store.write([])).rejects.toEqual(failsAs('STATE_BROKEN'));
  });

  it('a task module that is not there', async () => {
    const runner = new TaskRunner({ module: join(folder, 'none.js') }, new ArtifactFolder(folder));
    const signal = new AbortController().signal;
    const task = { stage: 'one', key: 'one', payload: null };
    await expect(runner.run(task, { signal, onProgress: () => {} })).rejects.toEqual(failsAs('TASK_MODULE'));
  });

  it('what a library throws', () => expect(serializeError(new Error('x'))).toEqual(failsAs('UNEXPECTED')));

  it('a filter of events over too many blocks', async () => {
    const context = { state: { head: 1n << 20n } } as RpcContext;
    const all = { fromBlock: 'earliest', toBlock: 'latest' };
    await expect(transactionMethods.eth_getLogs(context, [all])).rejects.toEqual(failsAs('RPC_TOO_MANY_LOGS'));
  });

  it('a signal amid work that can be put away', async () => {
    const before = process.listeners('SIGHUP');
    handleSignals();
    const work = interruptible(abortOf);
    process.emit('SIGHUP');
    await expect(work).rejects.toEqual(failsAs('INTERRUPT_SIGNAL'));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      const mine = process.listeners(signal).at(-1)!;
      if (!before.includes(mine)) process.off(signal, mine);
    }
  });
});

describe('L1', () => {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    server = createServer((_, response) => response.end('{"jsonrpc":"2.0","id":1,"result":"0x"}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  it('that names no chain id', () => expect(connectL1(url)).rejects.toEqual(failsAs('L1_WRONG_ANSWER')));

  it('whose port is taken', async () => {
    const taken = createTcp();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    await expect(startAnvil({ port: (taken.address() as AddressInfo).port })).rejects.toEqual(failsAs('L1_START'));
    taken.close();
  });

  it('that mines nothing', async () => {
    const missing = () => Promise.reject(new TransactionReceiptNotFoundError({ hash: zeroHash }));
    const reader = { getTransactionReceipt: missing, pollingInterval: 1 } as unknown as PublicClient;
    await expect(waitForReceipt(reader, zeroHash, -1)).rejects.toEqual(failsAs('L1_NO_RECEIPT'));
  });

  it('whose transaction posts no batch', async () => {
    const input: Hex = encodeFunctionData({ abi: Rollup.abi, functionName: 'latest' });
    const log = { args: { number: 1n, header: { feeRecipient: zeroAddress } }, transactionHash: zeroHash };
    const client = { getLogs: async () => [log], getTransaction: async () => ({ input }) } as unknown as PublicClient;
    const batches = postedIn(createRollupClient(client, zeroAddress), { fromBlock: 0n, toBlock: 1n });
    await expect(batches).rejects.toEqual(failsAs('L1_BATCH'));
  });

  it('whose session is at no part', async () => {
    const session = async () => ({ rest: zeroHash }) as never;
    const upload = { seed: zeroHash, dues: [] } as unknown as Upload;
    await expect(partsFed({ session }, upload)).rejects.toEqual(failsAs('L1_UPLOAD'));
  });

  it('without a block since the last batch', async () => {
    const view = async () => ({ block: { timestamp: 5n }, latestTimestamp: 5n });
    const rollup = { view, config: async () => ({ minInterval: 1n }) };
    const sequencer = new Sequencer({ l1: { rollup, contracts: {} } } as unknown as SequencerOptions);
    await expect(sequencer.environment()).rejects.toEqual(failsAs('L1_TOO_SOON'));
  });
});
