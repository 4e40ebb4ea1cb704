// Derives an OpenAPI document in the shape of Stripe's own spec3.json from the TypeScript
// declarations and method bodies of the official `stripe` npm package.
//
//   node derive/main.mjs OUT.json
//
// Kept from the types: paths and verbs, request parameters (names, nesting, enums, required),
// response objects (names, enums, required or optional, nullable, expandable ids), list
// envelopes, and the map from webhook event type to object (`x-stripeEvents`).
// The types do not tell integer from decimal, lengths or patterns, so they are not here.
// `x-stripeBypassValidation` marks an open enum: the SDK says that Stripe may add values.
import fs from 'node:fs';
import path from 'node:path';

import { eventsOf } from './events.mjs';
import { operationsOf } from './operations.mjs';
import { openPackage } from './package.mjs';
import { errorSchema, Schemas } from './schemas.mjs';

const [out] = process.argv.slice(2);
const pkg = openPackage();
const schemas = new Schemas(pkg);
const paths = operationsOf(pkg, schemas);
const events = eventsOf(pkg, schemas);
schemas.byName.error = errorSchema();

const doc = {
  openapi: '3.0.0',
  info: {
    title: `Stripe API (derived from stripe npm ${pkg.version} types)`,
    version: pkg.apiVersion,
  },
  servers: [{ url: 'https://api.stripe.com/' }],
  paths,
  components: {
    schemas: reachable(schemas.byName, [paths, events]),
    securitySchemes: { bearerAuth: { type: 'http', scheme: 'bearer' } },
  },
  'x-stripeEvents': events,
};
// Renamed into place, so that a reader never meets half a document.
const partial = `${out}.${process.pid}.partial`;
fs.mkdirSync(path.dirname(out), { recursive: true });
fs.writeFileSync(partial, JSON.stringify(doc));
fs.renameSync(partial, out);
const count = (o) => Object.keys(o).length;
console.log(`${pkg.apiVersion}: ${count(paths)} paths, ${count(events)} event types`);

/** Parameters are inlined, so some schemas have nothing left that points at them. */
function reachable(byName, roots) {
  const seen = new Set(['error']);
  const visit = (value) => {
    if (value === null || typeof value !== 'object') return;
    for (const [key, inner] of Object.entries(value)) {
      if (key !== '$ref') visit(inner);
      else if (typeof inner === 'string') follow(inner.split('/').pop());
    }
  };
  const follow = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    visit(byName[name]);
  };
  roots.forEach(visit);
  return Object.fromEntries(Object.entries(byName).filter(([name]) => seen.has(name)));
}
