import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { complaintsOf } from './circom-form.js';
import { packageRoot } from './package-root.js';

/** `npm run lint`: the form of the circuits, which no formatter knows. */
function main(): void {
  const folder = join(packageRoot(), 'circuits');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.circom') && !file.startsWith('generated'),
  );
  const found = files.sort().flatMap((file) => {
    return complaintsOf(readFileSync(join(folder, file), 'utf8')).map((what) => `circuits/${file}:${what}`);
  });
  for (const line of found) console.error(line);
  console.log(`${files.length} Circom files, ${found.length} complaints`);
  if (found.length > 0) process.exitCode = 1;
}

main();
