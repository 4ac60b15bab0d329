import { Command } from 'commander';
import { RULES_V2 } from '../../../src/batch/rules.js';
import { deepCheck } from '../../node/deep-check.js';
import { L2Node } from '../../node/node.js';
import { checkStores, removeStores } from '../../node/stores.js';
import { assertStore } from '../explain/stores.js';
import { Output } from '../output.js';

interface DoctorOptions {
  readonly store: string;
  readonly deep?: boolean;
  readonly resync?: boolean;
  readonly json?: boolean;
}

/** `doctor`: whether a node's store is sound, and the way back when it is not. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description("check a node's store, while the node is stopped")
    .requiredOption('--store <folder>', 'folder of the node, in which "state" and "trie" stand')
    .option('--deep', 'everything: all batches, every account and slot against its leaf; else the newest batches')
    .option('--resync', 'remove both stores, so that the node reads every batch from L1 again when it is started')
    .option('--json', 'one JSON object on stdout')
    .action(doctor);
}

async function doctor({ store, deep = false, resync = false, json }: DoctorOptions): Promise<void> {
  const output = new Output(json === true);
  assertStore(store);
  if (resync) {
    await removeStores(store);
    output.result({ store, removed: true }, [`The stores in ${store} are removed: start the node, it reads L1 again.`]);
    return;
  }
  await checkStores(store);
  // The rules are asked for when batches are replayed, which nothing is here.
  const node = await L2Node.open({ path: store, rules: RULES_V2, merkle: { mode: 'off' } });
  try {
    const { head } = node;
    if (!deep) {
      output.result({ store, sound: true, deep, head }, [
        `${store}: newest batches up to ${head} are sound (--deep: all)`,
      ]);
      return;
    }
    const { batches, accounts, slots, codes, root } = await deepCheck(node);
    output.result({ store, sound: true, deep, head, batches, accounts, slots, codes, root }, [
      `${store}: sound. ${batches} batches, ${accounts} accounts, ${slots} slots, ${codes} codes, root ${root}`,
    ]);
  } finally {
    await node.close();
  }
}
