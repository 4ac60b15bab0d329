import { isHex, type PrivateKeyAccount } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { UsageError } from '../../src/errors/usage.js';
import { setting } from '../config/options.js';

/** For the help of commands that send transactions. */
export const ACCOUNT_HELP = '\nThe account that signs and pays is the private key in DELTAPROOF_PRIVATE_KEY.';

/** The account that signs and pays. @throws UsageError `USAGE_PRIVATE_KEY`, which does not show the key */
export function senderAccount(): PrivateKeyAccount {
  const key = setting(undefined, 'DELTAPROOF_PRIVATE_KEY', '');
  try {
    if (isHex(key) && key.length === 66) return privateKeyToAccount(key);
  } catch {
    // 0 or above the order of the curve: no key either.
  }
  throw new UsageError('USAGE_PRIVATE_KEY', 'DELTAPROOF_PRIVATE_KEY holds no private key.', {
    hint: 'It is 0x and 64 hex digits.',
  });
}
