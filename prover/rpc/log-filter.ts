import type { Address, Hex } from 'viem';
import type { BlockRef } from './block-ref.js';
import type { RangedCriteria } from './filters.js';
import type { LogCriteria } from './logs.js';
import { type Parameter, WrongParameter } from './method.js';
import { block, fixedHex, isObject } from './parameters.js';

const MAX_ALTERNATIVES = 1_000;
const MAX_TOPICS = 4;

/** The filter of eth_getLogs: blocks by number or tag, or one by hash. */
export const logFilter: Parameter<RangedCriteria> = {
  name: 'filter',
  parse(value) {
    if (!isObject(value)) throw new WrongParameter('must be an object');
    const { fromBlock, toBlock, blockHash, address, topics } = value;
    if (blockHash !== undefined && (fromBlock !== undefined || toBlock !== undefined)) {
      throw new WrongParameter('must not have blockHash beside fromBlock or toBlock');
    }
    const ref = (name: string, of: unknown): BlockRef => (of == null ? 'latest' : inField(name, () => block.parse(of)));
    const one = blockHash === undefined ? undefined : ref('blockHash', { blockHash });
    return {
      from: one ?? ref('fromBlock', fromBlock),
      to: one ?? ref('toBlock', toBlock),
      ...logCriteria({ address, topics }),
    };
  },
};

/** The filter of a subscription: events of any block to come. @throws WrongParameter */
export function logCriteria(value: unknown): LogCriteria {
  if (!isObject(value)) throw new WrongParameter('must be an object');
  const { address, topics } = value;
  return {
    addresses: address == null ? undefined : inField('address', () => oneOrMore<Address>(address, 20)),
    topics: topics == null ? [] : inField('topics', () => topicsOf(topics)),
  };
}

function topicsOf(value: unknown): (Hex[] | undefined)[] {
  if (!Array.isArray(value) || value.length > MAX_TOPICS) throw new WrongParameter('must be a list of at most 4');
  return (value as unknown[]).map((topic) => (topic == null ? undefined : oneOrMore<Hex>(topic, 32)));
}

function oneOrMore<T extends Hex>(value: unknown, length: number): T[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (list.length > MAX_ALTERNATIVES) throw new WrongParameter(`must have at most ${MAX_ALTERNATIVES} alternatives`);
  return list.map((item) => fixedHex(item, length) as T);
}

function inField<T>(name: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw error instanceof WrongParameter ? new WrongParameter(`has a field ${name} that ${error.message}`) : error;
  }
}
