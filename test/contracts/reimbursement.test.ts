import { concat, encodeFunctionData, type Hex, parseAbi, toHex } from 'viem';
import { foundry } from 'viem/chains';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { higher } from '../../src/batch/extremes.js';
import { RULES_V2, rulesHash } from '../../src/batch/rules.js';
import type { GameView } from '../../src/dispute/types.js';
import type { L1Call } from '../../src/l1/send-call.js';
import { uploadOf, uploadSteps } from '../../src/l1/upload.js';
import { createVerifierClient } from '../../src/l1/verifier-client.js';
import { encodePart } from '../../src/proof/parts.js';
import { RECORD_BYTES } from '../../src/proof/record.js';
import type { Bundle } from '../../src/proof/types.js';
import { encodeKeccaks } from '../../src/statement/table-code.js';
import { HEAD_BYTES } from '../../src/statement/tables.js';
import { createDisputeWorld, type DisputeWorld } from '../helpers/dispute-world.js';
import { expectRefusal } from '../helpers/refusal.js';

/** What a struck stake pays for proofs, however and whenever it was struck. */
let world: DisputeWorld;
const WRONG = 555n;
beforeAll(async () => {
  world = await createDisputeWorld();
  await world.post(12);
});
afterAll(() => world?.l1.stop());

const root = (n: bigint) => world.roots[Number(n)]!;
const NO_KEYS = toHex(0, { size: 32 });
/** Parts that say nothing, which the fake verifier takes one by one. */
const PARTS = [
  encodePart('head', toHex(0, { size: HEAD_BYTES })),
  encodePart('keccaks', concat(encodeKeccaks([{ kind: 'general', uses: 1n, input: `0x${'33'.repeat(5_000)}` }]))),
  encodePart('proofs', toHex(0, { size: RECORD_BYTES })),
];

/** An upload of the truth about root `n`, for dave, and the calls of it: a part each, then the proof. */
function uploadOfRoot(n: bigint): { calls: L1Call[]; seed: Hex } {
  const { dave, verifier, batches } = world;
  const { header } = batches[Number(n) - 1]!;
  const bundle: Bundle = {
    ...{ l1ChainId: BigInt(foundry.id), verifier, beneficiary: dave.account.address, keySetHash: NO_KEYS },
    ...{ rulesHash: rulesHash(RULES_V2), header, preRoot: root(n - 1n), mode: 'root', value: root(n) },
    parts: PARTS,
  };
  const upload = uploadOf(bundle);
  const steps = uploadSteps(upload, 0, 1).map(({ call }) => call);
  const proven = world.calls.proveUploaded(upload.statement, upload.frozen, []);
  return { calls: [...steps, proven], seed: upload.seed };
}

/** The stages of an honest upload at which the cheater may strike itself: before each of its calls, and behind the last. */
const STAGES = [0, 1, 2, 3, 4];

/**
 * alice claims a false root 4; bob, who challenges it, has come to the proof of batch 4. Her stake can fall at any moment by something
 * else, which `ways` does: each of her other claims is lost already, but nobody has said so.
 */
async function cornered(): Promise<{ game: GameView; ways: Record<string, () => Promise<void>> }> {
  const { alice, bob, carol, calls } = world;
  const lie = await world.claim(alice, 'root', 4n, WRONG);
  const ofSibling = await world.claim(alice, 'root', 6n, WRONG);
  const ofFinal = await world.claim(alice, 'root', 1n, WRONG);
  const ofProof = await world.claim(alice, 'diff', 1n, WRONG);
  const puppet = await world.challenge(carol, lie.id);
  const sibling = await world.challenge(carol, ofSibling.id);
  await world.state(lie.id, 2n);
  await world.answer(puppet.id, false); // root 1 is asked for, which alice will not state
  const deadlines = await Promise.all([puppet, sibling].map(async ({ id }) => (await world.game(id)).deadline));
  await world.goTo(deadlines.reduce(higher));
  const byProof = await world.challenge(carol, ofProof.id);
  const { id } = await world.challenge(bob, lie.id);
  for (let game = await world.game(id); game.phase !== 'prove'; game = await world.game(id)) {
    if (game.phase === 'claimantStates') await world.state(lie.id, game.index);
    else await world.answer(id, true);
  }
  const game = await world.game(id);
  expect(game).toMatchObject({ index: 4n, agreed: root(3n), target: WRONG });
  return {
    game,
    ways: {
      'a sibling’s clock': async () => void (await world.send(carol, calls.settle(sibling.id))),
      'its puppet’s game on the same claim': async () => void (await world.send(carol, calls.settle(puppet.id))),
      'a final value': async () => {
        await world.prove(carol, 1n, root(0n), 'root');
        await world.resolve(ofFinal.id);
      },
      'a sibling’s proof': () => world.prove(carol, 1n, root(0n), 'diff', [byProof.id]),
    },
  };
}

describe('a stake that strikes itself while it is proven wrong (H13)', () => {
  it.each(['a sibling’s clock', 'its puppet’s game on the same claim', 'a final value', 'a sibling’s proof'])(
    'test_reimburse_selfStrike by %s: at every stage of the upload the payee gets what it cost, and q',
    (way) =>
      world.isolated(async () => {
        const { game, ways } = await cornered();
        for (const stage of STAGES) {
          await world.isolated(async () => {
            const { bob, carol, dave, calls, parameters } = world;
            const upload = uploadOfRoot(4n);
            for (const call of upload.calls.slice(0, stage)) await world.send(bob, call);
            await ways[way]!();
            expect(await world.stakeView(1n)).toMatchObject({ struck: true });
            const { proofPayLeft, proofPurse } = await world.stakeView(1n);
            // A proof of the cheater's own has q already.
            expect(proofPayLeft).toBe(way !== 'a sibling’s proof');
            for (const call of upload.calls.slice(stage)) await world.send(bob, call);
            const { cost, owed, payee } = (await world.dispute.proven(world.hash(4n), root(3n), 'root'))!;
            expect([payee, owed]).toEqual([dave.account.address, cost]);
            const { cost: uploaded } = await createVerifierClient(world.reader, world.verifier).cost(upload.seed);
            expect(cost).toBeGreaterThan(uploaded);
            expect(uploaded).toBeGreaterThan(0n);
            // Anybody asks for it, by the game or by its end.
            await world.send(carol, stage % 2 === 0 ? calls.reimburse(game.id) : calls.settle(game.id));
            const paid = cost + (proofPayLeft ? parameters.proofPay : 0n);
            expect(await world.credit(dave)).toBe(paid);
            expect((await world.stakeView(1n)).proofPurse).toBe(proofPurse - paid);
            await expectRefusal(world.send(carol, calls.reimburse(game.id)), 'NotReimbursable');
            if (stage % 2 === 0) await world.send(carol, calls.settle(game.id));
            expect(await world.game(game.id)).toMatchObject({ phase: 'closed', outcome: 'claimFell' });
            // The challenger has its bond and the cost of its moves, whatever it fell by.
            const { spent } = await world.game(game.id);
            expect(await world.credit(bob)).toBe(parameters.bond + spent);
          });
        }
      }),
  );

  it('test_reimburse_deadline (H15): kept before the game’s deadline it is paid; at it, or after, nothing', () =>
    world.isolated(async () => {
      const { game, ways } = await cornered();
      await ways['a sibling’s clock']!();
      for (const shift of [-1n, 0n, 1n]) {
        await world.isolated(async () => {
          const { bob, carol, dave, calls } = world;
          const { calls: upload } = uploadOfRoot(4n);
          for (const call of upload.slice(0, -1)) await world.send(bob, call);
          await world.sendAt(game.deadline + shift, bob, upload.at(-1)!);
          expect(await world.outcome(carol, calls.reimburse(game.id))).toBe(
            shift < 0n ? 'accepted' : 'NotReimbursable',
          );
          await world.send(carol, calls.settle(game.id));
          expect((await world.credit(dave)) > 0n).toBe(shift < 0n);
        });
      }
    }));

  it('test_reimburse_purses (H2, H15): paid until the purses end, and no longer', () =>
    world.isolated(async () => {
      const { game, ways } = await cornered();
      const { bob, carol, calls } = world;
      await ways['a sibling’s clock']!();
      const { pursesUntil } = await world.stakeView(1n);
      for (const call of uploadOfRoot(4n).calls) await world.send(bob, call);
      expect(pursesUntil).toBeGreaterThanOrEqual(game.deadline);
      await world.goTo(pursesUntil - 1n);
      expect(await world.outcome(carol, calls.reimburse(game.id))).toBe('accepted');
      for (const time of [pursesUntil, pursesUntil + 1n]) {
        await world.goTo(time);
        expect(await world.outcome(carol, calls.reimburse(game.id))).toBe('NotReimbursable');
      }
      await world.send(carol, calls.settle(game.id));
      expect(await world.credit(bob)).toBe(world.parameters.bond);
    }));
});

it('test_reimburse_purseRunsEmpty (H3): what one stake’s F does not reach, the next one’s pays, once in all', () =>
  world.isolated(async () => {
    const { alice, bob, carol, dave, calls, parameters, verifier } = world;
    const games: GameView[] = [];
    for (const liar of [alice, carol]) {
      const lie = await world.claim(liar, 'root', 2n, WRONG);
      const game = await world.challenge(bob, lie.id);
      await world.state(lie.id, 1n);
      await world.answer(game.id, true);
      games.push(await world.game(game.id));
    }
    const [first, second] = games as [GameView, GameView];
    const upload = uploadOfRoot(2n);
    for (const call of upload.calls.slice(0, -1)) await world.send(bob, call);
    const abi = parseAbi(['function charge(bytes32 seed, uint256 gas, uint256 cost)']);
    const args = [upload.seed, 10n ** 12n, parameters.proofPurse] as const;
    await world.send(bob, { to: verifier, data: encodeFunctionData({ abi, args }), value: 0n });
    await world.send(bob, upload.calls.at(-1)!);
    const { cost } = (await world.dispute.proven(world.hash(2n), root(1n), 'root'))!;
    expect(cost).toBeGreaterThan(parameters.proofPurse);
    const owed = async () => (await world.dispute.proven(world.hash(2n), root(1n), 'root'))!.owed;
    await world.send(carol, calls.settle(first.id));
    expect(await world.credit(dave)).toBe(parameters.proofPurse);
    expect(await owed()).toBe(cost - parameters.proofPurse);
    expect((await world.stakeView(1n)).proofPurse).toBe(0n);
    await expectRefusal(world.send(bob, calls.reimburse(first.id)), 'NotReimbursable');
    await world.send(alice, calls.settle(second.id));
    expect(await world.credit(dave)).toBe(cost + parameters.proofPay);
    expect(await owed()).toBe(0n);
    for (const { id } of games) await expectRefusal(world.send(bob, calls.reimburse(id)), 'NotReimbursable');
    const left = parameters.proofPurse - (cost - parameters.proofPurse) - parameters.proofPay;
    expect((await world.stakeView(2n)).proofPurse).toBe(left);
  }));

describe('test_reimburse_reverts', () => {
  it('before a strike, for another game than the one that was to be proven, and of one that the claimant won', () =>
    world.isolated(async () => {
      const { game, ways } = await cornered();
      const { bob, carol, calls } = world;
      const refuses = async (gameId: bigint, error = 'NotReimbursable') =>
        expect(await world.outcome(carol, calls.reimburse(gameId))).toBe(error);
      await refuses(99n, 'UnknownGame');
      for (const call of uploadOfRoot(4n).calls) await world.send(bob, call);
      await refuses(game.id); // its game is decided, but no stake is struck
      await ways['a sibling’s clock']!();
      // Neither the puppet's game nor the sibling's waited for this proof.
      for (const { id } of (await world.view()).games) if (id !== game.id) await refuses(id);
      await world.send(carol, calls.reimburse(game.id));
    }));

  it('for a proof that was there before the game, and one that says what the claimant says', () =>
    world.isolated(async () => {
      const { alice, bob, carol, dave, calls } = world;
      // Known before: whoever challenges then has nothing to prove.
      await world.prove(dave, 2n, root(1n), 'root');
      await world.advance(1n);
      const early = await world.claim(alice, 'root', 2n, WRONG);
      const first = await world.challenge(bob, early.id);
      await world.state(early.id, 1n);
      await world.answer(first.id, true);
      const right = await world.claim(alice, 'root', 3n);
      const second = await world.challenge(bob, right.id, 0n);
      await world.state(right.id, 1n);
      await world.answer(second.id, true);
      await world.state(right.id, 2n);
      await world.answer(second.id, true);
      await world.prove(dave, 3n, root(2n), 'root');
      await world.send(carol, calls.settle(first.id));
      expect(await world.game(first.id)).toMatchObject({ outcome: 'challengerWins' });
      expect(await world.stakeView(1n)).toMatchObject({ struck: true, proofPayLeft: true });
      for (const { id } of [first, second])
        await expectRefusal(world.send(carol, calls.reimburse(id)), 'NotReimbursable');
      // A void claim's challenger has its bond back, although it would have lost.
      await world.send(carol, calls.settle(second.id));
      expect(await world.game(second.id)).toMatchObject({ outcome: 'claimFell' });
      await expectRefusal(world.send(carol, calls.reimburse(second.id)), 'NotReimbursable');
      expect(await world.credit(dave)).toBe(0n);
    }));
});
