import { encodeFunctionData, parseEventLogs, zeroAddress, zeroHash } from 'viem';
import { foundry } from 'viem/chains';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Dispute, ProofVerifier, Rollup } from '../../contracts/generated/artifacts.js';
import { batchHash, sealBatch, txsHash } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import type { Batch, Header } from '../../src/batch/types.js';
import { rulesCalldata } from '../../src/l1/deploy-verifier.js';
import { rollupCalls } from '../../src/l1/rollup-client.js';
import { contractError, waitForReceipt } from '../../src/l1/send-call.js';
import { compileTestContracts, createDisputeWorld, type DisputeWorld } from '../helpers/dispute-world.js';
import { postedIn } from '../helpers/posted.js';
import { expectRefusal } from '../helpers/refusal.js';

let world: DisputeWorld;
beforeAll(async () => {
  world = await createDisputeWorld();
  await world.post(2);
});
afterAll(() => world?.l1.stop());

const item = (bytes: number): `0x${string}` => `0x${'11'.repeat(bytes)}`;

describe('submitBatch', () => {
  it('test_submitBatch_next: stores the hash of FORMATS.md and tells the header', () =>
    world.isolated(async () => {
      const batch = await world.nextBatch(['0x', '0x01', item(300)]);
      const receipt = await world.send(world.sequencer, world.posts.submitBatch(batch));
      const [log] = parseEventLogs({ abi: Rollup.abi, logs: receipt.logs, eventName: 'BatchSubmitted' });
      expect(log!.args).toEqual({ number: 3n, batchHash: batchHash(batch.header), header: batch.header });
      expect(await world.rollup.batchHash(3n)).toBe(batchHash(batch.header));
      const { latest, latestHash, latestTimestamp } = await world.rollup.view();
      expect([latest, latestHash, latestTimestamp]).toEqual([3n, batchHash(batch.header), batch.header.timestamp]);
    }));

  it('test_submitBatch_empty: a batch without transactions is a batch', () =>
    world.isolated(async () => {
      await world.send(world.sequencer, world.posts.submitBatch(await world.nextBatch([])));
      expect((await world.rollup.view()).latest).toBe(3n);
    }));

  it('test_submitBatchAndClaim: batch and claim, on the stake of the sequencer, in one transaction', () =>
    world.isolated(async () => {
      const batch = await world.nextBatch(['0xaa']);
      await expectRefusal(world.send(world.sequencer, world.posts.submitBatchAndClaim(batch, 77n)), 'NotStaked');
      await world.stake(world.sequencer);
      await world.send(world.sequencer, world.posts.submitBatchAndClaim(batch, 77n));
      const claim = await world.claimView(1n);
      expect(claim).toMatchObject({ kind: 'diff', number: 3n, value: 77n, status: 'open' });
      expect(claim.claimant).toBe(world.sequencer.account.address);
      expect(await world.stakeView(1n)).toMatchObject({ owner: world.sequencer.account.address, live: 1n });
    }));

  it('test_batches: everything is rebuilt from logs and calldata, whichever function posted it', () =>
    world.isolated(async () => {
      const third = await world.nextBatch(['0x', item(1_000)]);
      await world.stake(world.sequencer);
      await world.send(world.sequencer, world.posts.submitBatchAndClaim(third, 1n));
      const toBlock = await world.reader.getBlockNumber();
      const posted = await postedIn(world.rollup, { fromBlock: 0n, toBlock });
      // The client gives addresses in lower case, as batch files and bundles have them.
      const lower = ({ header, txs }: Batch) => ({
        header: { ...header, feeRecipient: header.feeRecipient.toLowerCase() },
        txs,
      });
      expect(posted.map(({ header, txs }) => ({ header, txs }))).toEqual([...world.batches, third].map(lower));
      expect(posted.map(({ hash }) => hash)).toEqual([world.hash(1n), world.hash(2n), batchHash(third.header)]);
    }));

  it('test_rules: the contract tells its rules', async () => {
    expect(await world.rollup.rules()).toEqual(RULES_V2);
    const config = await world.rollup.config();
    expect(config).toMatchObject({ dispute: world.dispute.address, maxOriginLag: 100n, maxTimestampLag: 1_000_000n });
  });
});

describe('submitBatch refuses', () => {
  const refuses = async (changes: Partial<Header>, error: string) =>
    expectRefusal(
      world.send(world.sequencer, world.posts.submitBatch(await world.nextBatch(['0x01'], changes))),
      error,
    );

  it('test_submitBatch_stranger_reverts', async () => {
    const batch = await world.nextBatch();
    await expectRefusal(world.send(world.players[0]!, world.posts.submitBatch(batch)), 'NotSequencer');
  });

  it('test_submitBatch_number_reverts', async () => {
    await refuses({ number: 2n }, 'WrongNumber');
    await refuses({ number: 4n }, 'WrongNumber');
  });

  it('test_submitBatch_parent_reverts', () => refuses({ parent: world.hash(1n) }, 'WrongParent'));

  it('test_submitBatch_timestamp_reverts: not after the parent, in the future, too old', async () => {
    const { latestTimestamp, block } = await world.rollup.view();
    await refuses({ timestamp: latestTimestamp }, 'WrongTimestamp');
    await refuses({ timestamp: block.timestamp + 1_000n }, 'WrongTimestamp');
    await world.isolated(async () => {
      const batch = await world.nextBatch();
      await world.advance(1_000_001n);
      await expectRefusal(world.send(world.sequencer, world.posts.submitBatch(batch)), 'WrongTimestamp');
    });
  });

  it('test_submitBatch_minInterval (H15): a second less than that is refused, exactly that is not', async () => {
    const slow = await createDisputeWorld({}, { minInterval: 7n });
    try {
      await slow.post(1);
      const { header } = slow.batches[0]!;
      const next = async (timestamp: bigint) => slow.posts.submitBatch(await slow.nextBatch([], { timestamp }));
      await expectRefusal(slow.send(slow.sequencer, await next(header.timestamp + 6n)), 'WrongTimestamp');
      await slow.send(slow.sequencer, await next(header.timestamp + 7n));
      expect((await slow.rollup.config()).minInterval).toBe(7n);
    } finally {
      await slow.l1.stop();
    }
  });

  it('test_submitBatch_origin_reverts: another hash, the present block, an unknown block, too old', async () => {
    await refuses({ originHash: world.hash(1n) }, 'WrongOrigin');
    const origin = async (shift: bigint, changes: Partial<Header> = {}) => {
      const { header } = await world.nextBatch();
      await refuses({ originNumber: header.originNumber + shift, ...changes }, 'WrongOrigin');
    };
    const unknown = { originHash: zeroHash };
    await origin(-1n);
    await origin(2n, unknown); // the block of the transaction itself
    await origin(100n, unknown);
    await world.isolated(async () => {
      const batch = await world.nextBatch();
      for (let i = 0; i < 100; i++) await world.advance(1n);
      await expectRefusal(world.send(world.sequencer, world.posts.submitBatch(batch)), 'WrongOrigin');
    });
  });

  it('test_submitBatch_rules_reverts', async () => {
    for (const name of ['version', 'chainId', 'baseFee', 'gasLimit'] as const) {
      await refuses({ [name]: RULES_V2[name] + 1n }, 'WrongRules');
    }
  });

  it('test_submitBatch_items_reverts: one above, none at the limit', () =>
    world.isolated(async () => {
      const txs = Array.from({ length: RULES_V2.maxItems + 1 }, () => '0x01' as const);
      const over = await world.nextBatch(txs);
      await expectRefusal(world.send(world.sequencer, world.posts.submitBatch(over)), 'TooManyItems');
      await world.send(world.sequencer, world.posts.submitBatch(await world.nextBatch(txs.slice(1))));
    }));

  it('test_submitBatch_bytes_reverts: one above, none at the limit', () =>
    world.isolated(async () => {
      const half = RULES_V2.maxBytes / 2;
      const over = await world.nextBatch([item(half), item(half + 1)]);
      await expectRefusal(world.send(world.sequencer, world.posts.submitBatch(over)), 'TooManyBytes');
      await world.send(world.sequencer, world.posts.submitBatch(await world.nextBatch([item(half), item(half)])));
    }));

  it('test_submitBatch_framing_reverts: an item or its length ends behind the bytes', () =>
    world.isolated(async () => {
      const { header } = await world.nextBatch(['0x01']);
      for (const txs of ['0x00', '0x0000', '0x000001', '0x0000010100', '0x00000201', '0xffffff01'] as const) {
        const data = encodeFunctionData({ abi: Rollup.abi, functionName: 'submitBatch', args: [header, txs] });
        const call = { to: world.rollup.address, data, value: 0n };
        await expectRefusal(world.send(world.sequencer, call), 'WrongTransactions');
      }
    }));

  it('test_submitBatch_txsHash_reverts', () => refuses({ txsHash: txsHash(['0x02']) }, 'WrongTxsHash'));

  it('test_submitBatch_delegated_reverts: a sequencer with code (EIP-7702) could hide the calldata', () =>
    world.isolated(async () => {
      const batch = await world.nextBatch();
      const address = world.sequencer.account.address;
      await world.reader.request({ method: 'anvil_setCode' as never, params: [address, '0x00'] as never });
      await expectRefusal(world.send(world.sequencer, world.posts.submitBatch(batch)), 'NotTopLevel');
    }));

  it('test_submitBatch_contract_reverts: a contract as sequencer', () =>
    world.isolated(async () => {
      const { reader, sequencer, dispute } = world;
      const artifact = compileTestContracts().Stranger!;
      const chain = foundry;
      const made = await sequencer.deployContract({ ...artifact, args: [dispute.address], chain });
      const stranger = (await waitForReceipt(reader, made)).contractAddress!;
      const config = {
        sequencer: stranger,
        dispute: dispute.address,
        maxOriginLag: 9n,
        maxTimestampLag: 9n,
        minInterval: 1n,
      };
      const args = [config, rulesCalldata(RULES_V2)] as const;
      const second = await sequencer.deployContract({ ...Rollup, args, chain });
      const rollup = (await waitForReceipt(reader, second)).contractAddress!;
      const { header } = await world.nextBatch();
      const first = sealBatch({ ...header, number: 1n, parent: zeroHash }, []);
      const call = reader.simulateContract({
        account: sequencer.account,
        address: stranger,
        abi: artifact.abi,
        functionName: 'post',
        args: [rollup, first.header, '0x'],
      });
      expect(contractError(await call.catch((error: unknown) => error))?.name).toBe('NotTopLevel');
      const direct = world.send(sequencer, rollupCalls(rollup).submitBatch(first));
      await expectRefusal(direct, 'NotSequencer');
    }));
});

describe('constructors refuse', () => {
  const refused = async (deployed: Promise<unknown>, what: string) => {
    const error = await deployed.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(contractError(error)).toEqual({ name: 'BadParameter', args: [what] });
  };

  it('test_Rollup_constructor_reverts', async () => {
    const good = {
      sequencer: world.sequencer.account.address,
      dispute: world.dispute.address,
      maxOriginLag: 256n,
      maxTimestampLag: 1n,
      minInterval: 1n,
    };
    const deploy = (config: typeof good) =>
      world.sequencer.deployContract({ ...Rollup, args: [config, rulesCalldata(RULES_V2)], chain: foundry });
    await refused(deploy({ ...good, sequencer: zeroAddress }), 'sequencer');
    await refused(deploy({ ...good, dispute: zeroAddress }), 'dispute');
    await refused(deploy({ ...good, maxOriginLag: 0n }), 'maxOriginLag');
    await refused(deploy({ ...good, maxOriginLag: 257n }), 'maxOriginLag');
    await refused(deploy({ ...good, maxTimestampLag: 0n }), 'maxTimestampLag');
    await refused(deploy({ ...good, minInterval: 0n }), 'minInterval');
    await world.isolated(async () => void (await deploy(good)));
  });

  it('test_runtimeSize: all fit EIP-170', () => {
    for (const { runtimeSize } of [Rollup, Dispute, ProofVerifier]) expect(runtimeSize).toBeLessThanOrEqual(24_576);
  });
});
