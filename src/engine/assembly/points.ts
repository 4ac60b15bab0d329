import { convert } from './coordinate';
import { Fq } from './generated/fq';

export function g1_pack(out: usize, plain: usize, n: u32): void {
  convert(out, plain, 2 * n, changetype<Fq>(0).toMontgomery);
}

export function g2_pack(out: usize, plain: usize, n: u32): void {
  convert(out, plain, 4 * n, changetype<Fq>(0).toMontgomery);
}

export function g1_unpack(plain: usize, packed: usize, n: u32): void {
  convert(plain, packed, 2 * n, changetype<Fq>(0).plainOne);
}

export function g2_unpack(plain: usize, packed: usize, n: u32): void {
  convert(plain, packed, 4 * n, changetype<Fq>(0).plainOne);
}

export function g1_from_montgomery256(out: usize, from: usize, n: u32): void {
  convert(out, from, 2 * n, changetype<Fq>(0).from256);
}

export function g2_from_montgomery256(out: usize, from: usize, n: u32): void {
  convert(out, from, 4 * n, changetype<Fq>(0).from256);
}

export function g1_to_montgomery256(out: usize, packed: usize, n: u32): void {
  convert(out, packed, 2 * n, changetype<Fq>(0).to256);
}

export function g2_to_montgomery256(out: usize, packed: usize, n: u32): void {
  convert(out, packed, 4 * n, changetype<Fq>(0).to256);
}
