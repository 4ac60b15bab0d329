/**
 * Where this instance keeps temporary elements. Several instances may share one memory, so each is given an area of its own: the
 * address is a WebAssembly global, of which every instance has one. Nothing else in memory is written but what a caller passed.
 */
export let stack: usize = 0;

/** Bytes of the area. */
export const STACK_BYTES: i32 = 8192;

/** Offsets into it, by who uses it: what calls another never shares its part. */
export namespace At {
  export const PRIME: usize = 0;
  export const QUADRATIC: usize = 1024;
  export const CURVE: usize = 2048;
  export const CALLER: usize = 4096;
  export const SOLVE: usize = 6144;
}

/** Takes {@link STACK_BYTES} bytes at an address, to be called once, before anything else. */
export function init(address: usize): void {
  stack = address;
}

/** Bytes that an instance may write to. */
export function stack_bytes(): i32 {
  return STACK_BYTES;
}

/** The first address behind the module's constants: below it, nothing may be written. */
export function heap_base(): usize {
  return __heap_base;
}
