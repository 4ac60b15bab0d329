import pino, { type DestinationStream } from 'pino';
import { programVersion } from '../config/version.js';
import type { Log } from '../services/log.js';
import { writeAll } from './output.js';

/** A service's log on stderr: text on a terminal, else a JSON object a line. */
export function openLog(service: string, form: 'auto' | 'text' | 'json'): Log {
  const text = form === 'text' || (form === 'auto' && process.stderr.isTTY === true);
  const stream: DestinationStream = { write: (line) => writeAll(2, text ? `${lineOf(line)}\n` : line) };
  const base = { service, pid: process.pid, version: programVersion() };
  return pino(
    { base, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } },
    stream,
  );
}

/** `14:03:22 WARN challenges claim=3 batch=2`. */
function lineOf(json: string): string {
  const { time, level, msg, service: _, pid: __, version: ___, ...facts } = JSON.parse(json) as Record<string, unknown>;
  const words = Object.entries(facts).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return [String(time).slice(11, 19), String(level).toUpperCase().padEnd(5), msg, ...words].join(' ');
}
