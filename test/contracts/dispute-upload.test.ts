import { type Address, getContractAddress, type TransactionReceipt, toBytes } from 'viem';
import { foundry } from 'viem/chains';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Dispute, ProofVerifier, Rollup } from '../../contracts/generated/artifacts.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import type { Rules } from '../../src/batch/types.js';
import { bundleCalldata, statementCalldata } from '../../src/l1/bundle-calldata.js';
import { rulesCalldata } from '../../src/l1/deploy-verifier.js';
import { createDisputeClient, type DisputeClient, disputeCalls } from '../../src/l1/dispute-client.js';
import { contractError, type L1Call, waitForReceipt } from '../../src/l1/send-call.js';
import { uploadBundle } from '../../src/l1/upload.js';
import { createVerifierClient, verifierCalls } from '../../src/l1/verifier-client.js';
import type { Bundle } from '../../src/proof/types.js';
import { transcriptOf } from '../../src/proof/verify.js';
import { SeededRandom } from '../../src/samples/random.js';
import { l1Items } from '../../src/statement/l1-transactions.js';
import { anyParts, contentOf, withContent } from '../helpers/bundles.js';
import { createDisputeWorld, type DisputeWorld } from '../helpers/dispute-world.js';
import { randomBundle } from '../helpers/native-samples.js';
import { forgeBundle, type OpenKeys, openKeys } from '../helpers/open-keys.js';
import { createTroupe } from '../helpers/troupe.js';

const GENESIS_ROOT = 12_345n;
const random = new SeededRandom('dispute upload');
let world: DisputeWorld;
let keys: OpenKeys;
let verifier: Address;
let dispute: DisputeClient;
let calls: ReturnType<typeof disputeCalls>;
/** Of batch 1 from the genesis root; `known` of batch 2 from a root that is not final. */
let bundle: Bundle;

beforeAll(async () => {
  [world, keys] = await Promise.all([createDisputeWorld(), openKeys(2, RULES_V2)]);
  await world.post(2);
  verifier = await deploy(ProofVerifier, [keys.blob, rulesCalldata(RULES_V2), true]);
  const at = await deploy(Dispute, [world.rollup.address, verifier, GENESIS_ROOT, world.parameters]);
  [dispute, calls] = [createDisputeClient(world.reader, at), disputeCalls(at)];
  bundle = bundleOf(1, GENESIS_ROOT);
});
afterAll(() => world?.l1.stop());

interface Deployable {
  readonly abi: readonly unknown[];
  readonly bytecode: `0x${string}`;
}

/** Deploys from bob's account, who does nothing else. */
async function deploy({ abi, bytecode }: Deployable, args: readonly unknown[]): Promise<Address> {
  const hash = await world.bob.deployContract({ abi, bytecode, args, chain: foundry, gas: 16_000_000n } as never);
  const { contractAddress, status } = await waitForReceipt(world.reader, hash);
  if (status !== 'success' || !contractAddress) throw new Error(`deployment failed in ${hash}`);
  return contractAddress;
}

/** A bundle for the posted batch whose proofs hold. */
function bundleOf(number: number, preRoot: bigint): Bundle {
  const { header, txs } = world.batches[number - 1]!;
  const plain = { ...randomBundle(random, 'diff', [], 0, 4), preRoot, header, verifier };
  const { tables } = contentOf(plain);
  const full = withContent(plain, { tables: { ...tables, read: txs.length }, items: l1Items(txs, txs.length) });
  return forgeBundle(keys, full, { parts: anyParts(random, contentOf(full)), proofs: [1, 2] }, [0, 0, 1]);
}

/** The name of the error that a call ends with. */
async function refusal(call: { to: Address; data: `0x${string}`; value: bigint }): Promise<string | undefined> {
  const sent = world.reader.call({ ...call, account: world.carol.account, gas: 2n ** 24n });
  return sent.then(
    () => undefined,
    (error: unknown) => contractError(error)?.name,
  );
}

const upload = (of: Bundle) =>
  uploadBundle({
    bundle: of,
    verifier: createVerifierClient(world.reader, verifier),
    most: 1,
    send: (_what, call) => world.send(world.carol, call),
  });

describe('a statement proven in parts', () => {
  it('is taken once all its parts are on L1, settles the game and makes the value final', () =>
    world.isolated(async () => {
      const { alice, carol, parameters } = world;
      await world.send(alice, calls.stake(parameters.stake));
      await world.send(alice, calls.claim('diff', 1n, world.hash(1n), 5n));
      const [claim] = (await dispute.view()).claims;
      await world.send(carol, calls.challenge(claim!.id, claim!.claimHash, GENESIS_ROOT, parameters.bond));
      const statement = statementCalldata(bundle);
      const uploaded = (frozen: `0x${string}`) => calls.proveUploaded(statement, frozen, [1n]);
      expect(await refusal(uploaded(world.hash(1n)))).toBe('NotBegun');
      const frozen = await upload(bundle);
      await world.send(carol, uploaded(frozen));
      expect((await dispute.view()).games[0]).toMatchObject({ phase: 'closed', outcome: 'challengerWins' });
      expect(await dispute.finalValue('diff', 1n)).toBe(bundle.value);
      const { payee, value } = (await dispute.proven(world.hash(1n), GENESIS_ROOT, 'diff'))!;
      expect({ payee: payee.toLowerCase(), value }).toEqual({ payee: bundle.beneficiary, value: bundle.value });
    }));

  it('is refused while a part is missing, for another value or batch, and when the proofs do not add up', () =>
    world.isolated(async () => {
      const { begin, feed } = verifierCalls(verifier);
      const { seed, dues } = transcriptOf(bundle, world.hash(1n));
      const { statement, parts } = bundleCalldata(bundle);
      const last = parts.length - 1;
      await world.send(world.carol, begin({ statement, parts: parts.slice(0, last) }, dues[last]));
      const ask = (over: object = {}) => refusal(calls.proveUploaded({ ...statement, ...over }, dues[0]!, []));
      expect(await ask()).toBe('NotFinished');
      await world.send(world.carol, feed(seed, parts.slice(last)));
      expect(await ask()).toBeUndefined();
      expect(await ask({ value: bundle.value ^ 1n })).toBe('NotBegun');
      expect(await ask({ beneficiary: world.alice.account.address })).toBe('NotBegun');
      expect(await ask({ header: world.batches[1]!.header })).toBe('NotBegun');
      expect(await ask({ header: { ...bundle.header, timestamp: 1n } })).toBe('WrongBatch');
      expect(await ask({ header: { ...bundle.header, number: 9n } })).toBe('WrongBatch');
    }));

  it('says the same as one that is proven in one call', () =>
    world.isolated(async () => {
      await world.send(world.carol, calls.prove(bundleCalldata(bundle), []));
      const inOne = await dispute.proven(world.hash(1n), GENESIS_ROOT, 'diff');
      expect(inOne?.value).toBe(bundle.value);
      const frozen = await upload(bundle);
      expect(await refusal(calls.proveUploaded(statementCalldata(bundle), frozen, []))).toBe('AlreadyProven');
    }));
});

/** H14: what is paid back of a proof is no more than it took, whatever its sender adds, but for 12 gas for each zero byte of its parts. */
describe('what a proof has cost, on the verifier itself', () => {
  const paidBack = async () => (await dispute.proven(world.hash(1n), GENESIS_ROOT, 'diff'))!.cost;
  const feeOf = ({ gasUsed, effectiveGasPrice }: TransactionReceipt) => gasUsed * effectiveGasPrice;
  const zeroBytes = () =>
    BigInt(bundleCalldata(bundle).parts.reduce((sum, part) => sum + toBytes(part).filter((x) => x === 0).length, 0));

  it.each([
    ['as it is', 0],
    ['with 20,000 zero bytes behind the call', 20_000],
  ])('in one transaction, %s', (_, padding) =>
    world.isolated(async () => {
      const call = calls.prove(bundleCalldata(bundle), []);
      const receipt = await world.send(world.carol, { ...call, data: `${call.data}${'00'.repeat(padding)}` });
      const [cost, fee] = [await paidBack(), feeOf(receipt)];
      expect(cost).toBeLessThanOrEqual(fee + 12n * zeroBytes() * receipt.effectiveGasPrice);
      // And whoever proves gets most of it.
      if (padding === 0) expect(cost).toBeGreaterThan((fee * 8n) / 10n);
    }),
  );

  it('in a transaction for each part', () =>
    world.isolated(async () => {
      const receipts: TransactionReceipt[] = [];
      const send = async (_: string, call: L1Call) => {
        const receipt = await world.send(world.carol, call);
        receipts.push(receipt);
        return receipt;
      };
      const frozen = await uploadBundle({
        ...{ bundle, most: 1, send, verifier: createVerifierClient(world.reader, verifier) },
      });
      await send('', calls.proveUploaded(statementCalldata(bundle), frozen, []));
      const [cost, fees] = [await paidBack(), receipts.reduce((sum, receipt) => sum + feeOf(receipt), 0n)];
      expect(receipts.length).toBeGreaterThan(2);
      expect(cost).toBeLessThanOrEqual(fees + 12n * zeroBytes() * receipts[0]!.effectiveGasPrice);
      expect(cost).toBeGreaterThan(fees / 2n);
    }));

  it('in one transaction of a contract, which has paid for no byte of it: less than the calls took', () =>
    world.isolated(async () => {
      const troupe = await createTroupe(world, world.carol, 1, 0n);
      const { begin, feed } = verifierCalls(verifier);
      const { seed, dues } = transcriptOf(bundle, world.hash(1n));
      const { statement, parts } = bundleCalldata(bundle);
      const acts = [
        begin({ statement, parts: parts.slice(0, 1) }, dues[1]),
        ...parts.slice(1).map((part, i) => feed(seed, [part], dues[i + 2])),
        calls.proveUploaded(statement, dues[0]!, []),
      ];
      const { done, receipt } = await troupe.play(acts.map((call) => ({ actor: 0, ...call })));
      expect(done.map(({ ok }) => ok)).toEqual(acts.map(() => true));
      const inside = done.reduce((sum, { gas }) => sum + gas, 0n);
      const cost = await paidBack();
      expect(cost).toBeLessThan(inside * receipt.effectiveGasPrice);
      expect(cost).toBeGreaterThan((inside * receipt.effectiveGasPrice * 8n) / 10n);
    }));
});

describe('what is proven already', () => {
  it('is not verified again: games are settled at once, and nothing else is refused cheaply', () =>
    world.isolated(async () => {
      const { alice, carol, parameters } = world;
      // From a root that is not final, so the claim stays open.
      const early = bundleOf(2, 777n);
      await world.send(carol, calls.prove(bundleCalldata(early), []));
      expect(await refusal(calls.prove(bundleCalldata(early), []))).toBe('AlreadyProven');
      // Whatever the parts are, and whatever value is stated, it is the known one that counts.
      const garbage = { statement: { ...statementCalldata(early), value: 1n }, parts: ['0x' as const] };
      expect(await refusal(calls.prove(garbage, []))).toBe('AlreadyProven');
      const { data, to } = calls.prove(garbage, []);
      const hash = await carol.sendTransaction({ to, data, gas: 300_000n, chain: foundry });
      const { gasUsed, status } = await waitForReceipt(world.reader, hash);
      expect(status).toBe('reverted');
      expect(gasUsed).toBeLessThan(80_000n);

      await world.send(alice, calls.stake(parameters.stake));
      await world.send(alice, calls.claim('diff', 2n, world.hash(2n), 5n));
      const [claim] = (await dispute.view()).claims;
      await world.send(carol, calls.challenge(claim!.id, claim!.claimHash, 777n, parameters.bond));
      await world.send(alice, calls.state(claim!.id, claim!.claimHash, [1n], [777n]));
      // The game asks for batch 2 from the agreed root: known, so that no proof is needed.
      await world.send(carol, calls.prove(garbage, [1n]));
      expect((await dispute.view()).games[0]).toMatchObject({ phase: 'closed', outcome: 'challengerWins' });
    }));
});

describe('a Dispute', () => {
  it('is not made with a Rollup of other rules than the verifier’s, nor with none', async () => {
    const config = (dispute_: Address) => ({
      ...{
        sequencer: world.alice.account.address,
        dispute: dispute_,
        maxOriginLag: 100n,
        maxTimestampLag: 100n,
        minInterval: 1n,
      },
    });
    const attempt = async (rules: Rules) => {
      const nonce = await world.reader.getTransactionCount({ address: world.bob.account.address });
      const at = getContractAddress({ from: world.bob.account.address, nonce: BigInt(nonce) + 1n });
      const rollup = await deploy(Rollup, [config(at), rulesCalldata(rules)]);
      return deployment(rollup);
    };
    const deployment = (rollup: Address) =>
      world.bob
        .deployContract({
          ...{ abi: Dispute.abi, bytecode: Dispute.bytecode, chain: foundry },
          args: [rollup, verifier, GENESIS_ROOT, world.parameters],
        })
        .then(
          () => 'deployed',
          (error: unknown) => contractError(error)?.name,
        );
    await world.isolated(async () => {
      expect(await attempt({ ...RULES_V2, version: 3n })).toBe('OtherRules');
      expect(await attempt({ ...RULES_V2, workBudget: RULES_V2.workBudget + 1n })).toBe('OtherRules');
      expect(await deployment(world.alice.account.address)).toBe('BadParameter');
      expect(await attempt(RULES_V2)).toBe('deployed');
    });
  });
});
