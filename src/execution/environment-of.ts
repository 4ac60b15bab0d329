import { type Environment, ZERO_WORD } from '../batch/header.js';
import type { Rules } from '../batch/types.js';
import type { FlatState } from '../state/flat-state.js';

/** What code that is only tried sees of its batch: the one with this number, which is known; the genesis has none, so zeros. */
export async function environmentOf(
  state: Pick<FlatState, 'batch'>,
  number: bigint,
  { version, gasLimit, baseFee, chainId }: Rules,
): Promise<Environment> {
  if (number > 0n) return (await state.batch(number)).batch.header;
  return {
    ...{ version, gasLimit, baseFee, chainId, number },
    ...{ parent: ZERO_WORD, originHash: ZERO_WORD, timestamp: 0n, originNumber: 0n },
    feeRecipient: `0x${'00'.repeat(20)}`,
  };
}
