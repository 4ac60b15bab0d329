import { messageOf } from '../../src/errors/base.js';
import type { NodeEvent } from '../node/node.js';
import { differenceLines } from './announcement.js';

/** What a node tells about its roots, in words. */
export function rootWords(event: NodeEvent): string[] {
  switch (event.type) {
    case 'root': {
      const { number, ahead, merged, hashes, ms } = event;
      const how = ahead
        ? 'made beside execution'
        : merged > 1n
          ? `made of ${merged} batches merged`
          : 'made after execution';
      return [`root after batch ${number} ${how}: ${hashes} hashes, ${ms.toFixed(0)} ms`];
    }
    case 'rootFailed':
      return [`no root: ${messageOf(event.error)}`];
    case 'announcementDiffers':
      return [
        `the announcement of batch ${event.number} does not count. ${event.why}`,
        ...differenceLines(event.differences),
      ];
  }
}
