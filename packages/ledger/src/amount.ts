/** A quantity in the asset's smallest unit (cents for euros, hundredths for hours). Never negative. */
export type Amount = bigint & { readonly unit: 'minor' }

/** The largest amount, and the largest total supply of an asset: 2^53 - 1 minor units, so that JSON keeps it exact. */
export const AMOUNT_MAX = 9_007_199_254_740_991n

export const ZERO = 0n as Amount

/** True for a whole number of minor units from 0 to `AMOUNT_MAX`. */
export function isAmount(value: bigint): value is Amount {
  return value >= 0n && value <= AMOUNT_MAX
}

/** Adds amounts. Range: the sum is not checked here; `post` asserts every balance that it writes. */
export function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n)
}

/** amount * multiplier / divisor, rounded down. Range: none below zero, divisor above; the product may be of any size. */
export function mulDivFloor(amount: bigint, multiplier: bigint, divisor: bigint): bigint {
  return (amount * multiplier) / divisor
}
