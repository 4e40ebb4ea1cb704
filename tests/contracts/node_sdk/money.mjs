// Money: payments, what is held, given back and disputed, and the balance.

export async function pay(stripe, holds) {
  const intent = await stripe.paymentIntents.create({ amount: 2000, currency: 'eur' });
  await stripe.paymentIntents.update(intent.id, { metadata: { order: '1' } });
  await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' });
  const paid = await stripe.paymentIntents.retrieve(intent.id);
  holds('payment intents', paid.status === 'succeeded');
  await stripe.paymentIntents.list();
  await stripe.paymentIntents.search({ query: "status:'succeeded'" });
  await hold(stripe);
  await stripe.charges.update(paid.latest_charge, { description: 'Order 1' });
  await stripe.charges.retrieve(paid.latest_charge);
  await stripe.charges.search({ query: 'amount>1' });
  const made = await stripe.charges.list({ payment_intent: intent.id });
  holds('charges', made.data.length === 1);
  await giveBack(stripe, paid.latest_charge, holds);
}

async function hold(stripe) {
  for (const end of ['capture', 'cancel']) {
    const held = await stripe.paymentIntents.create({
      amount: 3000,
      currency: 'eur',
      capture_method: 'manual',
      payment_method: 'pm_card_visa',
      confirm: end === 'capture',
    });
    await stripe.paymentIntents[end](held.id);
  }
}

async function giveBack(stripe, charge, holds) {
  const refund = await stripe.refunds.create({ charge, amount: 500 });
  await stripe.refunds.update(refund.id, { metadata: { ticket: '1' } });
  await stripe.refunds.retrieve(refund.id);
  await stripe.refunds.list({ charge });
  holds('refunds', refund.status === 'succeeded');
  await stripe.refunds.cancel(refund.id).catch((error) => {
    holds('refusals', error.statusCode === 400);
  });
}

export async function dispute(stripe, holds) {
  const disputed = await stripe.paymentIntents.create({
    amount: 2000,
    currency: 'eur',
    payment_method: 'pm_card_createDispute',
    confirm: true,
  });
  const [one] = (await stripe.disputes.list({ payment_intent: disputed.id })).data;
  await stripe.disputes.update(one.id, { metadata: { case: '7' } });
  await stripe.disputes.retrieve(one.id);
  holds('disputes', (await stripe.disputes.close(one.id)).status === 'lost');
  holds('balance', (await stripe.balance.retrieve()).pending[0].amount > 0);
  const [moved] = (await stripe.balanceTransactions.list()).data;
  await stripe.balanceTransactions.retrieve(moved.id);
}

export async function beDeclined(stripe, holds) {
  const { errors } = stripe.constructor;
  try {
    await stripe.paymentIntents.create({
      amount: 2000,
      currency: 'eur',
      payment_method: 'pm_card_chargeDeclined',
      confirm: true,
    });
  } catch (error) {
    holds('errors', error instanceof errors.StripeCardError && error.code === 'card_declined');
  }
}
