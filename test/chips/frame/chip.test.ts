import { frame } from '../../../src/chips/frame.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { begun, codeScene } from '../samples/frame.js';

describeChip(frame, {
  constraints: 74,
  rows: (random) =>
    [codeScene(random), codeScene(random)].map((scene) => {
      const row = begun(scene).frame;
      return { ...row, m: row.m.map(() => 1n + random.bits(20)) };
    }),
});
