import { describe, expect, it } from 'vitest';
import { haltText } from '../../src/evm/halt-text.js';
import { decodeRecord, encodeRecord, recordOf } from '../../src/state/record.js';
import { assemble } from '../helpers/assemble.js';
import { callCode, callOf, executedIn, NONCE, replayOn, stateWith } from '../helpers/code-world.js';

describe('a batch record', () => {
  it('keeps how code ended, its halt and its events, and reads back what it wrote', async () => {
    const code = assemble(
      'CALLVALUE PUSH1 0x06 JUMPI STOP STOP JUMPDEST PUSH0 PUSH0 LOG0 CALLDATASIZE PUSH1 0x0f JUMPI STOP JUMPDEST CALL',
    );
    const calls = [{}, { value: 1n }, { value: 1n, data: '0x00' as const }];
    const txs = await Promise.all(calls.map((call, i) => callOf({ nonce: NONCE + BigInt(i), ...call })));
    const { outcomes, replay, diffHash } = await replayOn(stateWith(code), [...txs, '0x']);
    const record = recordOf(replay.batch, outcomes, diffHash);
    const run = (i: number) => executedIn([outcomes[i]!]).run;
    expect(record.results).toEqual([
      { kind: 'executed', gasUsed: 21_000n + 15n, run: { end: 'ok', logs: [] } },
      { kind: 'executed', gasUsed: 21_000n + 410n, run: { end: 'ok', logs: run(1).logs } },
      {
        kind: 'executed',
        gasUsed: 100_000n,
        run: { end: 'halt', halt: { reason: 'uncovered', pc: 16, op: 0xf1 }, logs: [] },
      },
      { kind: 'bad', reason: 'empty item' },
    ]);
    expect(run(1).logs).toHaveLength(1);
    expect(decodeRecord(encodeRecord(record))).toEqual(record);
    expect(haltText(run(2).halt!)).toMatch(/^CALL at pc 16 halts: an opcode that this version does not cover/);
  });

  it('does not grow with the steps of the code', async () => {
    const { outcomes, replay, diffHash } = await callCode(assemble('JUMPDEST PUSH0 JUMP'));
    expect(executedIn(outcomes).run.steps.length).toBeGreaterThan(10_000);
    expect(encodeRecord(recordOf(replay.batch, outcomes, diffHash)).length).toBeLessThan(2_000);
  });
});
