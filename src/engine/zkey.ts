import { readSectionsOf } from '../build/binfile.js';
import { POINT } from './points.js';

/** Sections of a zkey by snarkjs' numbers; the commitment's is this project's own: its bases K, then [gamma2]_2. */
export const ZKEY_SECTION = { header: 2, ic: 3, A: 5, B1: 6, B2: 7, C: 8, H: 9, K: 20 } as const;

/** Where the header's numbers begin: after u32 32, q, u32 32, r. */
const NUMBERS = 72;

/** A zkey's header: sizes, and points as the file has them (Montgomery form by 2^256). */
export interface ZkeyHead {
  readonly wires: number;
  readonly publics: number;
  readonly domain: number;
  readonly alpha1: Buffer;
  readonly beta1: Buffer;
  readonly beta2: Buffer;
  readonly gamma2: Buffer;
  readonly delta1: Buffer;
  readonly delta2: Buffer;
}

/** Reads the header. @throws KeyError `KEY_FORMAT` */
export async function readZkeyHead(path: string): Promise<ZkeyHead> {
  const [header] = (await readSectionsOf(path, 'zkey', [ZKEY_SECTION.header])) as [Buffer];
  const u32 = (i: number) => header.readUInt32LE(NUMBERS + 4 * i);
  let at = NUMBERS + 12;
  const next = (bytes: number) => {
    at += bytes;
    return header.subarray(at - bytes, at);
  };
  return {
    ...{ wires: u32(0), publics: u32(1), domain: u32(2) },
    ...{ alpha1: next(POINT.g1), beta1: next(POINT.g1), beta2: next(POINT.g2) },
    ...{ gamma2: next(POINT.g2), delta1: next(POINT.g1), delta2: next(POINT.g2) },
  };
}
