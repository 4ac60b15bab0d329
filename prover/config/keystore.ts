import { createDecipheriv, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { scryptAsync } from '@noble/hashes/scrypt.js';
import { type Hex, keccak256, toHex } from 'viem';
import { z } from 'zod';

const hex = (bytes?: number) =>
  z
    .string()
    .regex(bytes === undefined ? /^([0-9a-f]{2})+$/i : new RegExp(`^[0-9a-f]{${2 * bytes}}$`, 'i'))
    .transform((text) => Buffer.from(text, 'hex'));
const upTo = (most: number) => z.number().int().min(1).max(most);

/** What a key function takes is bounded, so that no file can take a process's memory (1 GiB) or hours. */
const salted = { salt: hex(), dklen: z.literal(32) };
const sealed = {
  cipher: z.literal('aes-128-ctr'),
  cipherparams: z.looseObject({ iv: hex(16) }),
  ciphertext: hex(32),
  mac: hex(32),
};
const scrypted = z.looseObject({
  ...sealed,
  kdf: z.literal('scrypt'),
  kdfparams: z
    .looseObject({ ...salted, n: upTo(2 ** 22), r: upTo(64), p: upTo(64) })
    .refine(({ n, r }) => n > 1 && Number.isInteger(Math.log2(n)) && 128 * n * r <= 2 ** 30),
});
const stretched = z.looseObject({
  ...sealed,
  kdf: z.literal('pbkdf2'),
  kdfparams: z.looseObject({ ...salted, c: upTo(10_000_000), prf: z.literal('hmac-sha256').optional() }),
});
const secret = z.discriminatedUnion('kdf', [scrypted, stretched]);

/** Web3 Secret Storage, version 3: what geth, ethers and `cast wallet import` write. */
export const KEYSTORE = z.looseObject({ version: z.literal(3), crypto: secret });

type Keystore = z.output<typeof KEYSTORE>;

/** The private key in a keystore; undefined when the password is not its own. */
export async function openKeystore({ crypto }: Keystore, password: string): Promise<Hex | undefined> {
  const derived = await derivedKey(crypto, Buffer.from(password.normalize('NFKC'), 'utf8'));
  if (keccak256(Buffer.concat([derived.subarray(16), crypto.ciphertext])) !== toHex(crypto.mac)) return undefined;
  const cipher = createDecipheriv('aes-128-ctr', derived.subarray(0, 16), crypto.cipherparams.iv);
  return toHex(Buffer.concat([cipher.update(crypto.ciphertext), cipher.final()]));
}

async function derivedKey(crypto: Keystore['crypto'], password: Buffer): Promise<Buffer> {
  if (crypto.kdf === 'pbkdf2') {
    const { salt, c } = crypto.kdfparams;
    return promisify(pbkdf2)(password, salt, c, 32, 'sha256');
  }
  // OpenSSL, and with it Node, refuses what many tools write: r = 1 with n above 2^15.
  const { salt, n: N, r, p } = crypto.kdfparams;
  return Buffer.from(await scryptAsync(password, salt, { N, r, p, dkLen: 32, maxmem: 2 * 128 * r * (N + p) }));
}
