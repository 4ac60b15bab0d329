import { cellend } from '../../../src/chips/cellend.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';

describeChip(cellend, {
  constraints: 15,
  rows: (random) =>
    [0n, 1n].map((flags) => ({
      en: 1n,
      ts: 2n + random.bits(36),
      addr: random.bits(160),
      nonce: 2n + random.bits(60),
      balHi: 2n + random.bits(120),
      balLo: 2n + random.bits(120),
      codeHi: 2n + random.bits(120),
      codeLo: 2n + random.bits(120),
      tx: 2n + random.bits(10),
      warm: 1n,
      birth: 2n + random.bits(10),
      flags,
    })),
});
