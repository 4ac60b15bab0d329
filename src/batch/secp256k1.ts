import { secp256k1Base64Bytes } from '@bitauth/libauth/build/lib/bin/secp256k1/secp256k1.base64.js';
import {
  CompressionFlag,
  ContextFlag,
  instantiateSecp256k1WasmBytes,
} from '@bitauth/libauth/build/lib/bin/secp256k1/secp256k1-wasm.js';

/**
 * libsecp256k1, the C library of Bitcoin, in WebAssembly: a key is recovered in a tenth of the time that JavaScript needs. By the
 * modules of that name alone, since the package's own entry starts five such programs and takes 0.2 s. Compiled when this module is
 * loaded (3 ms); the tables that recovery needs (10 ms) are made when a key is first asked for.
 */
const library = await instantiateSecp256k1WasmBytes(
  Uint8Array.from(Buffer.from(secp256k1Base64Bytes, 'base64')).buffer,
);

/** Places in the library's memory, in bytes; all the calls share them, as each ends before the next begins. */
interface Places {
  readonly context: number;
  /** 32 bytes: the message's hash. */
  readonly hash: number;
  /** 64 bytes: r and s, big-endian. */
  readonly compact: number;
  /** 65 bytes: the signature, as the library keeps it. */
  readonly signature: number;
  /** 64 bytes: the key, as the library keeps it. */
  readonly key: number;
  /** 65 bytes: 4, then x and y, big-endian. */
  readonly point: number;
  /** The length of `point`, a u32. */
  readonly length: number;
}

const POINT_BYTES = 65;
let places: Places | undefined;

/**
 * The public key (x and y, 64 bytes) that signed `hash` (32 bytes) by r and s (32 bytes each, big-endian); undefined when r or s is 0
 * or the group's order or more, no point of the curve has x = r, or the key would be the point at infinity. s above n/2 is
 * not refused. @param yParity of the point whose x is r
 */
export function recoverPublicKey(
  hash: Uint8Array,
  yParity: 0 | 1,
  r: Uint8Array,
  s: Uint8Array,
): Uint8Array | undefined {
  places ??= allocate();
  const { context, compact, signature, key, point, length } = places;
  const { heapU8, heapU32 } = library;
  heapU8.set(hash, places.hash);
  heapU8.set(r, compact);
  heapU8.set(s, compact + 32);
  if (library.recoverableSignatureParse(context, signature, compact, yParity) !== 1) return undefined;
  if (library.recover(context, key, signature, places.hash) !== 1) return undefined;
  heapU32[length >> 2] = POINT_BYTES;
  library.pubkeySerialize(context, point, length, key, CompressionFlag.UNCOMPRESSED);
  return heapU8.slice(point + 1, point + POINT_BYTES);
}

function allocate(): Places {
  const place = (bytes: number) => library.malloc(bytes);
  return {
    context: library.contextCreate(ContextFlag.VERIFY),
    hash: place(32),
    compact: place(64),
    signature: place(65),
    key: place(64),
    point: place(POINT_BYTES),
    length: place(4),
  };
}
