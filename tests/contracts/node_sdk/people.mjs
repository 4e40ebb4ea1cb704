// Customers: their cards, tax ids and balances, and those who live on a clock of their own.

/** The id of a customer with a card that works. */
export async function meet(stripe, holds) {
  const customer = await stripe.customers.create({
    email: 'ada@example.test',
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  });
  await stripe.customers.update(customer.id, { name: 'Ada Lovelace' });
  await stripe.customers.retrieve(customer.id, { expand: ['tax'] });
  await stripe.customers.list({ email: 'ada@example.test' });
  const found = await stripe.customers.search({ query: "email:'ada@example.test'" });
  holds('customers', found.data[0].id === customer.id);
  await stripe.customers.del((await stripe.customers.create()).id);
  return customer.id;
}

export async function keepCards(stripe, customer, holds) {
  const card = await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } });
  await stripe.paymentMethods.attach(card.id, { customer });
  await stripe.paymentMethods.update(card.id, { metadata: { of: 'Ada' } });
  await stripe.paymentMethods.retrieve(card.id);
  await stripe.paymentMethods.list({ customer, type: 'card' });
  await stripe.customers.retrievePaymentMethod(customer, card.id);
  const kept = await stripe.customers.listPaymentMethods(customer);
  holds('payment methods', kept.data[0].card.last4 === '4242');
  await stripe.paymentMethods.detach(card.id);
  const setup = await stripe.setupIntents.create({ customer });
  await stripe.setupIntents.update(setup.id, { metadata: { for: 'later' } });
  await stripe.setupIntents.confirm(setup.id, { payment_method: 'pm_card_visa' });
  const done = await stripe.setupIntents.retrieve(setup.id);
  holds('setup intents', done.status === 'succeeded');
  await stripe.setupIntents.list({ customer });
  await stripe.setupAttempts.list({ setup_intent: setup.id });
  await stripe.setupIntents.cancel((await stripe.setupIntents.create()).id);
}

export async function keepDetails(stripe, customer, holds) {
  const number = { type: 'eu_vat', value: 'DE123456789' };
  const own = await stripe.customers.createTaxId(customer, number);
  await stripe.customers.retrieveTaxId(customer, own.id);
  await stripe.customers.listTaxIds(customer);
  await stripe.customers.deleteTaxId(customer, own.id);
  const owner = { type: 'customer', customer };
  const other = await stripe.taxIds.create({ ...number, owner });
  await stripe.taxIds.retrieve(other.id);
  holds('tax ids', (await stripe.taxIds.list({ owner })).data.length === 1);
  await stripe.taxIds.del(other.id);
  const given = await stripe.customers.createBalanceTransaction(customer, {
    amount: -500,
    currency: 'eur',
  });
  await stripe.customers.updateBalanceTransaction(customer, given.id, { description: 'Sorry' });
  await stripe.customers.retrieveBalanceTransaction(customer, given.id);
  await stripe.customers.listBalanceTransactions(customer);
  holds('balances', (await stripe.customers.retrieve(customer)).balance === -500);
  await stripe.customers.update(customer, { balance: 0 });
}

export async function liveOnAClock(stripe, holds) {
  const clocks = stripe.testHelpers.testClocks;
  const clock = await clocks.create({ frozen_time: 1_900_000_000 });
  await clocks.advance(clock.id, { frozen_time: 1_900_086_400 });
  holds('test clocks', (await clocks.retrieve(clock.id)).status === 'ready');
  await clocks.list();
  await clocks.del(clock.id);
}
