import type { PublicClient } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { L1Account } from '../../prover/agents/l1-account.js';
import { ProofSender, type SentParts } from '../../prover/agents/proof-sender.js';
import { L1Error } from '../../src/errors/l1.js';
import type { L1Call } from '../../src/l1/send-call.js';
import { SeededRandom } from '../../src/samples/random.js';
import { UploadWorld } from '../helpers/upload-world.js';

let world: UploadWorld;
beforeAll(async () => {
  world = await UploadWorld.start();
});
afterAll(() => world?.stop());

/** An account whose `prove` L1 refuses with this error; what else it sends goes to L1, or is only named. */
function account(refusal: L1Error) {
  const names: string[] = [];
  const call = (name: string) => ({ name }) as unknown as L1Call;
  const l1 = {
    reader: world.l1.reader as PublicClient,
    contracts: { verifier: world.client.address },
    calls: { prove: () => call('prove'), proveUploaded: () => call('proveUploaded') },
    send: async (name: string, what: L1Call) => {
      names.push(name);
      if (name === 'prove') throw refusal;
      return name === 'proveUploaded' ? undefined : world.send(what);
    },
  };
  return { l1: l1 as unknown as L1Account, names };
}

const block = () => world.l1.reader.getBlock().then(({ number, hash }) => ({ number, hash: hash! }) as never);

describe('a bundle that should fit one transaction', () => {
  it('goes up in parts when L1 finds that it does not', async () => {
    const bundle = await world.bundle({ random: new SeededRandom('proof sender') });
    const parts: SentParts[] = [];
    const { l1, names } = account(new L1Error('L1_TRANSACTION_GAS', 'more than 2^24'));
    const sender = new ProofSender(l1, (_bundle, sent) => parts.push(sent));
    while (!names.includes('proveUploaded')) await sender.send(bundle, [1n], await block());
    expect(names[0]).toBe('prove');
    expect(names.filter((name) => name === 'prove')).toHaveLength(1);
    expect(parts[0]).toMatchObject({ from: 0, of: bundle.parts.length });
    expect(parts.at(-1)).toMatchObject({ to: bundle.parts.length });
  });

  it('is not sent in another way for any other refusal', async () => {
    const bundle = await world.bundle({ random: new SeededRandom('proof sender, reverted') });
    const refusal = new L1Error('L1_REVERTED', 'no');
    const { l1, names } = account(refusal);
    await expect(new ProofSender(l1, () => {}).send(bundle, [1n], await block())).rejects.toBe(refusal);
    expect(names).toEqual(['prove']);
  });
});
