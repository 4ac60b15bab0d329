import { type Address, type Hex, keccak256, toHex } from 'viem';
import { type Account, type AccountAccess, EMPTY_ACCOUNT, EMPTY_CODE_HASH } from '../../../src/batch/types.js';
import type { GenesisAccount, SlotAccess } from '../../../src/trie/state.js';
import type { Random } from '../chips/random.js';

/** A flat state that random batches run on: the reference for state tries. */
export class RandomState {
  readonly #random: Random;
  readonly #names: number;
  readonly #accounts = new Map<Address, { account: Account; slots: Map<Hex, bigint> }>();

  /** `names`: how many addresses there are. */
  constructor(random: Random, names: number) {
    this.#random = random;
    this.#names = names;
  }

  /** The state as a genesis. */
  *flat(): Generator<GenesisAccount> {
    for (const [address, { account, slots }] of this.#accounts) yield { address, account, storage: slots };
  }

  /**
   * A random batch, already applied: accounts that appear, change, vanish with their storage, change in storage only, or
   * are only read, present and absent; likewise slots.
   */
  batch(): { accessList: AccountAccess[]; slots: Map<Address, SlotAccess[]> } {
    const random = this.#random;
    const accessList: AccountAccess[] = [];
    const slots = new Map<Address, SlotAccess[]>();
    for (let name = 0; name < this.#names; name++) {
      if (random.int(3) === 0) continue;
      const address = keccak256(toHex(`account ${name}`)).slice(0, 42) as Address;
      const state = this.#accounts.get(address) ?? { account: EMPTY_ACCOUNT, slots: new Map<Hex, bigint>() };
      const pre = state.account;
      const wipe = random.int(8) === 0;
      const quiet = !wipe && random.int(4) === 0;
      if (wipe) state.account = EMPTY_ACCOUNT;
      else if (!quiet && random.int(3) > 0) state.account = this.#changed(pre);
      const list = this.#slots(state.slots, wipe, quiet || state.account === EMPTY_ACCOUNT);
      this.#accounts.set(address, state);
      accessList.push({ address, pre, post: state.account });
      if (list.length > 0) slots.set(address, list);
    }
    accessList.sort((a, b) => (a.address < b.address ? -1 : 1));
    return { accessList, slots };
  }

  #changed({ nonce, balance, codeHash }: Account): Account {
    const random = this.#random;
    const code = random.int(4) === 0 ? keccak256(toHex(random.int(5))) : codeHash;
    return { nonce: nonce + BigInt(random.int(2)), balance: balance + 1n + random.bits(120), codeHash: code };
  }

  #slots(slots: Map<Hex, bigint>, wipe: boolean, quiet: boolean): SlotAccess[] {
    const random = this.#random;
    const list: SlotAccess[] = [];
    for (let number = 0; number < 8; number++) {
      const slot = toHex(number, { size: 32 });
      const pre = slots.get(slot) ?? 0n;
      if (random.int(5) < 3 && !(wipe && pre !== 0n)) continue;
      const post = wipe ? 0n : quiet || random.int(4) === 0 ? pre : random.int(3) === 0 ? 0n : 1n + random.bits(200);
      list.push({ slot, pre, post });
      if (post === 0n) slots.delete(slot);
      else slots.set(slot, post);
    }
    return list;
  }
}

/** An account with a nonce, and no code unless given. */
export function account(nonce: bigint, balance: bigint, codeHash: Hex = EMPTY_CODE_HASH): Account {
  return { nonce, balance, codeHash };
}
