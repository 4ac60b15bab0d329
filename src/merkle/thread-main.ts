/** The thread that keeps the tries: a {@link LocalMerkleiser} that is called by messages. Started by thread.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { serializeError } from '../errors/base.js';
import { ForeignError } from '../errors/queue.js';
import type { GenesisAccount } from '../trie/state.js';
import { LocalMerkleiser } from './local.js';
import type { Answer, ClonedAccount, Request, ThreadData } from './messages.js';
import { NodeStore } from './node-store.js';
import { ParallelUpdater } from './update.js';

const port = parentPort!;
const { folder, hashThreads, firstTicket, released } = workerData as ThreadData;
const send = (answer: Answer) => port.postMessage(answer);

let merkleiser: Promise<LocalMerkleiser> | undefined;
const opened = () => {
  merkleiser ??= NodeStore.open(folder).then(
    (store) => new LocalMerkleiser(store, new ParallelUpdater({ threads: hashThreads }), { firstTicket, released }),
    (error: unknown) => {
      // Another process may leave the folder before the next call.
      merkleiser = undefined;
      throw error;
    },
  );
  return merkleiser;
};

/** Where the next accounts of a build go, by the build's id. */
const asked = new Map<number, { resolve(accounts: readonly ClonedAccount[]): void; reject(error: unknown): void }>();

async function* accountsOf(id: number): AsyncGenerator<GenesisAccount> {
  for (;;) {
    const accounts = await new Promise<readonly ClonedAccount[]>((resolve, reject) => {
      asked.set(id, { resolve, reject });
      send({ id, more: true });
    });
    if (accounts.length === 0) return;
    yield* accounts;
  }
}

async function call(request: Request): Promise<void> {
  const { id } = request;
  if (request.method === 'accounts') return asked.get(id)?.resolve(request.accounts);
  if (request.method === 'noAccounts') return asked.get(id)?.reject(new ForeignError(request.error));
  try {
    if (request.method === 'close' && merkleiser === undefined) return send({ id, result: undefined });
    const local = await opened();
    const result = await (() => {
      if (request.method === 'close') return local.close();
      if (request.method === 'build') return local.build(request.name, accountsOf(id));
      return (local[request.method] as (...args: readonly unknown[]) => Promise<unknown>)(...request.args);
    })();
    asked.delete(id);
    send({ id, result });
  } catch (error) {
    asked.delete(id);
    send({ id, error: serializeError(error) });
  } finally {
    if (request.method === 'close') port.close();
  }
}

port.on('message', (request: Request) => void call(request));
