import { encodeAbiParameters, type Hex, keccak256, parseEther, parseGwei } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MOVE_GAS } from '../../src/dispute/move-gas.js';
import { DEFAULT_PARAMETERS, maxMoves } from '../../src/dispute/parameters.js';
import type { GameView } from '../../src/dispute/types.js';
import type { L1Call, Wallet } from '../../src/l1/send-call.js';
import { createDisputeWorld, type DisputeWorld } from '../helpers/dispute-world.js';
import { type Act, createTroupe, type Done, type Troupe } from '../helpers/troupe.js';

/** What moves take, in transactions of their own and many in one: nobody may be paid more for them than they cost. */
let world: DisputeWorld;
let troupe: Troupe;
const [ACTORS, N, WRONG] = [8, 64n, 555n];
beforeAll(async () => {
  world = await createDisputeWorld();
  await world.post(Number(N));
  troupe = await createTroupe(world, world.dave, ACTORS, parseEther('4000'));
  const { calls, parameters } = world;
  await played(troupe.actors.map((_, actor) => ({ actor, ...calls.deposit(4n * parameters.stake) })));
});
afterAll(() => world?.l1.stop());

const EVERYBODY = Array.from({ length: ACTORS }, (_, i) => i);
const PUPPETS = EVERYBODY.slice(1);

/** Plays acts that all go well. */
async function played(acts: readonly Act[]): Promise<{ done: readonly Done[]; gasUsed: bigint; price: bigint }> {
  const { done, receipt } = await troupe.play(acts);
  for (const { ok, result } of done) expect(ok, result).toBe(true);
  const { baseFeePerGas } = await world.reader.getBlock({ blockNumber: receipt.blockNumber });
  return { done, gasUsed: receipt.gasUsed, price: baseFeePerGas! + parseGwei('1') };
}

const least = (done: readonly Done[]) => done.map(({ gas }) => gas).toSorted((a, b) => Number(a - b))[0]!;

/** actor 0 stakes, and claims false roots at these numbers. */
async function lie(numbers: readonly bigint[]): Promise<bigint[]> {
  const { calls } = world;
  await played([{ actor: 0, ...calls.stake() }]);
  await played(numbers.map((n) => ({ actor: 0, ...calls.claim('root', n, world.hash(n), WRONG) })));
  return (await world.view()).claims.slice(-numbers.length).map(({ id }) => id);
}

const challenging = async (claimIds: readonly bigint[], actors: readonly number[]): Promise<Act[]> => {
  const { claims } = await world.view();
  return claimIds.flatMap((id) =>
    actors.map((actor) => ({ actor, ...world.calls.challenge(id, claims[Number(id) - 1]!.claimHash, 0n) })),
  );
};

/** `stateHash` of a root game with base 0 that asks for `index` (IDispute.sol). */
function stateHash(claimHash: Hex, game: GameView, [lo, hi, index]: readonly bigint[]): Hex {
  const types = [
    'bytes32',
    'uint256',
    'address',
    'uint64',
    'uint256',
    'uint256',
    'uint64',
    'uint64',
    'uint64',
    'uint256',
  ];
  const values = [
    claimHash,
    game.id,
    game.challenger,
    0n,
    world.roots[0]!,
    0n,
    lo,
    hi,
    index,
    world.roots[Number(index)]!,
  ];
  return keccak256(
    encodeAbiParameters(
      types.map((type) => ({ type })),
      values,
    ),
  );
}

/** Root and middle of each round of a game in which the challenger always agrees. */
function roundsOf(n: bigint): (readonly [bigint, bigint, bigint])[] {
  const rounds: (readonly [bigint, bigint, bigint])[] = [];
  for (let lo = 0n; n - lo > 1n; lo = (lo + n) / 2n) rounds.push([lo, n, (lo + n) / 2n]);
  return rounds;
}

describe('many moves in one transaction', () => {
  it('cost more than they are paid: challenges of one claim, and of many', () =>
    world.isolated(async () => {
      const [one, ...others] = await lie([N, 3n, 5n, 7n, 9n, 11n]);
      const ofOne = await played(await challenging([one!], PUPPETS));
      const ofMany = await played(await challenging(others, [1]));
      const found = { one: least(ofOne.done), many: least(ofMany.done) };
      console.info('gas of a challenge among others', found);
      for (const gas of Object.values(found)) expect(gas).toBeGreaterThanOrEqual(MOVE_GAS.challenge);
      const { games } = await world.view();
      for (const { spent } of games.slice(0, PUPPETS.length)) {
        expect(spent).toBe(((MOVE_GAS.challenge * ofOne.price) / 10n ** 9n) * 10n ** 9n);
      }
    }));

  it('cost more than they are paid: all answers of a game whose claimant has stated everything', () =>
    world.isolated(async () => {
      const [id] = await lie([N]);
      const { claimHash } = await world.claimView(id!);
      const rounds = roundsOf(N);
      const indices = rounds.map(([, , index]) => index);
      const roots = indices.map((index) => world.roots[Number(index)]!);
      await played([{ actor: 0, ...world.calls.state(id!, claimHash, indices, roots) }]);
      await played(await challenging([id!], PUPPETS));
      const { games } = await world.view();
      expect(games[0]!.stateHash).toBe(stateHash(claimHash, games[0]!, rounds[0]!));
      const answering = (game: GameView, round: readonly bigint[]) =>
        world.calls.answer(game.id, stateHash(claimHash, game, round), true);
      const acts = games.flatMap((game, i) => rounds.map((round) => ({ actor: 1 + i, ...answering(game, round) })));
      const { done } = await played(acts);
      console.info('gas of answers among others', done.map(({ gas }) => gas).join(' '));
      expect((await world.game(1n)).phase).toBe('prove');
      expect(least(done)).toBeGreaterThanOrEqual(MOVE_GAS.answer);
    }));

  it.each([
    ['of many on one claim', [N], PUPPETS],
    ['of one on many claims', [N, 3n, 5n, 7n, 9n, 11n], [1]],
  ] as const)('cost more than they are paid: settlements %s', (_name, numbers, actors) =>
    world.isolated(async () => {
      const ids = await lie(numbers);
      await played(await challenging(ids, actors));
      const { games } = await world.view();
      await world.goTo(games.at(-1)!.deadline);
      const settling = games.map(({ id }, i) => ({ actor: actors[i % actors.length]!, ...world.calls.settle(id) }));
      const before = (await world.view()).stakes[0]!;
      expect(before.struck).toBe(false);
      const { done, price } = await played(settling);
      const [first, ...rest] = done;
      console.info('gas of settlements among others', first!.gas, rest.map(({ gas }) => gas).join(' '));
      expect(least(done)).toBeGreaterThanOrEqual(MOVE_GAS.settle);
      const { movePurse } = await world.stakeView(1n);
      const spent = games.reduce((sum, game) => sum + game.spent + MOVE_GAS.settle * price, 0n);
      expect(movePurse).toBe(world.parameters.movePurse - spent);
    }),
  );
});

describe('whole games in one transaction', () => {
  it('cost more than they are paid: challenged, answered, and struck at once from elsewhere', () =>
    world.isolated(async () => {
      const { calls, parameters } = world;
      const [id, doomed] = await lie([N, 3n]);
      const { claimHash } = await world.claimView(id!);
      const rounds = roundsOf(N);
      const indices = rounds.map(([, , index]) => index);
      const roots = indices.map((index) => world.roots[Number(index)]!);
      await played([{ actor: 0, ...calls.state(id!, claimHash, indices, roots) }]);
      await played(await challenging([doomed!], [0]));
      const [lost] = (await world.view()).games;
      await world.goTo(lost!.deadline);
      const players = PUPPETS.slice(0, 4);
      const games = players.map((actor, i) => ({ id: 2n + BigInt(i), challenger: troupe.actors[actor]! }) as GameView);
      const bond = parameters.bond;
      const acts = [
        ...players.map((actor) => ({ actor, ...calls.challenge(id!, claimHash, 0n, bond) })),
        ...games.flatMap((game, i) =>
          rounds.map((round) => ({
            actor: players[i]!,
            ...calls.answer(game.id, stateHash(claimHash, game, round), true),
          })),
        ),
        ...games.map((game, i) => ({ actor: players[i]!, ...calls.settle(game.id) })),
        ...players.map((actor) => ({ actor, ...calls.withdraw(troupe.actors[actor]!, bond) })),
      ];
      const strike = { actor: 0, ...calls.settle(lost!.id) };
      const settled = acts.findIndex(({ data }) => data === calls.settle(games[0]!.id).data);
      const { done, gasUsed, price } = await played(acts.toSpliced(settled, 0, strike));
      const own = done.toSpliced(settled, 1);
      const { movePurse } = await world.stakeView(1n);
      const strikes = (lost!.spent + MOVE_GAS.settle * price) / price;
      const paid = (parameters.movePurse - movePurse) / price - strikes;
      const moves = MOVE_GAS.challenge + BigInt(rounds.length) * MOVE_GAS.answer + MOVE_GAS.settle;
      expect(paid).toBe(BigInt(players.length) * moves);
      const took = own.slice(0, -players.length).reduce((sum, { gas }) => sum + gas, 0n);
      const settlements = own.slice(-2 * players.length, -players.length).map(({ gas }) => gas);
      console.info('gas of whole games', { paid, took, settlements, transaction: gasUsed });
      expect(took).toBeGreaterThan(paid);
      // The transaction as it is paid for, with all that it gets back for storage.
      expect(gasUsed).toBeGreaterThan(took - took / 5n);
      expect(gasUsed).toBeGreaterThan(paid);
    }));
});

describe('a game of six rounds', () => {
  it('with a transaction for each move: a statement is within its fee, the others above what purses pay', () =>
    world.isolated(async () => {
      const { alice, bob, calls, parameters, roots } = world;
      const used: Record<string, bigint[]> = {};
      const send = async (name: string, wallet: Wallet, call: L1Call) => {
        const { gasUsed } = await world.send(wallet, call);
        used[name] = [...(used[name] ?? []), gasUsed];
      };
      await send('stake', alice, calls.stake(parameters.stake));
      await send('claim', alice, calls.claim('root', N, world.hash(N), 5n));
      await send('claim', alice, calls.claim('diff', N, world.hash(N), 5n));
      const { claimHash } = await world.claimView(1n);
      await send('challenge', bob, calls.challenge(1n, claimHash, 0n, parameters.bond));
      for (let game = await world.game(1n); game.phase !== 'prove'; game = await world.game(1n)) {
        const { index } = game;
        const own = index < 40n;
        if (game.phase === 'challengerAnswers') await send('answer', bob, calls.answer(1n, game.stateHash, own));
        else await send('state', alice, calls.state(1n, claimHash, [index], [own ? roots[Number(index)]! : 9n]));
      }
      await world.prove(world.carol, 40n, roots[39]!, 'root');
      await send('settle', bob, calls.settle(1n));
      expect((await world.game(1n)).outcome).toBe('challengerWins');
      await send('resolve', bob, calls.resolve([2n]));
      const sorted = Object.entries(used).map(([name, gas]) => [name, gas.toSorted((a, b) => Number(a - b))] as const);
      console.info('gas', Object.fromEntries(sorted), 'rounds', used.answer?.length);
      const [low, high] = [0, -1].map((i) => Object.fromEntries(sorted.map(([name, gas]) => [name, gas.at(i)!])));
      expect(high!.state).toBeLessThanOrEqual(MOVE_GAS.state);
      for (const move of ['challenge', 'answer', 'settle'] as const) expect(low![move]).toBeGreaterThan(MOVE_GAS[move]);
      // Four whole games of the longest kind fit M at the stressed price, as they are paid.
      const { maxAhead, movePurse, maxPrice } = DEFAULT_PARAMETERS;
      const paid = MOVE_GAS.challenge + maxMoves(maxAhead) * MOVE_GAS.answer + MOVE_GAS.settle;
      expect(movePurse).toBeGreaterThanOrEqual(4n * paid * maxPrice);
    }));
});
