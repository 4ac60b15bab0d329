import { writeSync } from 'node:fs';

/** JSON text of a value; bigints become decimal strings, Maps and typed arrays are not used in results. */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? v.toString() : v), indent);
}

/** Where a command's words go: results to stdout, everything else to stderr. */
export class Output {
  private readonly started = Date.now();
  private openLine = false;
  private lastProgress = '';

  constructor(private readonly json: boolean) {}

  /** The command's result: one JSON object with `--json`, else the given lines. Written at once, so that an exit loses nothing. */
  result(value: unknown, lines: readonly string[]): void {
    this.endLine();
    writeAll(1, `${this.json ? toJson(value) : lines.join('\n')}\n`);
  }

  /** A step of the story, with the seconds since the start. */
  step(text: string): void {
    this.endLine();
    writeAll(2, `${this.clock()} ${text}\n`);
  }

  /** A fact that belongs to the last step. */
  detail(text: string): void {
    this.endLine();
    writeAll(2, `        ${text}\n`);
  }

  /** Progress within a step: rewritten in place on a terminal, shown elsewhere only when finished, once. */
  progress(what: string, done: number, total: number): void {
    const text = `        ${what} ${bar(done, total)} ${done}/${total}`;
    if (text === this.lastProgress) return;
    this.lastProgress = text;
    if (process.stderr.isTTY === true) {
      writeAll(2, `\r\x1b[2K${text}`);
      this.openLine = true;
    } else if (done === total) writeAll(2, `${text}\n`);
  }

  private endLine(): void {
    if (this.openLine) writeAll(2, '\n');
    this.openLine = false;
  }

  private clock(): string {
    return `${((Date.now() - this.started) / 1000).toFixed(1).padStart(6)}s`;
  }
}

function bar(done: number, total: number): string {
  const width = 24;
  const full = total === 0 ? width : Math.round((width * done) / total);
  return `[${'#'.repeat(full)}${'.'.repeat(width - full)}]`;
}

/** Writes everything to a file descriptor, even when the other end is a slow pipe; a closed pipe is no error of ours. */
export function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw error;
    }
  }
}
