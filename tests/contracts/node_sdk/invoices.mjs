// Invoices that somebody writes, and the notes that take a part of them back.

export async function write(stripe, customer, holds) {
  const item = await stripe.invoiceItems.create({ customer, amount: 700, currency: 'eur' });
  await stripe.invoiceItems.update(item.id, { amount: 800 });
  await stripe.invoiceItems.retrieve(item.id);
  await stripe.invoiceItems.list({ customer, pending: true });
  const gone = await stripe.invoiceItems.create({ customer, amount: 1, currency: 'eur' });
  await stripe.invoiceItems.del(gone.id);
  const draft = await stripe.invoices.create({
    customer,
    currency: 'eur',
    pending_invoice_items_behavior: 'include',
  });
  await stripe.invoices.update(draft.id, { description: 'Thank you' });
  const { lines } = await stripe.invoices.addLines(draft.id, {
    lines: [{ amount: 100 }, { amount: 200 }],
  });
  const [first, second, third] = lines.data;
  await stripe.invoices.updateLines(draft.id, { lines: [{ id: first.id, amount: 900 }] });
  await stripe.invoices.updateLineItem(draft.id, second.id, { amount: 150 });
  await stripe.invoices.removeLines(draft.id, { lines: [{ id: third.id, behavior: 'delete' }] });
  await stripe.invoices.finalizeInvoice(draft.id);
  await stripe.invoices.sendInvoice(draft.id);
  const paid = await stripe.invoices.pay(draft.id);
  holds('invoices', paid.amount_paid === 1050);
  await stripe.invoices.listLineItems(draft.id);
  await stripe.invoices.search({ query: "status:'paid'" });
  const [payment] = (await stripe.invoicePayments.list({ invoice: draft.id })).data;
  const looked = await stripe.invoicePayments.retrieve(payment.id);
  holds('invoice payments', looked.status === 'paid');
  await giveUp(stripe, customer);
}

async function giveUp(stripe, customer) {
  for (const end of ['voidInvoice', 'markUncollectible']) {
    const lost = await stripe.invoices.create({ customer, currency: 'eur' });
    await stripe.invoices.addLines(lost.id, { lines: [{ amount: 100 }] });
    await stripe.invoices.finalizeInvoice(lost.id);
    await stripe.invoices[end](lost.id);
  }
  await stripe.invoices.del((await stripe.invoices.create({ customer, currency: 'eur' })).id);
  await stripe.invoices.list({ customer });
}

export async function credit(stripe, invoice, customer, holds) {
  const given = { invoice, amount: 200, credit_amount: 200 };
  await stripe.creditNotes.preview(given);
  await stripe.creditNotes.listPreviewLineItems(given);
  const note = await stripe.creditNotes.create(given);
  await stripe.creditNotes.update(note.id, { memo: 'Sorry' });
  await stripe.creditNotes.retrieve(note.id);
  await stripe.creditNotes.listLineItems(note.id);
  await stripe.creditNotes.list({ invoice });
  holds('credit notes', note.post_payment_amount === 200);
  const open = await stripe.invoices.create({ customer, currency: 'eur' });
  await stripe.invoices.addLines(open.id, { lines: [{ amount: 5000 }] });
  await stripe.invoices.finalizeInvoice(open.id);
  const reduced = await stripe.creditNotes.create({ invoice: open.id, amount: 100 });
  await stripe.creditNotes.voidCreditNote(reduced.id);
  const whole = await stripe.invoices.retrieve(open.id);
  holds('voided notes', whole.amount_remaining === whole.amount_due);
}
