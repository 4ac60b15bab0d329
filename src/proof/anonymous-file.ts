import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A file without a name, for a child process: only whoever holds its descriptor reads it, and it is gone with the last of these, also
 * when processes are killed. It had a name, readable by its owner alone in a folder of its own, while it was empty.
 */
export class AnonymousFile {
  readonly fd: number;

  private constructor(fd: number) {
    this.fd = fd;
  }

  static open(): AnonymousFile {
    const folder = mkdtempSync(join(tmpdir(), 'deltaproof-')); // mode 0700
    try {
      return new AnonymousFile(openSync(join(folder, 'file'), 'wx+', 0o600));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.fd, bytes, at, bytes.length - at, at);
  }

  /** All that is in it. */
  text(): string {
    const bytes = Buffer.alloc(fstatSync(this.fd).size);
    for (let at = 0; at < bytes.length; ) at += readSync(this.fd, bytes, at, bytes.length - at, at);
    return bytes.toString();
  }

  close(): void {
    closeSync(this.fd);
  }
}
