/**
 * Gas and refund of an SSTORE, written after the text of EIP-2200 as EIP-2929 and EIP-3529 change it: questions in its order, no
 * formula. What rows say is tested against it.
 */
export function storeCost(orig: bigint, cur: bigint, next: bigint, cold: boolean): { gas: bigint; refund: bigint } {
  const access = cold ? 2100n : 0n;
  if (cur === next) return { gas: access + 100n, refund: 0n };
  let refund = 0n;
  if (orig === cur) {
    if (orig === 0n) return { gas: access + 20_000n, refund: 0n };
    if (next === 0n) refund += 4800n;
    return { gas: access + 2900n, refund };
  }
  if (orig !== 0n) {
    if (cur === 0n) refund -= 4800n;
    if (next === 0n) refund += 4800n;
  }
  if (orig === next) refund += orig === 0n ? 19_900n : 2800n;
  return { gas: access + 100n, refund };
}

/** Whether an SSTORE with this much gas runs out of it: the price, and EIP-2200's rule that 2300 is not enough. */
export function storeHalts(gas: bigint, price: bigint): boolean {
  return gas <= 2300n || gas < price;
}
