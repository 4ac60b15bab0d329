import { BYTES_OF_CODE, OPCODE_INFO } from '../batch/opcode-tables.js';
import { WORK } from '../batch/work.js';
import { LAYOUT, TAG_POWER, type TupleSpec } from './layout.js';

const HEADER = 'Generated from src/bus/layout.ts by src/bus/generate.ts. Do not edit.';
/** More parameters than this do not fit the EVM's stack: the Solidity function takes a memory array instead. */
const MAX_PARAMETERS = 12;
/** 5 r < 2^256. */
const MAX_SUMMANDS = 5;

/** Tuple kinds with their specs, in tag order. */
const KINDS: [string, TupleSpec][] = Object.entries(LAYOUT).sort(([, a], [, b]) => a.tag - b.tag);

/**
 * `layout.circom`: per kind a function `NAME()` with the tag and, per field, `NAME_field()` with its power of beta;
 * `TAGPOWER()`; `WORK_chip()`, the work of a row; and the columns of the opcode tables as arrays, `OPCODE_TABLE_op()`. All are
 * compile-time constants: `p[REF_trie()] * trie`, `REF() * p[TAGPOWER()]`.
 */
export function layoutCircom(): string {
  const lines = KINDS.map(([name, { tag, class: kind, fields }]) => {
    const powers = Object.entries(fields).map(([field, power]) => `function ${name}_${field}() { return ${power}; }`);
    return [
      `// ${name}: ${kind}, fields ${Object.keys(fields).join(' ')}`,
      `function ${name}() { return ${tag}; }`,
      ...powers,
    ].join('\n');
  });
  const work = Object.entries(WORK).map(([chip, units]) => `function WORK_${chip}() { return ${units}; }`);
  const parts = [
    `function TAGPOWER() { return ${TAG_POWER}; }`,
    ...lines,
    `// src/batch/work.ts\n${work.join('\n')}`,
    `// src/batch/opcode-tables.ts\n${[...arrays('OPCODE', BYTES_OF_CODE), ...arrays('OPINFO', OPCODE_INFO)].join('\n')}`,
  ];
  return `// ${HEADER}\npragma circom 2.2.0;\n\n${parts.join('\n\n')}\n`;
}

/** A table's columns as functions that return arrays. */
function arrays(name: string, rows: readonly Readonly<Record<string, bigint>>[]): string[] {
  return Object.keys(rows[0]!).map(
    (field) => `function ${name}_TABLE_${field}() { return [${rows.map((row) => row[field]).join(', ')}]; }`,
  );
}

/** `Layout.sol`: one function per kind that computes a fingerprint from a context of 33 words (alpha, beta^0..beta^31). */
export function layoutSolidity(): string {
  return `// SPDX-License-Identifier: MIT
// ${HEADER}
pragma solidity ^0.8.28;

/// Fingerprints of bus tuples: alpha + sum beta^power * value + beta^31 * tag mod r, as a number below 2^256 that need not be
/// reduced (five summands below r do not overflow, so only some sums are).
/// \`c\` points at a context (\`Bus\`): alpha, then beta^0 .. beta^31, all below r, and at RANK r itself, as a literal of 32 bytes in
/// every product would double the code. Values are below 2^256.
library Layout {
    uint256 internal constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    uint256 internal constant RANK = 0x460;

    // Where the power of beta that carries a field stands in the context, for loops over many tuples of one kind.
${KINDS.flatMap(([name, spec]) => solidityConstants(name, spec)).join('\n')}

${KINDS.map(([name, spec]) => solidityFunction(name, spec)).join('\n\n')}
}
`;
}

function solidityConstants(name: string, { fields }: TupleSpec): string[] {
  const constants = Object.entries(fields).map(([field, power]) => [`${name}_${field}`, hex(32 + 32 * power)]);
  return constants.map(([constant, offset]) => `    uint256 internal constant ${constant} = ${offset};`);
}

function solidityFunction(name: string, { tag, class: kind, fields }: TupleSpec): string {
  const entries = Object.entries(fields);
  const packed = entries.length > MAX_PARAMETERS;
  const value = (field: string, i: number) => (packed ? `mload(add(v, ${hex(32 * i)}))` : `${field}_`);
  const parameters = packed
    ? `uint256[${entries.length}] memory v`
    : entries.map(([field]) => `uint256 ${field}_`).join(', ');
  // alpha and the tag's product are two summands below r; before a sixth the sum is reduced, as it is for a bare value.
  let summands = 2;
  const terms = entries.map(([field, power], i) => {
    if (power === 0) {
      summands = 1;
      return `            f := addmod(f, ${value(field, i)}, r)`;
    }
    const product = `mulmod(mload(add(c, ${hex(32 + 32 * power)})), ${value(field, i)}, r)`;
    summands = summands === MAX_SUMMANDS ? 1 : summands + 1;
    return `            f := ${summands === 1 ? `addmod(f, ${product}, r)` : `add(f, ${product})`}`;
  });
  return `    /// ${name} (${kind}): ${entries.map(([field]) => field).join(' ')}
    function ${name}(uint256 c, ${parameters}) internal pure returns (uint256 f) {
        assembly ("memory-safe") {
            let r := mload(add(c, RANK))
            f := add(mload(c), mulmod(mload(add(c, ${hex(32 + 32 * TAG_POWER)})), ${tag}, r))
${terms.join('\n')}
        }
    }`;
}

function hex(n: number): string {
  return `0x${n.toString(16)}`;
}
