import type { QueueEvent } from '../queue/events.js';
import { jobName } from './job-text.js';
import { toJson, writeAll } from './output.js';

/** Writes what a worker does to stderr, one line an event: words with the time of day, or JSON. */
export function queueLog(json: boolean): { tell(event: QueueEvent): void; warn(error: unknown): void } {
  const write = (value: object, text: string) => {
    const time = new Date().toISOString();
    writeAll(2, json ? `${toJson({ time, ...value })}\n` : `${time.slice(11, 19)} ${text}\n`);
  };
  let last = { text: '', at: 0 };
  return {
    tell: (event) => write(event, eventText(event)),
    warn: (error) => {
      const { name, message, code } = error as Error & { code?: string };
      const text = `${code ?? name}: ${message ?? error}`;
      // What goes wrong again and again is one fact a minute.
      if (text === last.text && Date.now() - last.at < 60_000) return;
      last = { text, at: Date.now() };
      write({ type: 'warning', code, message }, text);
    },
  };
}

function eventText(event: QueueEvent): string {
  switch (event.type) {
    case 'task': {
      const { stage, number, of, job, about, seconds, error } = event;
      const why = error === null ? '' : ` (${error.code}: ${error.message})`;
      return `${jobName({ id: job, about })}: ${stage} ${number}/${of} ${ENDS[event.end]} after ${seconds.toFixed(1)} s${why}`;
    }
    case 'paused':
      return `takes no tasks for ${event.seconds} s, as this machine lacks something: ${event.error.message}`;
    case 'away':
      return `Redis does not answer (${event.why}); what is done is kept`;
    case 'back':
      return `Redis is back after ${event.seconds.toFixed(0)} s`;
    case 'damaged':
      return `stored jobs that cannot be read are left out: ${event.jobs.join(', ')}`;
  }
}

const ENDS = {
  done: 'done',
  known: 'was known',
  again: 'failed, and is tried again,',
  handedBack: 'handed back',
  failed: 'failed for good',
  stopped: 'stopped',
} as const;
