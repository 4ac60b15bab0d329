import { type Block, createBlock } from '@ethereumjs/block';
import type { Common } from '@ethereumjs/common';
import { createAddressFromString } from '@ethereumjs/util';
import { fromHex } from '../../src/batch/bytes.js';
import type { Environment } from '../../src/batch/header.js';

/** The block of a batch's environment, for a VM that is put together without `BatchVm`: the other side of a comparison. */
export function ordinaryBlock(environment: Omit<Environment, 'version'>, common: Common): Block {
  const { number, timestamp, gasLimit, baseFee, feeRecipient, originHash } = environment;
  const header = {
    number,
    timestamp,
    gasLimit,
    baseFeePerGas: baseFee,
    coinbase: createAddressFromString(feeRecipient),
    mixHash: fromHex(originHash),
  };
  return createBlock({ header }, { common, skipConsensusFormatValidation: true });
}
