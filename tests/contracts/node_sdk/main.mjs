// The official Node SDK against a simulator: node main.mjs http://127.0.0.1:PORT
import Stripe from 'stripe';

import { plan, subscribe } from './billing.mjs';
import { measure, reduce, sell, tax } from './goods.mjs';
import { credit, write } from './invoices.mjs';
import { beDeclined, dispute, pay } from './money.mjs';
import { listen, open } from './pages.mjs';
import { keepCards, keepDetails, liveOnAClock, meet } from './people.mjs';

const url = new URL(process.argv[2]);
const stripe = new Stripe('sk_test_node', {
  host: url.hostname,
  port: url.port,
  protocol: 'http',
  telemetry: false,
});
const done = [];

function holds(name, truth) {
  if (!truth) throw new Error(`${name} does not hold`);
  done.push(name);
}

const goods = await sell(stripe);
const customer = await meet(stripe, holds);
await keepCards(stripe, customer, holds);
await keepDetails(stripe, customer, holds);
const code = await reduce(stripe, holds);
const invoice = await subscribe(stripe, goods, customer, code, holds);
await credit(stripe, invoice, customer, holds);
await stripe.customers.update(customer, { balance: 0 });
await write(stripe, customer, holds);
await plan(stripe, goods, customer, holds);
await measure(stripe, goods, customer, holds);
await tax(stripe, goods, holds);
await liveOnAClock(stripe, holds);
await pay(stripe, holds);
await dispute(stripe, holds);
await beDeclined(stripe, holds);
await open(stripe, goods, customer, holds);
await listen(stripe, holds);
console.log(done.join(', '));
