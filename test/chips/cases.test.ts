import { readdirSync } from 'node:fs';
import { OpcodeCases } from '../helpers/chips/opcode-cases.js';

const folder = new URL('./', import.meta.url);
for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
  if (!file.endsWith('/cases.ts')) continue;
  const exported: object = await import(new URL(file, folder).pathname);
  for (const one of Object.values(exported)) if (one instanceof OpcodeCases) one.describe();
}
