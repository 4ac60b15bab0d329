/**
 * The newest batch that two chains have in common. Each batch names its parent, so what both have is a beginning.
 * @param differs number of a batch that they do not share; they share batch 0
 */
export async function lastCommon(differs: bigint, isCommon: (number: bigint) => Promise<boolean>): Promise<bigint> {
  let common = 0n;
  while (differs - common > 1n) {
    const middle = (common + differs) / 2n;
    if (await isCommon(middle)) common = middle;
    else differs = middle;
  }
  return common;
}
