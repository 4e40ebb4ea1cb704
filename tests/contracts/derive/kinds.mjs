// How the SDK writes, in types, what TypeScript has no word for.
import { ts } from './package.mjs';

export const TF = ts.TypeFlags;

/** `string & {}`: Stripe may add values to this enum. */
export const isOpenString = (type) =>
  type.isIntersection() && type.types.some((part) => part.flags & TF.String);

export const isDecimal = (type) =>
  type.isIntersection() && type.types.some((part) => part.symbol?.name === 'DecimalImpl');
