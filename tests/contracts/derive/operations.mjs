// The calls of the API: path and verb from each method's body, shapes from its signature.
import fs from 'node:fs';

import { ts } from './package.mjs';

/** The part of the API that sells access. */
const BILLING = new RegExp(
  '^/v1/(' +
    [
      'customers|products|prices|plans|coupons|promotion_codes|checkout|subscriptions',
      'subscription_items|subscription_schedules|invoices|invoiceitems|invoice_payments',
      'invoice_rendering_templates|payment_intents|payment_methods|payment_method_configurations',
      'payment_links|setup_attempts|setup_intents|refunds|charges|credit_notes|disputes|billing|billing_portal',
      'entitlements|events|webhook_endpoints|test_helpers/test_clocks|tax|tax_rates|tax_ids',
      'tax_codes|quotes|account|customer_sessions|balance|balance_transactions|shipping_rates',
    ].join('|') +
    ')(/|$)',
);
const FORM = 'application/x-www-form-urlencoded';
const NOTHING = { type: 'object', properties: {}, additionalProperties: false };

export function operationsOf(pkg, schemas) {
  const paths = {};
  for (const file of pkg.files) {
    const script = fs.readFileSync(file.replace(/\.d\.ts$/, '.js'), 'utf8');
    ts.forEachChild(pkg.program.getSourceFile(file), (node) => {
      if (!ts.isClassDeclaration(node) || !node.name?.text.endsWith('Resource')) return;
      addResource(paths, schemas, node, bodyOf(script, node.name.text));
    });
  }
  return paths;
}

function bodyOf(script, className) {
  const from = script.slice(script.indexOf(`class ${className} extends`));
  const end = from.search(/\nexports\.|\n}\n(?=class |exports)/);
  return end > 0 ? from.slice(0, end) : from;
}

function addResource(paths, schemas, node, body) {
  for (const member of node.members) {
    if (!ts.isMethodDeclaration(member)) continue;
    const call = callOf(body, member.name.getText());
    if (!call || !BILLING.test(call.url)) continue;
    const operation = describe(schemas, member, call);
    const same = Object.keys(paths).find((known) => shape(known) === shape(call.url));
    const place = (paths[same ?? call.url] ??= {});
    place[call.verb] ??= { ...operation(same ?? call.url), 'x-sdk': sdkName(node, member) };
  }
}

/** @returns {{verb: string, url: string} | null} null for a method that makes no call */
function callOf(body, method) {
  const at = body.search(new RegExp(`\\n    ${method}\\(`));
  if (at < 0) return null;
  const made = /_makeRequest\(\s*'([A-Z]+)',\s*(['`])(.*?)\2/s.exec(body.slice(at));
  if (!made) return null;
  const url = made[3].replace(
    /\$\{encodeURIComponent\((\w+)\)\}|\$\{(\w+)\}/g,
    (_, encoded, plain) => `{${encoded || plain}}`,
  );
  return { verb: made[1].toLowerCase(), url };
}

function describe(schemas, member, { verb, url }) {
  const signature = schemas.checker.getSignatureFromDeclaration(member);
  const response = responseOf(schemas, signature, url);
  const taken = parametersOf(schemas, signature);
  return (known) => {
    const inPath = [...known.matchAll(/\{(\w+)\}/g)].map(([, name]) => pathParameter(name));
    const inQuery = verb === 'get' ? queryParameters(taken) : [];
    return {
      operationId: operationId(verb, url),
      parameters: [...inPath, ...inQuery],
      requestBody: requestBody(verb === 'get' ? NOTHING : taken),
      responses: {
        200: answer('Successful response.', response),
        default: answer('Error response.', { $ref: '#/components/schemas/error' }),
      },
    };
  };
}

function responseOf(schemas, signature, url) {
  const { checker } = schemas;
  const returned = checker.getReturnTypeOfSignature(signature);
  const name = (returned.target?.symbol ?? returned.symbol)?.name;
  if (name === 'ApiListPromise' || name === 'ApiSearchResultPromise') {
    const list = schemas.listOf(returned, { search: name === 'ApiSearchResultPromise' });
    list.properties.url.pattern = `^${url.replace(/\{\w+\}/g, '[^/]+')}`;
    return list;
  }
  let type = checker.getTypeArguments(returned)[0];
  if (type?.aliasSymbol?.name === 'Response' && type.aliasTypeArguments?.length) {
    type = type.aliasTypeArguments[0];
  }
  const schema = type ? schemas.of(type, false) : {};
  return schema.anyOf ? { anyOf: schema.anyOf } : schema;
}

function parametersOf(schemas, signature) {
  const params = signature.parameters.findLast((symbol) => symbol.name === 'params');
  if (!params) return NOTHING;
  const type = schemas.checker.getNonNullableType(schemas.checker.getTypeOfSymbol(params));
  const schema = schemas.of(type, true);
  return schema.$ref ? schemas.byName[schema.$ref.split('/').pop()] : schema;
}

const pathParameter = (name) => ({
  name,
  in: 'path',
  required: true,
  style: 'simple',
  schema: { type: 'string' },
});

function queryParameters({ properties, required = [] }) {
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    style: 'deepObject',
    explode: true,
    schema,
  }));
}

function requestBody(schema) {
  const names = Object.keys(schema.properties ?? {});
  const encoding = Object.fromEntries(
    names.map((name) => [name, { style: 'deepObject', explode: true }]),
  );
  return { required: Boolean(schema.required?.length), content: { [FORM]: { encoding, schema } } };
}

const answer = (description, schema) => ({
  description,
  content: { 'application/json': { schema } },
});

const shape = (url) => url.replace(/\{\w+\}/g, '{}');

const sdkName = (node, member) => `${node.name.text}.${member.name.getText()}`;

function operationId(verb, url) {
  const words = url
    .replace('/v1', '')
    .replace(/\{(\w+)\}/g, '$1')
    .split(/[/_]/);
  const capital = (word) => word && word[0].toUpperCase() + word.slice(1);
  return capital(verb) + words.map(capital).join('');
}
