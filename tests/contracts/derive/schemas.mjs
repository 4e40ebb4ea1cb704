// TypeScript types as JSON schemas, in the dialect of Stripe's spec3.json.
import path from 'node:path';

import { isDecimal, isOpenString, TF } from './kinds.mjs';
import { ts } from './package.mjs';
import { unionSchema } from './unions.mjs';

const OPAQUE = new Set(['Buffer', 'Uint8Array', 'FileData']);
const LISTS = new Set(['ApiList', 'ApiSearchResult']);

export class Schemas {
  byName = {};
  names = new Map(); // symbol -> name in byName
  building = []; // parameter types under way: they are inlined and may refer to themselves

  constructor({ checker, root }) {
    this.checker = checker;
    this.root = root;
  }

  /** `param` true: the shape of a request parameter, inlined; false: of a response, by reference. */
  of(type, param) {
    return type.isUnion() ? unionSchema(this, type, param) : this.#single(type, param);
  }

  listOf(type, { search }) {
    const element = this.checker.getTypeArguments(type)[0];
    const properties = {
      data: { type: 'array', items: this.of(element, false) },
      has_more: { type: 'boolean' },
      object: { type: 'string', enum: [search ? 'search_result' : 'list'] },
      url: { type: 'string' },
    };
    if (search) {
      properties.next_page = { type: 'string', nullable: true };
      properties.total_count = { type: 'number' };
    }
    return {
      type: 'object',
      required: ['data', 'has_more', 'object', 'url'],
      properties,
      'x-expandableFields': ['data'],
    };
  }

  literal(type, property) {
    const symbol = type.getProperty?.(property);
    if (!symbol) return null;
    const found = this.checker.getTypeOfSymbol(symbol);
    return found.isStringLiteral?.() ? found.value : null;
  }

  #single(type, param) {
    return scalarSchema(this.checker, type) ?? this.#composite(type, param);
  }

  #composite(type, param) {
    if (type.isIntersection()) {
      const inner = type.types.find((part) => !part.getProperty('lastResponse'));
      return this.of(inner ?? type.types[0], param);
    }
    if (this.checker.isArrayType(type)) {
      return { type: 'array', items: this.of(this.checker.getTypeArguments(type)[0], param) };
    }
    const generic = type.target?.symbol?.name;
    if (LISTS.has(generic)) return this.listOf(type, { search: generic === 'ApiSearchResult' });
    const anonymous = type.aliasSymbol && type.symbol?.name === '__type';
    const symbol = anonymous ? type.aliasSymbol : type.symbol;
    if (OPAQUE.has(symbol?.name)) return {};
    if (param) return this.#inlined(type);
    return isNamed(symbol) ? this.#reference(type, symbol) : this.#object(type, false);
  }

  #inlined(type) {
    if (this.building.includes(type)) return { type: 'object' };
    this.building.push(type);
    try {
      return this.#object(type, true);
    } finally {
      this.building.pop();
    }
  }

  #reference(type, symbol) {
    const name = this.#nameFor(type, symbol);
    if (this.byName[name] === undefined) {
      this.byName[name] = null; // taken before it is built: objects refer to each other
      this.byName[name] = this.#object(type, false);
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  #object(type, param) {
    const schema = { type: 'object', properties: {} };
    const required = [];
    const expandable = [];
    for (const property of this.checker.getPropertiesOfType(type)) {
      if (property.name === 'lastResponse' || property.name.startsWith('__')) continue;
      const found = this.checker.getTypeOfSymbol(property);
      if (isNothing(found)) continue;
      const inner = this.of(found, param);
      schema.properties[property.name] = inner;
      if (inner['x-expansionResources']) expandable.push(property.name);
      if (!(property.flags & ts.SymbolFlags.Optional)) required.push(property.name);
    }
    const index =
      this.checker.getIndexInfoOfType(type, 0) ?? this.checker.getIndexInfosOfType(type)[0];
    if (index) schema.additionalProperties = this.of(index.type, param);
    else if (param) schema.additionalProperties = false;
    if (required.length) schema.required = required.sort();
    if (!param) this.#describeResource(schema, type, expandable);
    return schema;
  }

  #describeResource(schema, type, expandable) {
    const object = this.literal(type, 'object');
    if (object && object !== 'list') schema['x-resourceId'] = deletedPrefix(type.symbol) + object;
    if (object || expandable.length) schema['x-expandableFields'] = expandable;
  }

  #nameFor(type, symbol) {
    if (this.names.has(symbol)) return this.names.get(symbol);
    const { file, chain } = this.#placeOf(symbol);
    const object = this.literal(type, 'object');
    const plain = object && chain.length === 1 && !symbol.name.endsWith('Event');
    let name = plain
      ? deletedPrefix(symbol) + object
      : `${file.split('/').join('.')}__${chain.join('.')}`.replace(/[^A-Za-z0-9_.]/g, '_');
    while (this.byName[name] !== undefined) name += '_';
    this.names.set(symbol, name);
    return name;
  }

  #placeOf(symbol) {
    const declaration = symbol.declarations?.[0];
    let file = '';
    if (declaration) {
      const from = path.relative(this.root, declaration.getSourceFile().fileName);
      file = from.replace(/\.d\.ts$/, '');
      if (file.startsWith('..')) file = path.basename(file);
    }
    const chain = [symbol.name];
    for (let node = declaration?.parent; node; node = node.parent) {
      if (ts.isModuleDeclaration(node)) chain.unshift(node.name.text);
    }
    return { file, chain };
  }
}

export function errorSchema() {
  const text = { type: 'string' };
  const types = [
    'api_error',
    'card_error',
    'idempotency_error',
    'invalid_request_error',
    'temporary_session_expired',
    'authentication_error',
    'rate_limit_error',
  ];
  const error = {
    type: 'object',
    required: ['type'],
    properties: {
      type: { type: 'string', enum: types },
      code: text,
      message: text,
      param: { type: 'string', nullable: true },
      decline_code: text,
      doc_url: text,
      request_log_url: text,
    },
  };
  return { type: 'object', required: ['error'], properties: { error } };
}

function scalarSchema(checker, type) {
  if (type.flags & (TF.Any | TF.Unknown)) return {};
  if (type.isStringLiteral()) return { type: 'string', enum: [type.value] };
  if (type.flags & TF.BooleanLiteral) {
    return { type: 'boolean', enum: [checker.typeToString(type) === 'true'] };
  }
  if (type.isNumberLiteral()) return { type: 'number', enum: [type.value] };
  if (type.flags & (TF.String | TF.TemplateLiteral)) return { type: 'string' };
  if (type.flags & TF.Number) return { type: 'number' };
  if (type.flags & TF.Boolean) return { type: 'boolean' };
  if (type.flags & TF.Null) return { nullable: true };
  if (isDecimal(type)) return { type: 'string', format: 'decimal' };
  return isOpenString(type) ? { type: 'string' } : null;
}

function isNamed(symbol) {
  const declared = (node) => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
  return symbol && symbol.name !== '__type' && symbol.declarations?.some(declared);
}

/** `deleted?: void` is how the SDK says that a field is never there. */
function isNothing(type) {
  if (type.flags & TF.Void) return true;
  return type.isUnion() && type.types.every((part) => part.flags & (TF.Void | TF.Undefined));
}

const deletedPrefix = (symbol) => (symbol?.name.startsWith('Deleted') ? 'deleted_' : '');
