import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../src/errors/base.js';
import { SoakError } from '../../src/errors/soak.js';
import { type Cheat, type L1View, openCheat } from './cheats.js';
import type { Audit } from './contracts.js';
import { Customers } from './customers.js';
import { drawPlan, SERVICES, type SoakPlan, type SoakSize } from './plan.js';
import { Weather } from './weather.js';
import { SoakWorld, type SoakWorldOptions } from './world.js';

/** Milliseconds between looks. */
const LOOK = 1_000;
/** Looks between words about how far it is. */
const SAID_EVERY = 10;
/** Seconds of L1 that pass with a look when the honest owe nothing: while batches are posted, and afterwards. */
const [WHILE_POSTING, AFTERWARDS] = [50, 500];
/** Looks in a row at which all must be over. */
const OVER_FOR = 5;

/** What a soak takes. */
export interface SoakOptions extends SoakWorldOptions, SoakSize {
  /** In which it must be over. */
  readonly minutes: number;
  readonly signal: AbortSignal;
}

/** What a soak says in the end. */
export interface SoakReport extends Audit {
  readonly faults: number;
  readonly settledAgainstCheater: number;
}

/**
 * Runs a sequencer and two challengers as separate processes on a bad L1, kills them, and cheats. Everything that is drawn follows from the
 * seed; what the processes do meanwhile does not.
 * @throws SoakError `SOAK_LATE`, `SOAK_SERVICE`
 */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const world = await SoakWorld.open(options);
  try {
    return await new Soak(world, options).run();
  } finally {
    await world.close();
  }
}

/** @throws SoakError `SOAK_FAILED` with the report as its details, when a line of it does not hold */
export function checkReport(report: SoakReport): void {
  const { faults, settledAgainstCheater: settled, moneyIn, moneyOut, ...zeros } = report;
  const broken = [
    ...(faults === settled ? [] : [`${settled} of ${faults} faults were settled against the cheater`]),
    ...(moneyIn === moneyOut ? [] : [`${moneyIn} wei came in, and ${moneyOut} are accounted for`]),
    ...Object.entries(zeros).flatMap(([name, count]) => (count === 0 ? [] : [`${name} is ${count}`])),
  ];
  if (broken.length === 0) return;
  throw new SoakError('SOAK_FAILED', `The soak has found something: ${broken.join('; ')}.`, {
    hint: 'The logs are in its folder; the same seed draws the same.',
    details: { ...report, moneyIn: `${moneyIn}`, moneyOut: `${moneyOut}` },
  });
}

class Soak {
  readonly #world: SoakWorld;
  readonly #options: SoakOptions;
  readonly #plan: SoakPlan;
  readonly #weather: Weather;
  readonly #customers: Customers;
  readonly #cheats: Cheat[] = [];
  readonly #busy = new Map<Cheat, Promise<void>>();
  readonly #kills = new Set<Promise<void>>();
  #due: { batch: number; happen: () => Promise<void> | void }[] = [];
  /** The highest batch that L1 ever had: what happens at a batch happens once. */
  #highest = 0n;

  constructor(world: SoakWorld, options: SoakOptions) {
    this.#world = world;
    this.#options = options;
    this.#plan = drawPlan(options);
    this.#weather = new Weather(world.contracts.reader);
    this.#customers = new Customers(world.door, world.genesis.signers, options.seed);
  }

  async run(): Promise<SoakReport> {
    const { services, contracts, truth } = this.#world;
    const { tell } = this.#options;
    await this.#prepare();
    try {
      await Promise.all(SERVICES.map((name) => services[name].start()));
      tell('all services work');
      const end = await this.#untilOver();
      await Promise.all(this.#kills);
      const unruly = await this.#world.stopServices();
      if (unruly.length > 0)
        throw new SoakError('SOAK_SERVICE', `Told to end, ${unruly.join(', ')} did not end with 0.`);
      await this.#world.takeAll();
      await this.#world.follower.follow((await contracts.view()).block);
      const settled = this.#cheats.filter((cheat) => cheat.hasLost(end));
      return { faults: this.#cheats.length, settledAgainstCheater: settled.length, ...(await contracts.audit(truth)) };
    } finally {
      await Promise.allSettled([...this.#busy.values(), ...this.#kills]);
      for (const cheat of this.#cheats) await cheat.close();
    }
  }

  async #prepare(): Promise<void> {
    const cheats = await this.#world.cheats();
    const { faults, kills, reorgs, fees } = this.#plan;
    const { tell } = this.#options;
    for (const { kind, batch } of faults) {
      const told = { ...cheats, tell: (text: string) => tell(`${kind}: ${text}`) };
      this.#cheats.push(await openCheat(told, kind, BigInt(batch)));
    }
    this.#due = [
      ...kills.map(({ batch, service, afterMs }) => ({ batch, happen: () => this.#kill(service, afterMs) })),
      ...reorgs.map(({ batch, depth, putBack }) => ({ batch, happen: () => this.#reorg(depth, putBack) })),
      ...fees.map(({ batch, gwei, blocks }) => ({
        batch,
        happen: () => {
          tell(`a gas costs ${gwei} gwei for ${blocks} blocks`);
          this.#weather.raiseFees(gwei, blocks);
        },
      })),
    ];
  }

  /** Looks until everything has happened, and all of it is decided. */
  async #untilOver(): Promise<L1View> {
    const { minutes, signal, tell } = this.#options;
    const end = Date.now() + 60_000 * minutes;
    for (let [look, over] = [0, 0]; ; look++) {
      signal.throwIfAborted();
      const began = Date.now();
      const view = await this.#look();
      over = view !== undefined && this.#isOver(view) ? over + 1 : 0;
      if (view !== undefined && over === OVER_FOR) return view;
      if (view !== undefined && look % SAID_EVERY === 0) tell(this.#words(view));
      if (Date.now() > end) {
        const open = view === undefined ? 'L1 was not read' : this.#words(view);
        throw new SoakError('SOAK_LATE', `The soak is not over after ${minutes} minutes: ${open}.`);
      }
      await sleep(Math.max(0, LOOK - (Date.now() - began)), undefined, { signal }).catch(() => undefined);
    }
  }

  /** One look, and all that is due at it; undefined when L1 was changed meanwhile. */
  async #look(): Promise<L1View | undefined> {
    const { contracts, follower } = this.#world;
    const { batches, tell } = this.#options;
    try {
      const view = await contracts.view();
      await follower.follow(view.block);
      if (view.latest > this.#highest) this.#highest = view.latest;
      for (const cheat of this.#cheats) this.#letCheat(cheat, view);
      if (view.latest < BigInt(batches)) void this.#customers.pay();
      const now = this.#due.filter(({ batch }) => BigInt(batch) <= this.#highest);
      this.#due = this.#due.filter((event) => !now.includes(event));
      for (const { happen } of now) await happen();
      const seconds = view.latest < BigInt(batches) ? WHILE_POSTING : AFTERWARDS;
      await this.#weather.tick(contracts.isOwed(view) ? 0 : seconds);
      return view;
    } catch (error) {
      tell(`look: ${messageOf(error)}`);
      return undefined;
    }
  }

  #letCheat(cheat: Cheat, view: L1View): void {
    if (this.#busy.has(cheat)) return;
    const running = cheat
      .tick(view)
      .catch((error: unknown) => this.#options.tell(`${cheat.kind}: ${messageOf(error).split('\n')[0]}`))
      .finally(() => this.#busy.delete(cheat));
    this.#busy.set(cheat, running);
  }

  #kill(name: (typeof SERVICES)[number], afterMs: number): void {
    const service = this.#world.services[name];
    const killing = sleep(afterMs).then(async () => {
      this.#options.tell(`kill -9: ${name}`);
      await service.kill(afterMs);
    });
    const kept = killing.finally(() => this.#kills.delete(kept));
    this.#kills.add(kept);
  }

  async #reorg(depth: number, putBack: boolean): Promise<void> {
    const count = await this.#weather.reorg(depth, putBack);
    this.#options.tell(`L1 reorg: ${depth} blocks, ${count} transactions ${putBack ? 'come later' : 'are lost'}`);
  }

  #isOver(view: L1View): boolean {
    const { batches } = this.#options;
    if (view.latest < BigInt(batches) || this.#due.length > 0 || this.#kills.size > 0) return false;
    return this.#world.contracts.isOver(view) && this.#cheats.every((cheat) => cheat.hasLost(view));
  }

  #words(view: L1View): string {
    const { contracts, services } = this.#world;
    const open = view.claims.filter(({ status }) => status === 'open').length;
    const running = view.games
      .filter(({ phase }) => phase !== 'closed' && phase !== 'decided')
      .map(({ id, phase }) => `${id} ${phase}`);
    const undecided = this.#cheats.filter((cheat) => !cheat.hasLost(view)).map(({ kind, batch }) => `${kind}@${batch}`);
    const exits = SERVICES.map((name) => `${name} ${services[name].kills} kills ${services[name].exits} exits`).join(
      ', ',
    );
    return (
      `batch ${view.latest}, ${open} of ${view.claims.length} claims open, ${view.games.length} games (${running.join(', ')}), ` +
      `${contracts.isOwed(view) ? 'a move is owed' : 'nothing is owed'}, last final root ${view.lastFinalRoot}; ${exits}; not settled: ${undecided.join(', ')}`
    );
  }
}
