import { Fq } from './generated/fq';
import { Fr } from './generated/fr';
import { batchInverse, fromWords, toWords } from './prime';

export function fr_from_words(elements: usize, words: usize, n: u32): void {
  fromWords<Fr>(elements, words, n);
}

export function fr_to_words(words: usize, elements: usize, n: u32): void {
  toWords<Fr>(words, elements, n);
}

export function fr_batch_inverse(elements: usize, n: u32, scratch: usize): void {
  batchInverse<Fr>(elements, n, scratch);
}

export function fq_from_words(elements: usize, words: usize, n: u32): void {
  fromWords<Fq>(elements, words, n);
}

export function fq_to_words(words: usize, elements: usize, n: u32): void {
  toWords<Fq>(words, elements, n);
}
