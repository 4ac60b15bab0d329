import { concat, encodeAbiParameters, encodeFunctionData, type Hex, pad, size, slice, toHex } from 'viem';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { Rollup } from '../../contracts/generated/artifacts.js';
import type { Batch } from '../../src/batch/types.js';
import { createDisputeWorld, type DisputeWorld } from '../helpers/dispute-world.js';
import { expectRefusal } from '../helpers/refusal.js';

let world: DisputeWorld;
beforeAll(async () => {
  world = await createDisputeWorld();
});
afterAll(() => world?.l1.stop());

const HEADER_WORDS = 11;
/** Calldata of submitBatch with one item, whose place after the head is free: `tail` from word 12 on. */
function submit({ header, txs }: Batch, arrayAt: number, tail: readonly Hex[]): Hex {
  const honest = encodeFunctionData({ abi: Rollup.abi, functionName: 'submitBatch', args: [header, txs] });
  const head = slice(honest, 0, 4 + 32 * HEADER_WORDS);
  return concat([head, toHex(32 * arrayAt, { size: 32 }), ...tail]);
}
const word = (n: bigint): Hex => encodeAbiParameters([{ type: 'int256' }], [n]);
const text = (raw: Hex): Hex[] => [word(BigInt(size(raw))), pad(raw, { dir: 'right', size: 32 })];

/**
 * Solidity follows an offset inside calldata also backwards (it is compared as a signed number), most decoders do not. A
 * sequencer that posts such a batch is understood by L1 and by nobody who rebuilds the state: a false claim on it would stand.
 * Barrier: the Rollup takes only the one canonical encoding.
 */
describe('a batch whose calldata only Solidity can read', () => {
  const raw: Hex = '0x1234';
  const cases: readonly [string, (batch: Batch) => Hex][] = [
    ['an item before its list', (batch) => submit(batch, 14, [...text(raw), word(1n), word(-96n)])],
    ['a gap before the list', (batch) => submit(batch, 13, [word(7n), word(1n), word(32n), ...text(raw)])],
    ['a gap before an item', (batch) => submit(batch, 12, [word(1n), word(64n), word(7n), ...text(raw)])],
    ['bytes behind the end', (batch) => submit(batch, 12, [word(1n), word(32n), ...text(raw), '0x00'])],
    [
      'padding that is not zero',
      (batch) => submit(batch, 12, [word(1n), word(32n), word(2n), pad('0x123400ff', { dir: 'right', size: 32 })]),
    ],
    ['padding that is missing', (batch) => submit(batch, 12, [word(1n), word(32n), word(2n), raw])],
  ];

  it('is understood when it is the canonical encoding', () =>
    world.isolated(async () => {
      const batch = await world.nextBatch([raw]);
      const data = submit(batch, 12, [word(1n), word(32n), ...text(raw)]);
      await world.send(world.sequencer, { to: world.rollup.address, data, value: 0n });
      await world.rollup.batches({ fromBlock: 0n, toBlock: await world.reader.getBlockNumber() });
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
