import { concat, encodeAbiParameters, encodeFunctionData, type Hex, pad, size, slice, toHex } from 'viem';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { Rollup } from '../../contracts/generated/artifacts.js';
import type { Batch } from '../../src/batch/types.js';
import { packItems } from '../../src/statement/l1-transactions.js';
import { createDisputeWorld, type DisputeWorld } from '../helpers/dispute-world.js';
import { postedIn } from '../helpers/posted.js';
import { expectRefusal } from '../helpers/refusal.js';

let world: DisputeWorld;
beforeAll(async () => {
  world = await createDisputeWorld();
});
afterAll(() => world?.l1.stop());

const HEADER_WORDS = 11;
/** Calldata of submitBatch, whose string of transactions stands at word `at`: `tail` from word 12 on. */
function submit({ header, txs }: Batch, at: number, tail: readonly Hex[]): Hex {
  const honest = encodeFunctionData({ abi: Rollup.abi, functionName: 'submitBatch', args: [header, packItems(txs)] });
  const head = slice(honest, 0, 4 + 32 * HEADER_WORDS);
  return concat([head, toHex(32 * at, { size: 32 }), ...tail]);
}
const word = (n: bigint): Hex => encodeAbiParameters([{ type: 'int256' }], [n]);
const text = (raw: Hex): Hex[] => [word(BigInt(size(raw))), pad(raw, { dir: 'right', size: 32 })];

/**
 * Solidity takes calldata that no encoder makes, most decoders do not. A sequencer that posts such a batch is understood by L1 and
 * by nobody who rebuilds the state: a false claim on it would stand. Barrier: the Rollup takes only the one canonical encoding.
 */
describe('a batch whose calldata only Solidity can read', () => {
  const raw: Hex = '0x1234';
  const txs = packItems([raw]);
  const cases: readonly [string, (batch: Batch) => Hex][] = [
    ['the string inside the header', (batch) => submit(batch, 1, text(txs))],
    ['a gap before the string', (batch) => submit(batch, 13, [word(7n), ...text(txs)])],
    ['bytes behind the end', (batch) => submit(batch, 12, [...text(txs), '0x00'])],
    [
      'padding that is not zero',
      (batch) => submit(batch, 12, [word(5n), pad('0x000002123400ff', { dir: 'right', size: 32 })]),
    ],
    ['padding that is missing', (batch) => submit(batch, 12, [word(5n), txs])],
  ];

  it('is understood when it is the canonical encoding', () =>
    world.isolated(async () => {
      const batch = await world.nextBatch([raw]);
      const data = submit(batch, 12, text(txs));
      await world.send(world.sequencer, { to: world.rollup.address, data, value: 0n });
      await postedIn(world.rollup, { fromBlock: 0n, toBlock: await world.reader.getBlockNumber() });
    }));

  for (const [name, data] of cases) {
    it(name, () =>
      world.isolated(async () => {
        const batch = await world.nextBatch([raw]);
        await expectRefusal(
          world.send(world.sequencer, { to: world.rollup.address, data: data(batch), value: 0n }),
          'NotCanonical',
        );
      }),
    );
  }
});
