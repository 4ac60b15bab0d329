import { expect, it } from 'vitest';
import { log } from '../../../src/chips/log.js';
import { OP } from '../../../src/evm/opcodes.js';
import { chipCircuit, show } from '../../helpers/chips/circuit.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';
import { withoutAll, wordFindings } from '../../helpers/chips/words/words.js';

describeChip(log, {
  exact: [
    { constraint: /expand\[3\] \+/, reason: "how far memory grows is EXPANSION's; pad says that it is far enough" },
  ],
  constraints: 103,
  rows: (random) => {
    const topics = (n: number) => Array.from({ length: n }, () => random.bits(256));
    const row = (n: number, offset: bigint, length: bigint) =>
      stepRow(log, random, OP.LOG0 + n, { stack: [...topics(n), length, offset], exec: { mem: 300n } });
    return [
      row(4, 320n * 32n + random.bits(6), 2n + random.bits(9)),
      row(4, 64n, 32n),
      row(3, 70n, 500n),
      row(1, random.bits(256), 0n),
      row(0, (1n << 27n) + 5n, 31n),
    ];
  },
});

it('gas below zero: without the limbs of the length the price is found to be unchecked, also without one of them', async () => {
  const circuit = await chipCircuit(log);
  const limbs = /\+ lower\[\d\] \+ 25|length\[0\].*lower/;
  const lines = circuit.constraints.map((_, i) => show(circuit, i)).filter((line) => limbs.test(line));
  expect(lines).toHaveLength(4);
  for (const one of [limbs, ...lines]) {
    expect(wordFindings(withoutAll(circuit, one))).toEqual([expect.stringMatching(/^change of EXEC\.gas: /)]);
  }
});
