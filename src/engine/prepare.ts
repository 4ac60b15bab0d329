import { join } from 'node:path';
import { type Artifact, type ArtifactStore, changed, hashFile, NOT_BUILT, type WriteFile } from '../build/artifacts.js';
import { readSectionsOf } from '../build/binfile.js';
import { type R1cs, readR1cs } from '../build/r1cs.js';
import { KeyError } from '../errors/proof.js';
import { Kernel } from './kernel.js';
import { planOf } from './plan.js';
import { writePlan } from './plan-file.js';
import { type Group, POINT } from './points.js';
import {
  type KeyNames,
  listBytes,
  PART_HEAD,
  PARTS,
  type PartName,
  PREPARED,
  preparedAddress,
} from './prepared-key.js';
import { readZkeyHead, ZKEY_SECTION } from './zkey.js';

/**
 * Makes the prepared key of a zkey and the r1cs that it is for, unless the cache has it. Some seconds for 2^18 constraints.
 * @throws ArtifactError `ARTIFACT_CHANGED` when a file is not the one that is named, or not there; KeyError `KEY_FORMAT` when they do not belong together; CircuitError `CIRCUIT_UNSOLVED`
 */
export function prepareKey(
  names: KeyNames,
  paths: { readonly zkey: string; readonly r1cs: string },
  store: ArtifactStore,
): Promise<Artifact> {
  return store.build(PREPARED, preparedAddress(names), async (folder, write) => {
    try {
      const r1cs = await readR1cs(paths.r1cs);
      await write(join(folder, 'plan'), [writePlan(planOf(r1cs))]);
      await writePoints(paths.zkey, r1cs, folder, write);
    } finally {
      // Behind what was read of them; also where that was not to be made sense of.
      await assertHash(paths.zkey, names.zkeyHash);
      await assertHash(paths.r1cs, names.r1csHash);
    }
    return {};
  });
}

async function assertHash(path: string, expected: string): Promise<void> {
  if ((await hashFile(path)) !== expected) throw changed(path, NOT_BUILT);
}

async function writePoints(zkey: string, { wires, publics }: R1cs, folder: string, write: WriteFile): Promise<void> {
  const kernel = new Kernel();
  const head = await readZkeyHead(zkey);
  if (head.wires !== wires || head.publics !== publics) {
    const counts = `${head.wires} wires, ${head.publics} public, not ${wires} and ${publics}`;
    throw new KeyError('KEY_FORMAT', `${zkey} is the key of another circuit: it has ${counts}.`);
  }
  const inG2 = packed(kernel, 'g2', Buffer.concat([head.beta2, head.delta2]));
  await write(join(folder, 'head'), [packed(kernel, 'g1', head.alpha1), inG2]);
  for (const [name, { group, ofWires }] of Object.entries(PARTS)) {
    const size = POINT[group];
    const [section] = (await readSectionsOf(zkey, 'zkey', [ZKEY_SECTION[name as PartName]])) as [Buffer];
    const points = name === 'K' ? section.subarray(0, section.length - POINT.g2) : section;
    const kept = ofWires ? finite(points, size) : undefined;
    const count = kept?.length ?? points.length / size;
    const list = Buffer.alloc(PART_HEAD + (kept === undefined ? 0 : listBytes(count)));
    list.writeUInt32LE(count);
    // Section C begins with the first wire that is not public.
    const first = name === 'C' ? publics + 1 : 0;
    for (const [i, wire] of kept?.entries() ?? []) list.writeUInt32LE(first + wire, PART_HEAD + 4 * i);
    await write(join(folder, name), [list, packed(kernel, group, kept ? selected(points, size, kept) : points)]);
  }
}

/** Numbers of the points that are not infinity. */
function finite(points: Buffer, size: number): readonly number[] {
  const found: number[] = [];
  for (let i = 0; i < points.length / size; i++) {
    for (let at = i * size; at < (i + 1) * size; at += 8) {
      if (points.readUInt32LE(at) === 0 && points.readUInt32LE(at + 4) === 0) continue;
      found.push(i);
      break;
    }
  }
  return found;
}

function selected(points: Buffer, size: number, kept: readonly number[]): Buffer {
  const result = Buffer.allocUnsafe(kept.length * size);
  for (const [i, from] of kept.entries()) points.copy(result, i * size, from * size, (from + 1) * size);
  return result;
}

/** Points of a zkey in the kernel's form. */
function packed(kernel: Kernel, group: Group, points: Buffer): Buffer {
  const mark = kernel.mark();
  const at = kernel.put(points);
  kernel.call[`${group}_from_montgomery256`](at, at, points.length / POINT[group]);
  const result = Buffer.from(kernel.view(at, points.length));
  kernel.release(mark);
  return result;
}
