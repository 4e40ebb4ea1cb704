// Hosted pages, and who is told: Checkout, the portal, endpoints, events, the account.

export async function open(stripe, goods, customer, holds) {
  const wanted = {
    mode: 'subscription',
    line_items: [{ price: goods.pro, quantity: 1 }],
    success_url: 'https://app.example/back',
  };
  const session = await stripe.checkout.sessions.create(wanted);
  await stripe.checkout.sessions.update(session.id, { metadata: { of: 'Ada' } });
  await stripe.checkout.sessions.retrieve(session.id);
  await stripe.checkout.sessions.list({ status: 'open' });
  await stripe.checkout.sessions.listLineItems(session.id);
  const left = await stripe.checkout.sessions.expire(session.id);
  holds('checkout', left.status === 'expired');
  const configuration = await stripe.billingPortal.configurations.create({
    features: { invoice_history: { enabled: true } },
  });
  await stripe.billingPortal.configurations.update(configuration.id, { active: true });
  await stripe.billingPortal.configurations.retrieve(configuration.id);
  await stripe.billingPortal.configurations.list();
  const portal = await stripe.billingPortal.sessions.create({
    customer,
    configuration: configuration.id,
  });
  holds('portal', portal.url.includes('/p/session/'));
}

export async function listen(stripe, holds) {
  const endpoint = await stripe.webhookEndpoints.create({
    url: 'http://127.0.0.1:1/never',
    enabled_events: ['customer.deleted'],
  });
  await stripe.webhookEndpoints.update(endpoint.id, { description: 'A listener' });
  await stripe.webhookEndpoints.retrieve(endpoint.id);
  await stripe.webhookEndpoints.list();
  await stripe.webhookEndpoints.del(endpoint.id);
  holds('the account', (await stripe.accounts.retrieveCurrent()).object === 'account');
  let seen = 0;
  let last;
  for await (const event of stripe.events.list({ limit: 10, created: { gte: 0 } })) {
    seen += 1;
    last = event.id;
  }
  holds('auto-pagination', seen > 100);
  await stripe.events.retrieve(last);
}
