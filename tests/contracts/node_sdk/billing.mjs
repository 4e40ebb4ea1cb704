// Subscriptions and schedules: changed, paused, planned, ended.

/** The id of a subscription's invoice that was paid. */
export async function subscribe(stripe, goods, customer, code, holds) {
  const subscription = await stripe.subscriptions.create({
    customer,
    items: [{ price: goods.pro }],
    discounts: [{ promotion_code: code }],
    expand: ['latest_invoice.payments.data'],
  });
  const invoice = subscription.latest_invoice;
  holds('expanding', invoice.payments.data[0].status === 'paid');
  const [item] = subscription.items.data;
  await stripe.subscriptions.update(subscription.id, {
    items: [{ id: item.id, price: goods.big }],
    proration_behavior: 'always_invoice',
    discounts: [],
  });
  await stripe.subscriptions.retrieve(subscription.id);
  await stripe.subscriptions.list({ customer });
  holds('subscriptions', (await stripe.subscriptions.search({ query: 'created>0' })).data.length);
  await entitle(stripe, customer, holds);
  await changeItems(stripe, goods, subscription.id, holds);
  await stripe.subscriptions.pause(subscription.id, { type: 'subscription' });
  const resumed = await stripe.subscriptions.resume(subscription.id);
  holds('pausing', resumed.status === 'active');
  const coupon = await stripe.coupons.create({ percent_off: 10, duration: 'forever' });
  await stripe.subscriptions.update(subscription.id, { discounts: [{ coupon: coupon.id }] });
  await stripe.subscriptions.deleteDiscount(subscription.id);
  await stripe.subscriptions.cancel(subscription.id);
  return invoice.id;
}

async function entitle(stripe, customer, holds) {
  const [held] = (await stripe.entitlements.activeEntitlements.list({ customer })).data;
  await stripe.entitlements.activeEntitlements.retrieve(held.id);
  holds('entitlements', held.lookup_key === 'pro');
}

async function changeItems(stripe, goods, subscription, holds) {
  const added = await stripe.subscriptionItems.create({ subscription, price: goods.pro });
  await stripe.subscriptionItems.update(added.id, { quantity: 2 });
  await stripe.subscriptionItems.retrieve(added.id);
  const items = await stripe.subscriptionItems.list({ subscription });
  holds('subscription items', items.data.length === 2);
  await stripe.subscriptionItems.del(added.id);
}

export async function plan(stripe, goods, customer, holds) {
  const phases = [{ items: [{ price: goods.pro }] }];
  const schedule = await stripe.subscriptionSchedules.create({ customer, phases });
  await stripe.subscriptionSchedules.update(schedule.id, { metadata: { of: 'Ada' } });
  await stripe.subscriptionSchedules.retrieve(schedule.id);
  await stripe.subscriptionSchedules.list({ customer });
  const released = await stripe.subscriptionSchedules.release(schedule.id);
  holds('schedules', released.status === 'released');
  await stripe.subscriptions.cancel(released.released_subscription);
  const other = await stripe.subscriptionSchedules.create({ customer, phases });
  await stripe.subscriptionSchedules.cancel(other.id);
}
