// What is sold: products, prices, features, coupons, meters, taxes.

/** Ids of `product`, `pro` (12.00 a month), `big` (30.00 a month) and `feature`. */
export async function sell(stripe) {
  const feature = await stripe.entitlements.features.create({ lookup_key: 'pro', name: 'Pro' });
  await stripe.entitlements.features.update(feature.id, { name: 'Pro pages' });
  await stripe.entitlements.features.retrieve(feature.id);
  await stripe.entitlements.features.list();
  const product = await stripe.products.create({ name: 'Pro' });
  await stripe.products.update(product.id, { description: 'Everything' });
  await stripe.products.retrieve(product.id);
  await stripe.products.list({ active: true });
  await stripe.products.search({ query: "active:'true'" });
  const link = await stripe.products.createFeature(product.id, { entitlement_feature: feature.id });
  await stripe.products.retrieveFeature(product.id, link.id);
  await stripe.products.listFeatures(product.id);
  const mistake = await stripe.products.create({ name: 'A mistake' });
  const wrong = await stripe.products.createFeature(mistake.id, {
    entitlement_feature: feature.id,
  });
  await stripe.products.deleteFeature(mistake.id, wrong.id);
  await stripe.products.del(mistake.id);
  const pro = await monthly(stripe, product.id, 1200);
  await stripe.prices.update(pro, { nickname: 'Monthly', lookup_key: 'pro' });
  await stripe.prices.retrieve(pro, { expand: ['product'] });
  await stripe.prices.list({ lookup_keys: ['pro'] });
  await stripe.prices.search({ query: "lookup_key:'pro'" });
  const big = await monthly(stripe, product.id, 3000);
  return { product: product.id, pro, big, feature: feature.id };
}

async function monthly(stripe, product, amount) {
  const price = await stripe.prices.create({
    product,
    currency: 'eur',
    unit_amount: amount,
    tax_behavior: 'exclusive',
    recurring: { interval: 'month' },
  });
  return price.id;
}

/** The id of a promotion code. */
export async function reduce(stripe, holds) {
  const coupon = await stripe.coupons.create({ percent_off: 25, duration: 'once' });
  await stripe.coupons.update(coupon.id, { name: 'A quarter' });
  await stripe.coupons.retrieve(coupon.id);
  const coupons = await stripe.coupons.list();
  holds('coupons', coupons.data.length === 1);
  await stripe.coupons.del(
    (await stripe.coupons.create({ amount_off: 100, currency: 'eur', duration: 'once' })).id,
  );
  const code = await stripe.promotionCodes.create({
    promotion: { type: 'coupon', coupon: coupon.id },
    code: 'HELLO',
  });
  await stripe.promotionCodes.update(code.id, { metadata: { of: 'spring' } });
  await stripe.promotionCodes.retrieve(code.id);
  await stripe.promotionCodes.list({ code: 'HELLO' });
  return code.id;
}

export async function measure(stripe, goods, customer, holds) {
  const meter = await stripe.billing.meters.create({
    display_name: 'Calls',
    event_name: 'calls',
    default_aggregation: { formula: 'sum' },
  });
  await stripe.billing.meters.update(meter.id, { display_name: 'API calls' });
  await stripe.billing.meters.retrieve(meter.id);
  await stripe.billing.meters.list();
  const metered = await stripe.prices.create({
    product: goods.product,
    currency: 'eur',
    unit_amount: 2,
    tax_behavior: 'exclusive',
    recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
  });
  const subscription = await stripe.subscriptions.create({
    customer,
    items: [{ price: metered.id }],
  });
  for (const [value, identifier] of [
    ['21', 'right'],
    ['99', 'wrong'],
  ]) {
    await stripe.billing.meterEvents.create({
      event_name: 'calls',
      payload: { stripe_customer_id: customer, value },
      identifier,
    });
  }
  await stripe.billing.meterEventAdjustments.create({
    event_name: 'calls',
    type: 'cancel',
    cancel: { identifier: 'wrong' },
  });
  const day = subscription.created - (subscription.created % 86400);
  const sums = await stripe.billing.meters.listEventSummaries(meter.id, {
    customer,
    start_time: day,
    end_time: day + 86400,
  });
  holds('meters', sums.data[0].aggregated_value === 21);
  const due = await stripe.invoices.createPreview({ subscription: subscription.id });
  holds('metered prices', due.total === 42);
  await stripe.subscriptions.cancel(subscription.id);
  await stripe.billing.meters.deactivate(meter.id);
  await stripe.billing.meters.reactivate(meter.id);
}

export async function tax(stripe, goods, holds) {
  const vat = await stripe.taxRates.create({
    display_name: 'VAT',
    percentage: 19,
    inclusive: false,
  });
  await stripe.taxRates.update(vat.id, { description: 'Germany' });
  await stripe.taxRates.retrieve(vat.id);
  await stripe.taxRates.list({ active: true });
  const items = [{ price: goods.pro }];
  const byHand = await stripe.invoices.createPreview({
    subscription_details: { items, default_tax_rates: [vat.id] },
  });
  holds('tax rates', byHand.total === 1428);
  await stripe.tax.settings.update({ head_office: { address: { country: 'DE' } } });
  holds('tax settings', (await stripe.tax.settings.retrieve()).status === 'active');
  const registration = await stripe.tax.registrations.create({
    country: 'DE',
    active_from: 'now',
    country_options: { de: { type: 'standard' } },
  });
  await stripe.tax.registrations.retrieve(registration.id);
  await stripe.tax.registrations.list({ status: 'active' });
  const worked = await stripe.invoices.createPreview({
    subscription_details: { items },
    customer_details: { address: { country: 'DE' } },
    automatic_tax: { enabled: true },
  });
  holds('automatic tax', worked.total === 1428);
  await stripe.tax.registrations.update(registration.id, { expires_at: 'now' });
}
