// What the module exports: src/engine/kernel.ts says what each function takes and gives.
export { fq_apply, fr_apply } from './apply';
export { fq_from_words, fq_to_words, fr_batch_inverse, fr_from_words, fr_to_words } from './fields';
export { heap_base, init, stack_bytes } from './stack';
