import { accountleaf } from '../../../src/chips/accountleaf.js';
import { poseidon } from '../../../src/engine/poseidon.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { pathOf, randomPlace, weight } from '../../helpers/trie/samples.js';

describeChip(accountleaf, {
  constraints: 423,
  mutations: 100,
  rows: (random) =>
    [true, false].map((updated) => {
      const { q, d } = randomPlace(random);
      const path = { head: pathOf(random, 62 - Number(d)), tail: random.bits(8) };
      const [balHi, balLo, codeHi, codeLo] = [128, 128, 128, 128].map((bits) => random.bits(bits));
      const fields = { nonce: random.bits(64), balHi: balHi!, balLo: balLo!, codeHi: codeHi!, codeLo: codeLo! };
      const S = random.field();
      const X = poseidon([path.head, path.tail, ...Object.values(fields), S]);
      const use = { s: updated ? weight(random) : 0n, e: 1n, en: 1n, mr: weight(random), ms: weight(random) };
      return { q, d, X, i: 1n + random.bits(8), ...path, ...fields, S, ...use };
    }),
});
