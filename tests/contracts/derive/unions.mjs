// Unions: nullable, enums (closed, open, emptyable), expandable ids, alternatives.
import { isDecimal, isOpenString, TF } from './kinds.mjs';

export function unionSchema(schemas, type, param) {
  const parts = sorted(schemas, type, param);
  const variants = variantsOf(parts);
  const nullable = parts.nullable && !param;
  if (variants.length === 1) return nullable ? asNullable(variants[0]) : variants[0];
  const schema = { anyOf: variants };
  if (nullable) schema.nullable = true;
  const references = variants.filter((variant) => variant.$ref);
  const expandable = parts.text && references.length === variants.length - 1;
  if (!param && expandable && references.length) {
    schema['x-expansionResources'] = { oneOf: references };
  }
  return schema;
}

function sorted(schemas, type, param) {
  const parts = { nullable: false, open: false, text: false, flag: false };
  Object.assign(parts, { words: [], numbers: [], others: [] });
  for (const part of type.types) {
    if (part.flags & (TF.Undefined | TF.Void)) continue;
    if (part.flags & TF.Null) parts.nullable = true;
    else if (part.isStringLiteral()) parts.words.push(part.value);
    else if (part.isNumberLiteral()) parts.numbers.push(part.value);
    else if (part.flags & TF.BooleanLiteral) parts.flag = true;
    else if (isDecimal(part)) parts.others.push({ type: 'string', format: 'decimal' });
    else if (isOpenString(part)) parts.open = true;
    else if (part.flags & TF.String) parts.text = true;
    else parts.others.push(schemas.of(part, param));
  }
  return parts;
}

function variantsOf({ words, numbers, others, open, text, flag }) {
  const variants = [...others];
  if (flag) variants.unshift({ type: 'boolean' });
  if (numbers.length) variants.push({ type: 'number', enum: numbers });
  // Emptyable<T> is null | "" | T: over the wire only "" exists in a form body.
  const emptyable = words.includes('');
  const values = words.filter((word) => word !== '');
  if (text) variants.unshift({ type: 'string' });
  else if (values.length) variants.unshift(enumSchema(values, { emptyable, open }));
  else if (open) variants.unshift({ type: 'string' });
  if (emptyable && !text && !values.length) variants.push({ type: 'string', enum: [''] });
  return variants;
}

function enumSchema(values, { emptyable, open }) {
  const schema = { type: 'string', enum: emptyable ? ['', ...values] : values };
  if (open) schema['x-stripeBypassValidation'] = true;
  return schema;
}

const asNullable = (schema) =>
  schema.$ref ? { anyOf: [schema], nullable: true } : { ...schema, nullable: true };
