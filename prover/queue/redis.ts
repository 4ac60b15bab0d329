import { Redis, type RedisOptions } from 'ioredis';

/**
 * A connection that can always be ended. ioredis, disconnected between two attempts to connect, neither says 'end' nor
 * rejects what is pending, and whoever waits for that (BullMQ's worker when it closes) waits for ever.
 */
export class EndableRedis extends Redis {
  override disconnect(reconnect = false): void {
    const between = this.status === 'reconnecting';
    super.disconnect(reconnect);
    if (!between || reconnect) return;
    // One more attempt leads to the end either way.
    this.connect().then(
      () => super.disconnect(),
      () => undefined,
    );
  }

  override duplicate(override: Partial<RedisOptions> = {}): EndableRedis {
    return new EndableRedis({ ...this.options, ...override });
  }
}
