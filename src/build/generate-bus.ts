import { MAX_CODE_BYTES } from '../batch/genesis.js';
import { LAYOUT, PLACES, TAG_POWER, type TupleSpec } from '../bus/layout.js';
import { PRICES } from '../evm/gas.js';
import { BYTES_OF_CODE, MEMORY_OPCODES, OPCODE_INFO } from '../evm/opcode-tables.js';
import { OPCODES } from '../evm/opcodes.js';
import { WORK } from '../evm/work.js';

const HEADER = 'Generated from src/bus/layout.ts by src/build/generate-bus.ts. Do not edit.';
/** More parameters than this do not fit the EVM's stack: the Solidity function takes a memory array instead. */
const MAX_PARAMETERS = 12;
/** 5 r < 2^256. */
const MAX_SUMMANDS = 5;
/** Address of the bus's context in memory, above all that is there when the bus is opened. */
const CONTEXT = 0x1000;

/** Tuple kinds with their specs, in tag order. */
const KINDS: [string, TupleSpec][] = Object.entries(LAYOUT).sort(([, a], [, b]) => a.tag - b.tag);

/**
 * `layout.circom`: per kind a function `NAME()` with the tag and, per field, `NAME_field()` with its power of beta;
 * `TAGPOWER()`; `PLACE_memory()` and the other kinds of {@link PLACES}; `OP_ADD()` and `GAS_ADD()`, number and constant gas of every covered opcode, `GAS_coldSlot()` and the other prices;
 * `WORK_name()`, units of work; and the columns of the opcode tables as arrays, `OPINFO_TABLE_gas()`. All are
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
  const work = Object.entries(WORK).map(([name, units]) => `function WORK_${name}() { return ${units}; }`);
  const opcodes = Object.entries(OPCODES).map(
    ([op, opcode]) =>
      `function OP_${opcode!.name}() { return ${op}; }\nfunction GAS_${opcode!.name}() { return ${opcode!.gas}; }`,
  );
  const prices = Object.entries(PRICES).map(([name, gas]) => `function GAS_${name}() { return ${gas}; }`);
  const tables = [
    ...arrays('BYTE', BYTES_OF_CODE),
    ...arrays('OPINFO', OPCODE_INFO),
    `function MEMOP_TABLE() { return ${MEMORY_OPCODES.length}; }`,
    ...arrays('MEMOP', MEMORY_OPCODES),
  ];
  const parts = [
    `function TAGPOWER() { return ${TAG_POWER}; }`,
    Object.entries(PLACES)
      .map(([name, kind]) => `function PLACE_${name}() { return ${kind}; }`)
      .join('\n'),
    ...lines,
    `// src/evm/opcodes.ts\n${opcodes.join('\n')}`,
    `// src/evm/gas.ts\n${prices.join('\n')}`,
    `// src/evm/work.ts\n${work.join('\n')}`,
    `// src/batch/genesis.ts\nfunction MAX_CODE_BYTES() { return ${MAX_CODE_BYTES}; }`,
    `// src/evm/opcode-tables.ts\n${tables.join('\n')}`,
  ];
  return `// ${HEADER}\npragma circom 2.2.0;\n\n${parts.join('\n\n')}\n`;
}

/** A table's columns as functions that return arrays. */
function arrays(name: string, rows: readonly Readonly<Record<string, bigint>>[]): string[] {
  return Object.keys(rows[0]!).map(
    (field) => `function ${name}_TABLE_${field}() { return [${rows.map((row) => row[field]).join(', ')}]; }`,
  );
}

/**
 * `Layout.sol`: constants, and one function per kind that computes a fingerprint. They read the challenge from a fixed place in
 * memory (`CONTEXT`), as an address that is known costs half of what one in a variable does.
 */
export function layoutSolidity(): string {
  return `// SPDX-License-Identifier: MIT
// ${HEADER}
pragma solidity ^0.8.28;

// The bus's context in memory (\`Bus\`): alpha, beta^0 .. beta^31, the order r of the field, num, den. All but r are below r.
uint256 constant CONTEXT = ${hex(CONTEXT)};
uint256 constant CONTEXT_END = ${hex(CONTEXT + 36 * 32)};
uint256 constant ALPHA = ${hex(CONTEXT)};
uint256 constant POWERS = ${hex(powerAt(0))};
uint256 constant TAG = ${hex(powerAt(TAG_POWER))};
uint256 constant RANK = ${hex(CONTEXT + 33 * 32)};
uint256 constant NUM = ${hex(CONTEXT + 34 * 32)};
uint256 constant DEN = ${hex(CONTEXT + 35 * 32)};

// For fingerprints that are put together by hand (\`Bus.part\`): tags, and where a field's power of beta stands.
${KINDS.flatMap(([name, spec]) => solidityConstants(name, spec)).join('\n')}

/// Fingerprints of bus tuples: alpha + sum beta^power * value + beta^31 * tag mod r, as a number below 2^256 that need not be
/// reduced (five summands below r do not overflow, so only some sums are). Values are below 2^256. r is read from memory, as a
/// literal of 32 bytes in every product would double the code.
library Layout {
${KINDS.map(([name, spec]) => solidityFunction(name, spec)).join('\n\n')}
}
`;
}

/** Where a power of beta stands in the context. */
function powerAt(power: number): number {
  return CONTEXT + 32 + 32 * power;
}

function solidityConstants(name: string, { tag, fields }: TupleSpec): string[] {
  const powers = Object.entries(fields).map(([field, power]) => `${name}_${field} = ${hex(powerAt(power))}`);
  return [`TAG_${name} = ${tag}`, ...powers].map((constant) => `uint256 constant ${constant};`);
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
    const product = `mulmod(mload(${hex(powerAt(power))}), ${value(field, i)}, r)`;
    summands = summands === MAX_SUMMANDS ? 1 : summands + 1;
    return `            f := ${summands === 1 ? `addmod(f, ${product}, r)` : `add(f, ${product})`}`;
  });
  return `    /// ${name} (${kind}): ${entries.map(([field]) => field).join(' ')}
    function ${name}(${parameters}) internal pure returns (uint256 f) {
        assembly ("memory-safe") {
            let r := mload(RANK)
            f := add(mload(ALPHA), mulmod(mload(TAG), ${tag}, r))
${terms.join('\n')}
        }
    }`;
}

function hex(n: number): string {
  return `0x${n.toString(16)}`;
}
