import type { FileHandle } from 'node:fs/promises';
import { KeyError } from '../errors/proof.js';
import { openBuilt } from './artifacts.js';

/** Where a section of an iden3 binary file (r1cs, zkey, wtns) stands. */
export interface Section {
  readonly offset: number;
  readonly length: number;
}

const MAX_SECTIONS = 64;

/** The sections of an iden3 binary file by id, read from its 12-byte section headers only. */
export async function readSections(file: FileHandle, magic: string): Promise<Map<number, Section>> {
  const head = await readAt(file, 0, 12);
  const count = head.readUInt32LE(8);
  if (head.toString('latin1', 0, 4) !== magic || count > MAX_SECTIONS) {
    throw new KeyError('KEY_FORMAT', `Not a ${magic} file.`);
  }
  const sections = new Map<number, Section>();
  let at = 12;
  for (let i = 0; i < count; i++) {
    const header = await readAt(file, at, 12);
    const length = Number(header.readBigUInt64LE(4));
    sections.set(header.readUInt32LE(0), { offset: at + 12, length });
    at += 12 + length;
  }
  return sections;
}

/** Exactly `length` bytes at `offset`. */
async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw new KeyError('KEY_FORMAT', `The file ends ${length - done} bytes too early.`);
    done += bytesRead;
  }
  return bytes;
}

/** The first `length` bytes of a section. @throws KeyError `KEY_FORMAT`; ArtifactError `ARTIFACT_CHANGED` when there is no such file */
export async function readHeadOf(path: string, magic: string, id: number, length: number): Promise<Buffer> {
  const file = await openBuilt(path);
  try {
    const section = (await readSections(file, magic)).get(id);
    if (section === undefined || section.length < length) {
      throw new KeyError('KEY_FORMAT', `${path} has no section ${id} of ${length} bytes.`);
    }
    return await readAt(file, section.offset, length);
  } finally {
    await file.close();
  }
}

/** The bytes of some sections of a file, in the order of `ids`. @throws as {@link readHeadOf} */
export async function readSectionsOf(path: string, magic: string, ids: readonly number[]): Promise<Buffer[]> {
  const file = await openBuilt(path);
  try {
    const sections = await readSections(file, magic);
    const result: Buffer[] = [];
    for (const id of ids) {
      const section = sections.get(id);
      if (section === undefined) throw new KeyError('KEY_FORMAT', `${path} has no section ${id}.`);
      result.push(await readAt(file, section.offset, section.length));
    }
    return result;
  } finally {
    await file.close();
  }
}
