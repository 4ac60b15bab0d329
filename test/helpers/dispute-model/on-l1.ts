import { encodeAbiParameters, type Hex, keccak256, zeroAddress } from 'viem';
import type { L1Call } from '../../../src/l1/send-call.js';
import { MODE_NUMBER } from '../../../src/proof/transcript.js';
import { type DisputeWorld, f, fakeBundle } from '../dispute-world.js';
import type { Troupe } from '../troupe.js';
import { type Claim, type Game, type Model, slotKey } from './model.js';
import type { Move } from './moves.js';
import { positionOf } from './position.js';

const STALE: Hex = `0x${'5e'.repeat(32)}`;
const hashOf = (types: readonly string[], values: readonly unknown[]): Hex =>
  keccak256(
    encodeAbiParameters(
      types.map((type) => ({ type })),
      values,
    ),
  );

/** The moves of a {@link Model} as calls of a troupe, with the hashes that L1 asks for made from the model. */
export class OnL1 {
  constructor(
    readonly world: DisputeWorld,
    readonly troupe: Troupe,
  ) {}

  claimHash(m: Model, c: Claim | undefined): Hex {
    if (c === undefined) return STALE;
    const claimant = this.troupe.actors[m.stakes[c.stake]!.owner]!;
    return hashOf(
      ['uint256', 'uint8', 'uint64', 'uint256', 'address', 'bytes32'],
      [BigInt(c.id), MODE_NUMBER[c.kind], c.number, c.value, claimant, this.world.hash(c.number)],
    );
  }

  stateHash(m: Model, g: Game | undefined): Hex {
    if (g === undefined) return STALE;
    const { index, root } = positionOf(m, g);
    const challenger = this.troupe.actors[g.challenger] ?? zeroAddress;
    const baseRoot = m.finals.get(slotKey('root', g.base))!;
    const claimHash = this.claimHash(m, m.claims[g.claim]);
    return hashOf(
      ['bytes32', 'uint256', 'address', 'uint64', 'uint256', 'uint256', 'uint64', 'uint64', 'uint64', 'uint256'],
      [claimHash, BigInt(g.id), challenger, g.base, baseRoot, g.preRoot, g.lo, g.hi, index, root],
    );
  }

  /** The call of a move in the state of `m`. */
  call(m: Model, move: Move): L1Call {
    const { calls, hash } = this.world;
    switch (move.type) {
      case 'deposit':
        return calls.deposit(move.amount);
      case 'withdraw':
        return calls.withdraw(this.troupe.actors[move.by]!, move.amount);
      case 'stake':
        return calls.stake();
      case 'unstake':
        return calls.unstake();
      case 'sendBurned':
        return calls.sendBurned();
      case 'closePurses':
        return calls.closePurses(BigInt(move.stake));
      case 'claim':
        return calls.claim(move.kind, move.number, hash(move.number), move.value);
      case 'resolve':
        return calls.resolve(move.claims.map(BigInt));
      case 'state': {
        const claimHash = move.stale ? STALE : this.claimHash(m, m.claims[move.claim]);
        return calls.state(BigInt(move.claim), claimHash, move.indices, move.roots);
      }
      case 'challenge': {
        const claimHash = move.stale ? STALE : this.claimHash(m, m.claims[move.claim]);
        return calls.challenge(BigInt(move.claim), claimHash, move.preRoot);
      }
      case 'answer':
        return calls.answer(BigInt(move.game), move.stale ? STALE : this.stateHash(m, m.games[move.game]), move.agree);
      case 'settle':
        return calls.settle(BigInt(move.game));
      case 'reimburse':
        return calls.reimburse(BigInt(move.game));
      case 'prove': {
        const { number, preRoot, mode } = move;
        const payee = this.troupe.actors[move.payee]!;
        const bundle = fakeBundle(this.world, number, preRoot, mode, f(hash(number), preRoot, mode), payee);
        return calls.prove(bundle, move.games.map(BigInt));
      }
      case 'finalizeProven':
        return calls.finalizeProven(move.kind, move.number);
    }
  }
}
