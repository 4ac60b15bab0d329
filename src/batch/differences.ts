import type { Address, Hex } from 'viem';
import type { BlockAccessList } from './access-list.js';

/** What an access list says about something: that an account or slot is touched, or a value after an item. */
export interface Difference {
  readonly address: Address;
  readonly field: 'account' | 'nonce' | 'balance' | 'code' | 'slot' | 'slotRead';
  readonly slot?: Hex;
  /** 1 for the first item of the batch. */
  readonly index?: number;
  /** The announced value (decimal for nonces and balances, else 0x-hex), `touched` where there is none to name; absent when it is not announced. */
  readonly announced?: string;
  /** Likewise, of what execution produced. */
  readonly produced?: string;
}

/** How two access lists of one batch differ. */
export interface Differences {
  readonly count: number;
  /** The first of them, by address. */
  readonly first: readonly Difference[];
}

const TOUCHED = 'touched';

/** What the announced list says otherwise than the one that execution produced. @param most how many are named */
export function differences(announced: BlockAccessList, produced: BlockAccessList, most = 10): Differences {
  const [said, made] = [statements(announced), statements(produced)];
  const differing = [...new Set([...said.keys(), ...made.keys()])]
    .filter((name) => said.get(name)?.value !== made.get(name)?.value)
    .sort();
  const first = differing.slice(0, most).map((name): Difference => {
    const [a, b] = [said.get(name), made.get(name)];
    const { value: _, ...what } = (a ?? b)!;
    return { ...what, ...(a && { announced: a.value }), ...(b && { produced: b.value }) };
  });
  return { count: differing.length, first };
}

type Statement = Omit<Difference, 'announced' | 'produced'> & { readonly value: string };

/** All that a list says, under names that sort by account, field, slot and index. */
function statements(list: BlockAccessList): Map<string, Statement> {
  const all = new Map<string, Statement>();
  const note = (statement: Statement) => {
    const { address, field, slot = '', index = 0 } = statement;
    all.set([address, field, slot, String(index).padStart(10, '0')].join(' '), statement);
  };
  for (const { address, storageChanges, storageReads, balanceChanges, nonceChanges, codeChanges } of list) {
    note({ address, field: 'account', value: TOUCHED });
    for (const { index, value } of nonceChanges) note({ address, field: 'nonce', index, value: `${value}` });
    for (const { index, value } of balanceChanges) note({ address, field: 'balance', index, value: `${value}` });
    for (const { index, value } of codeChanges) note({ address, field: 'code', index, value });
    for (const slot of storageReads) note({ address, field: 'slotRead', slot, value: TOUCHED });
    for (const { slot, changes } of storageChanges) {
      for (const { index, value } of changes) note({ address, field: 'slot', slot, index, value: hexOf(value) });
    }
  }
  return all;
}

function hexOf(value: bigint): Hex {
  return `0x${value.toString(16)}`;
}
