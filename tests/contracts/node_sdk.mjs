// The official Node SDK against a simulator: node node_sdk.mjs http://127.0.0.1:PORT
import Stripe from 'stripe'

const url = new URL(process.argv[2])
const stripe = new Stripe('sk_test_node', {
  host: url.hostname,
  port: url.port,
  protocol: 'http',
  telemetry: false,
})
const done = []

function holds(name, truth) {
  if (!truth) throw new Error(`${name} does not hold`)
  done.push(name)
}

const product = await stripe.products.create({ name: 'Pro' })
const price = await stripe.prices.create({
  product: product.id,
  currency: 'eur',
  unit_amount: 1200,
  recurring: { interval: 'month' },
})
const customer = await stripe.customers.create({
  email: 'ada@example.test',
  payment_method: 'pm_card_visa',
})
const [card] = (await stripe.customers.listPaymentMethods(customer.id)).data
holds('payment methods', card.card.last4 === '4242')

const subscription = await stripe.subscriptions.create({
  customer: customer.id,
  items: [{ price: price.id }],
  default_payment_method: card.id,
  expand: ['latest_invoice.payments'],
})
holds('subscriptions', subscription.status === 'active')
holds('expanding', subscription.latest_invoice.payments.data[0].status === 'paid')
const changed = await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })
holds('updating', changed.cancel_at_period_end)

const intent = await stripe.paymentIntents.create({
  amount: 2000,
  currency: 'eur',
  payment_method: 'pm_card_visa',
  confirm: true,
})
const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 500 })
holds('refunds', refund.status === 'succeeded')
const note = await stripe.creditNotes.create({
  invoice: subscription.latest_invoice.id,
  amount: 200,
  credit_amount: 200,
})
holds('credit notes', note.post_payment_amount === 200)
const setup = await stripe.setupIntents.create({ payment_method: 'pm_card_visa', confirm: true })
holds('setup intents', setup.status === 'succeeded')
const balance = await stripe.balance.retrieve()
holds('balance', balance.pending[0].amount > 0)

const session = await stripe.checkout.sessions.create({
  mode: 'subscription',
  line_items: [{ price: price.id, quantity: 1 }],
  success_url: 'https://app.example/back',
})
holds('checkout', session.url.includes(session.id))
const portal = await stripe.billingPortal.sessions.create({ customer: customer.id })
holds('portal', portal.url.includes('/p/session/'))
const found = await stripe.customers.search({ query: "email:'ada@example.test'" })
holds('search', found.data[0].id === customer.id)

const meter = await stripe.billing.meters.create({
  display_name: 'Calls',
  event_name: 'calls',
  default_aggregation: { formula: 'sum' },
})
const metered = await stripe.prices.create({
  product: product.id,
  currency: 'eur',
  unit_amount: 2,
  recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
})
const measured = await stripe.subscriptions.create({
  customer: customer.id,
  items: [{ price: metered.id }],
})
await stripe.billing.meterEvents.create({
  event_name: 'calls',
  payload: { stripe_customer_id: customer.id, value: '21' },
})
const due = await stripe.invoices.createPreview({ subscription: measured.id })
holds('metered prices', due.total === 42)
const tiered = await stripe.prices.create({
  product: product.id,
  currency: 'eur',
  recurring: { interval: 'month' },
  billing_scheme: 'tiered',
  tiers_mode: 'graduated',
  tiers: [
    { up_to: 5, unit_amount: 700 },
    { up_to: 'inf', unit_amount: 650 },
  ],
  expand: ['tiers'],
})
holds('tiers', tiered.tiers.length === 2)
const vat = await stripe.taxRates.create({
  display_name: 'VAT',
  percentage: 19,
  inclusive: false,
})
const taxed = await stripe.invoices.createPreview({
  customer: customer.id,
  subscription_details: {
    items: [{ price: tiered.id, quantity: 6 }],
    default_tax_rates: [vat.id],
  },
})
holds('taxes', taxed.total === 4150 + 789)
const sold = await stripe.subscriptions.search({ query: "status:'active'" })
holds('searching subscriptions', sold.data.length === 2)

const clock = await stripe.testHelpers.testClocks.create({ frozen_time: 1800000000 })
await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: 1800086400 })
const ready = await stripe.testHelpers.testClocks.retrieve(clock.id)
holds('test clocks', ready.status === 'ready')

let pages = 0
for await (const event of stripe.events.list({ limit: 10 })) pages += event.object === 'event'
holds('auto-pagination', pages > 20)
try {
  await stripe.paymentIntents.create({
    amount: 2000,
    currency: 'eur',
    payment_method: 'pm_card_chargeDeclined',
    confirm: true,
  })
} catch (error) {
  holds('errors', error instanceof Stripe.errors.StripeCardError && error.code === 'card_declined')
}
console.log(done.join(', '))
