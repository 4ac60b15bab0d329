import { concat, type Hex } from 'viem';

/** PUSH1 11 MSIZE DUP2 CODESIZE SUB DUP1 SWAP3 MSIZE CODECOPY RETURN: returns what follows these bytes. */
const RETURN_REST: Hex = '0x600b5981380380925939f3';

/**
 * Creation code of an L1 contract whose code is `code`, byte for byte: tables may then name its address instead of carrying the
 * bytes (FORMATS.md, "Tables", codes). L1 takes no code that starts with 0xef and none above 24,576 bytes.
 */
export function codeContract(code: Hex): Hex {
  return concat([RETURN_REST, code]);
}
