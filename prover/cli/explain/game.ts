import { BaseError } from 'viem';
import { L1Error } from '../../../src/errors/l1.js';
import { type Game, readGame } from '../../explain/game.js';
import { connectL1, failed, isNoAnswer } from '../l1.js';
import type { AskedGame } from './inputs.js';

/** A game with the chain that it is on. */
export type GameOnL1 = Game & { readonly chainId: number };

/**
 * Reads the game that is asked for.
 * @throws DisputeError `DISPUTE_NO_GAME`; L1Error `L1_UNREACHABLE`, `L1_NO_DISPUTE`, `L1_REFUSED`; UsageError `USAGE_L1`
 */
export async function readAskedGame({ l1, dispute, id }: AskedGame): Promise<GameOnL1> {
  const { reader, chain, url } = await connectL1(l1);
  const code = await reader.getCode({ address: dispute }).catch((error: unknown) => failed(url, error));
  if (code === undefined || code === '0x') throw noDispute(`${dispute} has no code on chain ${chain.id}`);
  try {
    return { ...(await readGame(reader, dispute, id)), chainId: chain.id };
  } catch (error) {
    if (!(error instanceof BaseError)) throw error;
    if (error.walk(isNoAnswer) !== null) throw noDispute(`The contract ${dispute} on chain ${chain.id} is no Dispute`);
    return failed(url, error);
  }
}

function noDispute(what: string): L1Error {
  return new L1Error('L1_NO_DISPUTE', `${what}.`, {
    hint: "Give the address of the Dispute contract: the Rollup's dispute() names it.",
  });
}
