import { concat, type Hex, toHex } from 'viem';
import { commit } from '../../src/proof/commit.js';
import { shapeInputs } from '../../src/proof/shapes.js';
import type { CommitPayload } from '../queue/proof-pipeline.js';
import type { TaskContext } from '../worker/task.js';
import { engineOfProcess } from './engine.js';
import { keysOf } from './keys.js';
import { decodeRows, type Part } from './parts.js';

/** What one proof is bound by before the challenge: shape u8 ‖ D of its rows, in hexadecimal. */
export async function commitPart({ part }: CommitPayload, { artifacts, progress }: TaskContext): Promise<Hex> {
  const { shape, rows, ...keys } = part as unknown as Part;
  const engine = await engineOfProcess();
  try {
    const keyed = (await keysOf(keys, [shape], engine.reads.commit, progress)).shapes[shape]!;
    const D = await commit(keyed, shapeInputs(keyed.spec, decodeRows(await artifacts.get(rows))).cells, engine);
    return concat([toHex(shape, { size: 1 }), D]);
  } finally {
    await engine.close();
  }
}
