import { isHex, type PrivateKeyAccount } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { UsageError } from '../../src/errors/usage.js';
import { readTextFile } from './files.js';
import { KEYSTORE, openKeystore } from './keystore.js';
import type { Settings } from './settings.js';

/** The settings that say where an account's key is. */
export const KEY_SETTINGS = ['keystore', 'passwordFile', 'privateKeyFile'] as const;

/** What {@link accountOfSettings} asks for. */
export interface KeySources {
  readonly settings: Settings<(typeof KEY_SETTINGS)[number]>;
  /** DELTAPROOF_PRIVATE_KEY, the raw key. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asks a person for a password; absent when there is none to ask. */
  readonly prompt?: (question: string) => Promise<string>;
}

/**
 * The account that signs and pays: the key of the keystore, of the key file, else in DELTAPROOF_PRIVATE_KEY. No message shows a key.
 * @throws UsageError `USAGE_PRIVATE_KEY` (there is none, or more than one), `USAGE_KEYSTORE` (no keystore, or a wrong password), `USAGE_FILE`
 */
export async function accountOfSettings({ settings, env, prompt }: KeySources): Promise<PrivateKeyAccount> {
  const { keystore, passwordFile, privateKeyFile } = settings;
  const raw = env.DELTAPROOF_PRIVATE_KEY || undefined;
  if (keystore !== undefined && privateKeyFile !== undefined) {
    throw new UsageError('USAGE_PRIVATE_KEY', 'Both --keystore and --private-key-file name a key.', {
      hint: 'Give one.',
    });
  }
  if (keystore !== undefined) return fromKeystore(keystore, await passwordOf(keystore, passwordFile, prompt));
  if (privateKeyFile !== undefined) return fromRaw(readTextFile(privateKeyFile).trim(), privateKeyFile);
  return fromRaw(raw ?? '', 'DELTAPROOF_PRIVATE_KEY');
}

function fromRaw(key: string, where: string): PrivateKeyAccount {
  try {
    if (isHex(key) && key.length === 66) return privateKeyToAccount(key);
  } catch {
    // 0 or above the order of the curve: no key either.
  }
  throw new UsageError('USAGE_PRIVATE_KEY', `${where} holds no private key.`, {
    hint: 'It is 0x and 64 hex digits. Else give --keystore or --private-key-file.',
  });
}

async function fromKeystore(path: string, password: string): Promise<PrivateKeyAccount> {
  let content: unknown;
  try {
    content = JSON.parse(readTextFile(path));
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    content = undefined;
  }
  const parsed = KEYSTORE.safeParse(renamed(content));
  if (!parsed.success) {
    throw new UsageError('USAGE_KEYSTORE', `${path} is no keystore (V3 JSON with scrypt or pbkdf2).`, {
      hint: 'geth, ethers and "cast wallet import" write such files.',
    });
  }
  const key = await openKeystore(parsed.data, password);
  if (key === undefined) {
    throw new UsageError('USAGE_KEYSTORE', `The password does not open the keystore ${path}.`, {
      hint: 'Give the right one in --password-file, or correct what is typed.',
    });
  }
  return fromRaw(key, path);
}

/** ethers up to version 5 writes `Crypto`. */
function renamed(content: unknown): unknown {
  if (typeof content !== 'object' || content === null || !('Crypto' in content)) return content;
  const { Crypto, ...rest } = content;
  return { ...rest, crypto: Crypto };
}

async function passwordOf(keystore: string, file: string | undefined, prompt: KeySources['prompt']): Promise<string> {
  // Editors end a file with a line break; a password does not.
  if (file !== undefined) return readTextFile(file).replace(/\r?\n$/, '');
  if (prompt !== undefined) return prompt(`Password of ${keystore}: `);
  throw new UsageError(
    'USAGE_KEYSTORE',
    `The keystore ${keystore} has a password, and there is no terminal to ask for it.`,
    {
      hint: 'Give --password-file.',
    },
  );
}
