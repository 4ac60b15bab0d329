import { BatchError } from '../errors/batch.js';
import { byteLength } from './bytes.js';
import { txsHash } from './header.js';
import type { Batch, Header, Rules } from './types.js';

const U64: readonly (keyof Header)[] = ['number', 'timestamp', 'originNumber'];
const FIXED = ['version', 'baseFee', 'gasLimit'] as const;

/**
 * Checks that L1 would accept the batch under these rules as far as its own bytes decide it: the constants in the
 * header, widths, the limits on items and bytes, and txsHash. What depends on the chain (parent, time, origin) is not
 * looked at.
 * @throws BatchError `BATCH_WRONG_CHAIN`, `BATCH_RULES`, `BATCH_TXS_HASH`
 */
export function checkBatch({ header, txs }: Batch, rules: Rules): void {
  if (header.chainId !== rules.chainId) {
    const message = `The batch is for chain ${header.chainId}, these rules are for chain ${rules.chainId}.`;
    throw new BatchError('BATCH_WRONG_CHAIN', message, { hint: 'Use the batch of this chain.' });
  }
  for (const name of FIXED) {
    if (header[name] !== rules[name]) violated(`${name} is ${header[name]}, and ${rules[name]} in the rules`);
  }
  for (const name of U64) if (BigInt(header[name]) >= 2n ** 64n) violated(`${name} is not below 2^64`);
  if (header.number === 0n) violated('number is 0, which is the genesis');
  const bytes = txs.reduce((sum, tx) => sum + byteLength(tx), 0);
  if (txs.length > rules.maxItems) violated(`it has ${txs.length} transactions, above ${rules.maxItems}`);
  if (bytes > rules.maxBytes) violated(`its transactions have ${bytes} bytes, above ${rules.maxBytes}`);
  const expected = txsHash(txs);
  if (header.txsHash !== expected) {
    const message = `The header of batch ${header.number} names txsHash ${header.txsHash}, its transactions have ${expected}.`;
    throw new BatchError('BATCH_TXS_HASH', message, { hint: 'The transactions are not those of this header.' });
  }
}

function violated(what: string): never {
  throw new BatchError('BATCH_RULES', `The batch does not follow its version's rules: ${what}.`);
}
