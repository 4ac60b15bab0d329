// What the module exports: src/engine/kernel.ts says what each function takes and gives.
export { fq_apply, fr_apply } from './apply';
export { fr_quotient, fr_quotient_scratch } from './fft';
export { fq_from_words, fq_to_words, fr_batch_inverse, fr_from_words, fr_to_words } from './fields';
export { fr_halve } from './halves';
export { g1_msm, g1_msm_scratch, g2_msm, g2_msm_scratch } from './msm';
export {
  g1_multiples,
  g1_multiples_scratch,
  g1_table,
  g1_table_bytes,
  g2_multiples,
  g2_multiples_scratch,
  g2_table,
  g2_table_bytes,
} from './multiples';
export {
  g1_from_montgomery256,
  g1_pack,
  g1_to_montgomery256,
  g1_unpack,
  g2_from_montgomery256,
  g2_pack,
  g2_to_montgomery256,
  g2_unpack,
} from './points';
export { fr_poseidon } from './poseidon';
export { fr_combine, fr_evaluate, fr_lagrange } from './qap';
export { plan_check, plan_run, plan_use } from './solve';
export { heap_base, init, stack_bytes } from './stack';
