import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Action } from '../fixtures/queue/tasks.js';

/** One start of one scripted task. */
export interface Visit {
  readonly job: string;
  /** Stage, with the part's index where there are several: `trace`, `commit.0`. */
  readonly name: string;
  readonly pid: number;
  /** 1 for the first start of this task. */
  readonly attempt: number;
  readonly tell: (action: Action) => void;
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
}

/** What a task is told at its start; undefined leaves it waiting for `tell`. */
export type Script = (name: string, attempt: number, job: string) => Action | undefined;

/** The test's end of all scripted tasks (`test/fixtures/queue/tasks.ts`): sees every start and every end as it happens. */
export class Control {
  readonly visits: Visit[] = [];
  script: Script = () => ({ do: 'ok' });
  /** Most tasks alive at one time so far. */
  peak = 0;
  #alive = 0;
  readonly #server: Server;
  readonly #waiting = new Set<() => void>();

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => this.#serve(socket));
  }

  static async open(): Promise<Control> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Control(server);
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  /** Names in the order of their starts, of one job or of all. */
  starts(job?: string): string[] {
    return this.visits.filter((visit) => job === undefined || visit.job === job).map(({ name }) => name);
  }

  /** The nth start of a task, as soon as it happens. */
  visit(name: string, attempt = 1, job?: string): Promise<Visit> {
    const is = (visit: Visit) => visit.name === name && visit.attempt === attempt && (job ?? visit.job) === visit.job;
    return this.#soon(() => this.visits.find(is));
  }

  /** The start of whatever task starts as number `index`, from 0. */
  arrival(index: number): Promise<Visit> {
    return this.#soon(() => this.visits[index]);
  }

  close(): void {
    this.#server.close();
  }

  async #soon(find: () => Visit | undefined): Promise<Visit> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  #serve(socket: Socket): void {
    let end: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.peak = Math.max(this.peak, ++this.#alive);
    socket.on('error', () => undefined); // a killed process; 'close' follows
    socket.on('close', () => {
      this.#alive--;
      end();
    });
    const lines = createInterface({ input: socket });
    lines.on('error', () => undefined); // it repeats the socket's
    lines.once('line', (line) => {
      const { job, name, pid } = JSON.parse(line) as { job: string; name: string; pid: number };
      const attempt = this.visits.filter((visit) => visit.job === job && visit.name === name).length + 1;
      const tell = (action: Action) => void socket.write(`${JSON.stringify(action)}\n`);
      this.visits.push({ job, name, pid, attempt, tell, gone });
      const action = this.script(name, attempt, job);
      if (action !== undefined) tell(action);
      for (const wake of this.#waiting) wake();
      this.#waiting.clear();
    });
  }
}
