import { type Address, isAddressEqual } from 'viem';
import { afterAll, describe, expect, it } from 'vitest';
import { challengeableClaims } from '../../src/dispute/claims.js';
import { agrees, dueMoves, provesFor } from '../../src/dispute/moves.js';
import type { ClaimView, DisputeView, GameView } from '../../src/dispute/types.js';
import { L1Error } from '../../src/errors/l1.js';
import type { L1Call, Wallet } from '../../src/l1/send-call.js';
import type { Mode } from '../../src/proof/types.js';
import { SeededRandom } from '../../src/samples/random.js';
import { createDisputeWorld, type DisputeWorld, f, fakeBundle } from '../helpers/dispute-world.js';

/**
 * Random plays: an honest sequencer, an honest challenger, and puppets that claim, challenge, state, answer, prove, settle
 * and withdraw at random, while time passes and pauses come and go. After every step the honest players do what
 * `dueMoves` says. FUZZ_SEED replays a play; FUZZ_STEPS changes its length.
 */
const SEED = process.env.FUZZ_SEED ?? String(Date.now());
const STEPS = Number(process.env.FUZZ_STEPS ?? 250);

let world: DisputeWorld | undefined;
afterAll(() => world?.l1.stop());

/** The honest strategy on the truth. */
class Honest {
  constructor(
    private readonly world: DisputeWorld,
    readonly wallet: Wallet,
  ) {}

  get address(): Address {
    return this.wallet.account.address;
  }

  truth(kind: Mode, number: bigint): bigint {
    return kind === 'root' ? this.world.roots[Number(number)]! : this.world.diffs[Number(number)]!;
  }

  /** All that is due, until nothing is. */
  async play(): Promise<void> {
    for (let round = 0; round < 40; round++) {
      if (!(await this.playOnce(await this.world.view()))) return;
    }
    throw new Error('the honest player does not come to an end');
  }

  private async playOnce(view: DisputeView): Promise<boolean> {
    const { calls } = this.world;
    for (const due of dueMoves(view, this.address)) {
      switch (due.type) {
        case 'state':
          return this.send(calls.state(due.claimId, due.claimHash, due.index, this.truth('root', due.index)));
        case 'answer':
          return this.send(calls.answer(due.gameId, due.stateHash, agrees(due, this.truth('root', due.index))));
        case 'prove': {
          const value = this.truth(due.mode, due.number);
          expect(due.preRoot).toBe(this.truth('root', due.number - 1n));
          const games = provesFor(due, value);
          if (!due.required) continue; // the claimant may wait for the challenger's clock
          expect(games.length).toBeGreaterThan(0);
          return this.send(
            calls.prove(fakeBundle(this.world, due.number, due.preRoot, due.mode, value, this.address), games),
          );
        }
        case 'settle':
          return this.send(calls.settle(due.gameId));
        case 'resolve':
          return this.send(calls.resolve(due.claimId));
      }
    }
    return false;
  }

  /** Challenges every claim that is not the truth. */
  async watch(): Promise<void> {
    for (const { id, kind, number, value, claimHash } of challengeableClaims(await this.world.view(), this.address)) {
      if (value === this.truth(kind, number)) continue;
      const own = this.truth('root', number - 1n);
      await this.send(this.world.calls.challenge(id, claimHash, own, this.world.parameters.bond));
    }
  }

  async send(call: L1Call): Promise<true> {
    await this.world.send(this.wallet, call);
    return true;
  }
}

/** Random moves of puppets; a refused one is counted by its error and forgotten. */
class Puppets {
  readonly refusals = new Map<string, number>();
  moves = 0;

  constructor(
    private readonly world: DisputeWorld,
    private readonly random: SeededRandom,
    readonly wallets: readonly Wallet[],
  ) {}

  pick<T>(items: readonly T[]): T | undefined {
    return items.length === 0 ? undefined : items[this.random.below(items.length)];
  }

  async try(wallet: Wallet, call: L1Call): Promise<boolean> {
    try {
      await this.world.send(wallet, call);
      this.moves += 1;
      return true;
    } catch (error) {
      if (!(error instanceof L1Error) || error.code !== 'L1_REVERTED') throw error;
      const name = String(error.details?.error);
      this.refusals.set(name, (this.refusals.get(name) ?? 0) + 1);
      return false;
    }
  }

  someone(): Wallet {
    return this.pick(this.wallets)!;
  }

  /** The puppet with this address, if it is one. */
  named(address: Address): Wallet | undefined {
    return this.wallets.find(({ account }) => isAddressEqual(account.address, address));
  }

  /** True, false, or false in the same way as other puppets. */
  root(n: bigint): bigint {
    const kind = this.random.below(4);
    return kind < 2 ? this.world.roots[Number(n)]! : kind === 2 ? 7_000n + n : this.random.bits(250);
  }

  async step(view: DisputeView): Promise<void> {
    const { calls, parameters, random } = { ...this.world, random: this.random };
    const latest = BigInt(this.world.batches.length);
    const number = 1n + BigInt(random.below(Number(latest)));
    const claim = this.pick(view.claims);
    const game = this.pick(view.games.filter(({ phase }) => phase !== 'closed'));
    switch (random.below(12)) {
      case 0:
      case 1: {
        const kind = this.pick(['diff', 'root'] as const)!;
        const truth = kind === 'root' ? this.world.roots : this.world.diffs;
        const value = random.below(3) === 0 ? truth[Number(number)]! : random.bits(250);
        await this.try(this.someone(), calls.claim(kind, number, this.world.hash(number), value, parameters.stake));
        return;
      }
      case 2:
      case 3: {
        const open = this.pick(view.claims.filter(({ status }) => status === 'open')) ?? claim;
        if (!open) return;
        const own = this.root(open.number - 1n);
        await this.try(this.someone(), calls.challenge(open.id, open.claimHash, own, parameters.bond));
        return;
      }
      case 4:
      case 5:
      case 6:
        if (game) await this.move(game, view.claims[Number(game.claimId) - 1]!);
        return;
      case 7:
        if (game?.phase === 'prove') await this.prove(game.index, game.agreed, game.mode, [game.id]);
        else await this.prove(number, this.root(number - 1n), this.pick(['diff', 'root'] as const)!, []);
        return;
      case 8:
        if (game) await this.try(this.someone(), calls.settle(game.id));
        return;
      case 9:
        if (claim) await this.try(this.someone(), calls.resolve(claim.id));
        return;
      case 10:
        await this.try(this.someone(), calls.finalizeProven(this.pick(['diff', 'root'] as const)!, number));
        return;
      case 11: {
        const wallet = this.someone();
        const credit = await this.world.credit(wallet);
        if (credit > 0n) await this.try(wallet, calls.withdraw(wallet.account.address, 1n + credit / 2n));
        return;
      }
    }
  }

  private async move(game: GameView, claim: ClaimView): Promise<void> {
    const { calls } = this.world;
    if (game.phase === 'claimantStates') {
      const wallet = this.named(claim.claimant);
      // Half of the time a puppet concurs with whatever the challenger says.
      const same = game.index === claim.number - 1n && game.preRoot !== 0n && this.random.below(2) === 0;
      const root = same ? game.preRoot : this.root(game.index);
      if (wallet) await this.try(wallet, calls.state(claim.id, claim.claimHash, game.index, root));
    } else if (game.phase === 'challengerAnswers') {
      const wallet = this.named(game.challenger);
      if (wallet) await this.try(wallet, calls.answer(game.id, game.stateHash, this.random.below(2) === 0));
    }
  }

  private async prove(number: bigint, preRoot: bigint, mode: Mode, games: readonly bigint[]): Promise<void> {
    const value = f(this.world.hash(number), preRoot, mode);
    const wallet = this.someone();
    const bundle = fakeBundle(this.world, number, preRoot, mode, value, wallet.account.address);
    await this.try(wallet, this.world.calls.prove(bundle, games));
  }
}

function tally(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${name} ${count}`).join(', ');
}

describe('random plays', () => {
  it(`seed ${SEED}, ${STEPS} steps: no wei is lost, no honest player loses, nothing false is final`, {
    timeout: 300_000,
  }, async () => {
    world = await createDisputeWorld();
    const w = world;
    const random = new SeededRandom(SEED);
    const [claimant, challenger] = [new Honest(w, w.alice), new Honest(w, w.bob)];
    const puppets = new Puppets(w, random, w.players.slice(2, 7));
    const accounts = [claimant, challenger, ...puppets.wallets.map((wallet) => ({ address: wallet.account.address }))];
    const closed = new Map<bigint, GameView>();
    const { money } = w.dispute;
    await w.post(6);

    const check = async () => {
      const [view, sums] = await Promise.all([w.view(), money()]);
      expect(sums.held).toBe(sums.credit + sums.locked + sums.burned);
      for (const game of view.games) {
        if (isAddressEqual(game.challenger, challenger.address)) expect(game.outcome).not.toBe('claimantWins');
        const before = closed.get(game.id);
        if (before) expect(game.outcome).toBe(before.outcome);
        if (game.phase === 'closed') closed.set(game.id, game);
      }
      for (const { claimant: owner, status } of view.claims) {
        if (isAddressEqual(owner, claimant.address)) expect(['open', 'final']).toContain(status);
      }
      for (const { kind, number, value, status } of view.claims) {
        if (status === 'final') expect(value).toBe(claimant.truth(kind, number));
      }
      return view;
    };

    for (let step = 0; step < STEPS; step++) {
      const view = await w.view();
      await puppets.step(view);
      if (random.below(12) === 0 && w.batches.length < 40) await w.post(1);
      if (random.below(6) === 0) {
        const number = 1n + BigInt(random.below(w.batches.length));
        const kind = puppets.pick(['diff', 'root'] as const)!;
        const value = claimant.truth(kind, number);
        await puppets.try(claimant.wallet, w.calls.claim(kind, number, w.hash(number), value, w.parameters.stake));
      }
      if (random.below(40) === 0) {
        await w.send(w.guardian, w.calls.pause());
        await w.advance(BigInt(random.below(400)));
        await puppets.step(view);
        await w.send(w.guardian, w.calls.unpause());
      }
      // A step is shorter than every clock, as "moves in time" says.
      await w.advance(BigInt(random.below(40)));
      await claimant.play();
      await challenger.watch();
      await challenger.play();
      const over = puppets.pick([...closed.values()]);
      if (over && random.below(5) === 0) {
        const { stateHash } = await w.game(over.id);
        expect(await puppets.try(puppets.someone(), w.calls.settle(over.id))).toBe(false);
        const owner = puppets.named(over.challenger) ?? challenger.wallet;
        expect(await puppets.try(owner, w.calls.answer(over.id, stateHash, true))).toBe(false);
      }
      if (step % 10 === 0) await check();
    }

    // Everybody's time is over; the honest challenger goes on to win what it has begun.
    for (let round = 0; round < 12; round++) {
      await w.advance(200n);
      await challenger.watch();
      await challenger.play();
      await claimant.play();
      for (const game of (await w.view()).games) {
        if (game.phase === 'decided') await w.send(w.carol, w.calls.settle(game.id));
      }
    }
    await w.advance(w.parameters.window);
    for (const { id, recorded } of (await w.view()).claims) if (!recorded) await w.send(w.carol, w.calls.resolve(id));
    const end = await check();
    expect(end.games.every(({ phase }) => phase === 'closed')).toBe(true);
    expect((await money()).locked).toBe(0n);

    const burned = (await money()).burned;
    let paidOut = 0n;
    for (const { address } of accounts) {
      const credit = await w.dispute.credit(address);
      const wallet = w.players.find(({ account }) => isAddressEqual(account.address, address))!;
      if (credit > 0n) await w.send(wallet, w.calls.withdraw(address, credit));
      paidOut += credit;
    }
    const held = (await money()).held;
    expect(held).toBe(burned);
    if (burned > 0n) await w.send(w.carol, w.calls.sendBurned());
    expect(await money()).toEqual({ held: 0n, credit: 0n, locked: 0n, burned: 0n });
    const outcomes = tally(end.games.map(({ outcome }) => outcome));
    const report = [
      `${puppets.moves} random moves`,
      `games: ${outcomes}`,
      `claims: ${tally(end.claims.map(({ status }) => status))}`,
      `paid ${paidOut}, burned ${burned}`,
      `refused: ${[...puppets.refusals].map(([name, count]) => `${name} ${count}`).join(', ')}`,
    ];
    console.info(`seed ${SEED}: ${report.join('; ')}`);
    for (const outcome of ['challengerWins', 'claimFell', 'claimantWins']) expect(outcomes).toContain(outcome);
  });
});
