/**
 * A map with nested checkpoints: `revert` undoes every write since the last open checkpoint, `commit` keeps them as
 * part of the one around it.
 */
export class JournaledMap<K, V> {
  readonly #map = new Map<K, V>();
  readonly #undo: { readonly key: K; readonly had: boolean; readonly value: V | undefined }[] = [];
  readonly #marks: number[] = [];

  get(key: K): V | undefined {
    return this.#map.get(key);
  }

  set(key: K, value: V): void {
    if (this.#marks.length > 0) this.#undo.push({ key, had: this.#map.has(key), value: this.#map.get(key) });
    this.#map.set(key, value);
  }

  entries(): IterableIterator<[K, V]> {
    return this.#map.entries();
  }

  checkpoint(): void {
    this.#marks.push(this.#undo.length);
  }

  commit(): void {
    this.#marks.pop();
    if (this.#marks.length === 0) this.#undo.length = 0;
  }

  revert(): void {
    const mark = this.#marks.pop() ?? 0;
    for (const { key, had, value } of this.#undo.splice(mark).reverse()) {
      if (had) this.#map.set(key, value as V);
      else this.#map.delete(key);
    }
  }
}
